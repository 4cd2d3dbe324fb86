"""Which organizations are due for a review, and what has changed in each since the last one."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from app.core.errors import NotFound
from tenants import current, visibility

MOST = 200

STRENGTH = "array_position(array['mask', 'read', 'edit'], {0}.value)"
WIDENED = f"""
    recursive chain as (
        select p.id as profile_id, p.id as source_id from profiles p where p.tenant_id = :tenant
        union
        select c.profile_id, x.parent_id from chain c
          join profile_parents x on x.tenant_id = :tenant and x.profile_id = c.source_id),
    changed as (
        select a.record_id as profile_id, max(a.at) as at from audit a
         where a.tenant_id = :tenant and a.act = 'profile.changed' and a.record = 'profile'
           and (exists (select 1 from jsonb_each_text(a.after -> 'rules') n
                          left join jsonb_each_text(a.before -> 'rules') o on o.key = n.key
                         where o.key is null or {STRENGTH.format("n")} > {STRENGTH.format("o")})
                or not (a.before -> 'inherits' @> (a.after -> 'inherits')))
         group by a.record_id),
    widened as (
        select c.profile_id, max(w.at) as at
          from chain c join changed w on w.profile_id = c.source_id group by c.profile_id)"""
"""Profiles that came to grant more, themselves or by what they inherit, and when last."""
DIFFERS = """
    (exists (select 1 from audit a
              where a.tenant_id = :tenant and a.record = 'membership' and a.record_id = m.id
                and a.act = 'membership.changed' and a.at > {since}
                and (jsonb_exists(a.after, 'profile') or jsonb_exists(a.after, 'objects')))
     or exists (select 1 from widened w where w.profile_id = m.profile_id and w.at > {since}))"""
"""Whether a member's profile or objects were changed since, or his profile grants more."""
LATEST = """
    left join lateral (
        select r.created_at, r.reviewer_id, r.kept, r.ended from organization_reviews r
         where r.tenant_id = :tenant and r.organization_id = o.id and {which}
         order by r.created_at desc limit 1) {alias} on true"""
DUE = f"""
    with {WIDENED}
    select o.id, o.name, x.created_at as reviewed_at, reviewer.name as reviewer, by_client.created_at as client_reviewed_at,
           x.since, x.since + make_interval(months => :months) as due_at,
           count(m.id) as members, count(m.id) filter (where m.created_at > x.since) as added,
           count(m.id) filter (where m.created_at <= x.since and {DIFFERS.format(since="x.since")}) as differing
      from (select o.id, o.name, last.created_at, last.reviewer_id, coalesce(last.created_at, o.created_at) as since
              from organizations o {LATEST.format(which="not r.by_client", alias="last")}
             where o.tenant_id = :tenant and (o.ends_on is null or o.ends_on >= :today)
               and (:is_all or coalesce(last.created_at, o.created_at) + make_interval(months => :months) <= now())
             order by coalesce(last.created_at, o.created_at), o.id limit :most) x
      join organizations o on o.tenant_id = :tenant and o.id = x.id
      {LATEST.format(which="r.by_client", alias="by_client")}
      left join users reviewer on reviewer.tenant_id = :tenant and reviewer.id = x.reviewer_id
      left join memberships m on m.tenant_id = :tenant and m.organization_id = x.id
       and (m.ends_on is null or m.ends_on >= :today)
     group by o.id, o.name, x.created_at, reviewer.name, by_client.created_at, x.since
     order by x.since, o.id"""
DIFFERING = f"""
    with {WIDENED}
    select m.id from memberships m
     where m.tenant_id = :tenant and m.organization_id = :id and {DIFFERS.format(since="cast(:since as timestamptz)")}"""
LAST = """
    select o.created_at as made_at, r.created_at, u.name, r.kept, r.ended
      from organizations o
      left join lateral (
          select * from organization_reviews r
           where r.tenant_id = :tenant and r.organization_id = o.id and r.by_client = :by_client
           order by r.created_at desc limit 1) r on true
      left join users u on u.tenant_id = :tenant and u.id = r.reviewer_id
     where o.tenant_id = :tenant and o.id = :id"""
MONTHS = "select review_months from tenants where tenant_id = :tenant"


class Last(NamedTuple):
    """The last review, if there was one; and since when changes count."""

    reviewed_at: datetime.datetime | None
    by: str | None
    since: datetime.datetime


def months(connection: Connection) -> int:
    """How long a review holds; 0 for ever."""
    return connection.execute(text(MONTHS), {"tenant": current.tenant_id()}).scalar_one()


def due(connection: Connection, *, is_all: bool = False) -> list[Row[Any]]:
    """Organizations whose review is due, longest first; or all that are not over."""
    holds = months(connection)
    if not holds and not is_all:
        return []
    values = {
        "tenant": current.tenant_id(), "today": visibility.today(), "months": holds, "is_all": is_all, "most": MOST,
    }  # fmt: skip
    return list(connection.execute(text(DUE), values))


def last_of(connection: Connection, organization_id: uuid.UUID, by_client: bool) -> Last:
    values = {"tenant": current.tenant_id(), "id": organization_id, "by_client": by_client}
    row = connection.execute(text(LAST), values).one_or_none()
    if row is None:
        raise NotFound
    return Last(row.created_at, row.name, row.created_at or row.made_at)


def differing(connection: Connection, organization_id: uuid.UUID, since: datetime.datetime) -> set[uuid.UUID]:
    """Members whose rights are other than they were, or more."""
    values = {"tenant": current.tenant_id(), "id": organization_id, "since": since}
    return set(connection.execute(text(DIFFERING), values).scalars())
