"""What the desk reads of general messages: the list, one of them, and who has read it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.users.standing import runs
from app.core.errors import NotFound
from app.core.text import folded
from tenants import current, visibility

PAGE = 50
MOST_READERS = 500
MOST_FOUND = 50

PEOPLE = f"""
    people as materialized (
        select m.user_id, m.organization_id
          from memberships m
          join users u on u.tenant_id = :tenant and u.id = m.user_id and u.is_active and not u.is_staff
          join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
         where m.tenant_id = :tenant and {runs("m")} and {runs("o")})"""
"""Everybody a message may be for: clients whose access runs today, once for each of their organizations."""
IS_FOR = """
    (a.is_for_all or p.organization_id in (
        select x.organization_id from announcement_organizations x
         where x.tenant_id = :tenant and x.announcement_id = a.id))"""
LIST = f"""
    with {PEOPLE}
    select a.id, a.words, a.tone, a.starts_on, a.ends_on, a.is_for_all, t.reached, t.have_read,
           (select count(*) from announcement_organizations x
             where x.tenant_id = :tenant and x.announcement_id = a.id) as organizations
      from announcements a
      cross join lateral (
          select count(distinct p.user_id) as reached, count(distinct r.user_id) as have_read
            from people p
            left join announcement_receipts r
              on r.tenant_id = :tenant and r.announcement_id = a.id and r.user_id = p.user_id
           where {IS_FOR}) t
     where a.tenant_id = :tenant
     order by coalesce(a.ends_on, 'infinity') < :today, a.starts_on desc, a.id desc
     limit :most offset :start"""
ONE = """
    select a.id, a.words, a.tone, a.starts_on, a.ends_on, a.is_for_all, a.changed_at,
           array(select cast(x.organization_id as text) from announcement_organizations x
                  where x.tenant_id = :tenant and x.announcement_id = a.id) as organizations
      from announcements a where a.tenant_id = :tenant and a.id = :id"""
READERS = f"""
    with {PEOPLE}
    select u.name, u.email, string_agg(o.name, ', ' order by o.name) as organizations, r.read_at,
           count(*) over () as reached, count(r.read_at) over () as have_read
      from announcements a
      join people p on {IS_FOR}
      join users u on u.tenant_id = :tenant and u.id = p.user_id
      join organizations o on o.tenant_id = :tenant and o.id = p.organization_id
      left join announcement_receipts r
        on r.tenant_id = :tenant and r.announcement_id = a.id and r.user_id = u.id
     where a.tenant_id = :tenant and a.id = :id
     group by u.id, u.name, u.email, r.read_at
     order by r.read_at desc nulls last, folded(u.name), u.id limit :most"""
ORGANIZATIONS = """
    select cast(o.id as text) as id, o.name from organizations o
     where o.tenant_id = :tenant
       and (cast(o.id as text) = any(cast(:chosen as text[])) or strpos(folded(o.name), :letters) > 0)
     order by not cast(o.id as text) = any(cast(:chosen as text[])), folded(o.name), o.id limit :most"""


def state_of(starts_on: datetime.date, ends_on: datetime.date | None, today: datetime.date) -> str:
    if ends_on and ends_on < today:
        return "ended"
    return "planned" if starts_on > today else "current"


def announcements(connection: Connection, page: int) -> tuple[list[Row[Any]], bool]:
    """A page of them, what is over last; and whether there are more."""
    found = _rows(connection, LIST, most=PAGE + 1, start=(page - 1) * PAGE, today=visibility.today()).all()
    return found[:PAGE], len(found) > PAGE


def announcement(connection: Connection, announcement_id: uuid.UUID) -> Row[Any]:
    found: Row[Any] | None = _rows(connection, ONE, id=announcement_id).one_or_none()
    if found is None:
        raise NotFound
    return found


def readers(connection: Connection, announcement_id: uuid.UUID) -> list[Row[Any]]:
    """Everybody the message is for now, those who have read it first."""
    return list(_rows(connection, READERS, id=announcement_id, today=visibility.today(), most=MOST_READERS))


def organizations(connection: Connection, chosen: Iterable[str], letters: str) -> list[tuple[str, str]]:
    """Those chosen, and others whose name holds the letters; a broker of few sees all of his."""
    chosen = list(chosen)
    found = _rows(
        connection,
        ORGANIZATIONS,
        chosen=chosen,
        letters=folded(letters),
        most=len(chosen) + MOST_FOUND,
    )
    return [(row.id, row.name) for row in found]


def _rows(connection: Connection, query: str, **values: Any) -> Any:
    return connection.execute(text(query), {"tenant": current.tenant_id(), **values})
