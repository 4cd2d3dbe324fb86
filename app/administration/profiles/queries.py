"""Which profiles there are, who has them, and who changed one last."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from app.core.errors import NotFound
from tenants import current

HOLDERS = """
    select m.profile_id, m.user_id, m.organization_id, m.ends_on from memberships m where m.tenant_id = :tenant
    union all
    select u.profile_id, u.id, null, null from users u
     where u.tenant_id = :tenant and u.is_staff and u.profile_id is not null"""
"""Everybody who has a profile: clients as members of an organization, staff by themselves."""
MEMBERS_ON_A_PAGE = 50


class Head(NamedTuple):
    id: uuid.UUID
    key: str
    name: str
    is_staff: bool
    version: int
    people: int
    organizations: int


class LastChange(NamedTuple):
    by: str | None
    at: datetime.datetime


def heads(connection: Connection) -> list[Head]:
    """Every profile of the broker by name, with how many have it."""
    rows = _ask(
        connection,
        f"""select p.id, p.key, p.name, p.is_staff, p.version,
                   count(distinct h.user_id) as people, count(distinct h.organization_id) as organizations
              from profiles p left join ({HOLDERS}) h on h.profile_id = p.id
             where p.tenant_id = :tenant group by p.id, p.key, p.name, p.is_staff, p.version
             order by p.is_staff, folded(p.name), p.key""",
    )
    return [Head(*row) for row in rows]


def head(found: list[Head], profile_id: uuid.UUID) -> Head:
    for one in found:
        if one.id == profile_id:
            return one
    raise NotFound


def holders_by_organization(connection: Connection) -> dict[str, list[tuple[str | None, int]]]:
    """By profile's key: each organization's name, None for the staff, and how many there have the profile."""
    found: dict[str, list[tuple[str | None, int]]] = {}
    for key, name, people in _ask(
        connection,
        f"""select p.key, o.name, count(*) from ({HOLDERS}) h
              join profiles p on p.tenant_id = :tenant and p.id = h.profile_id
              left join organizations o on o.tenant_id = :tenant and o.id = h.organization_id
             group by p.key, o.id, o.name order by folded(o.name), o.id""",
    ):
        found.setdefault(key, []).append((name, people))
    return found


class Members(NamedTuple):
    rows: list[Any]
    total: int


def members(connection: Connection, profile_id: uuid.UUID, page: int) -> Members:
    """One page of those who have a profile, by organization and name, and how many there are in all."""
    rows = _ask(
        connection,
        f"""select u.name, u.email, u.is_active, o.name as organization, h.ends_on, count(*) over () as total
              from ({HOLDERS}) h
              join users u on u.tenant_id = :tenant and u.id = h.user_id
              left join organizations o on o.tenant_id = :tenant and o.id = h.organization_id
             where h.profile_id = :profile order by folded(o.name), o.id, folded(u.name), u.id
             limit :size offset :start""",
        profile=profile_id,
        size=MEMBERS_ON_A_PAGE,
        start=(page - 1) * MEMBERS_ON_A_PAGE,
    ).all()
    return Members(rows, rows[0].total if rows else 0)


def last_change(connection: Connection, profile_id: uuid.UUID) -> LastChange | None:
    row = _ask(
        connection,
        """select u.name, a.at from audit a left join users u on u.tenant_id = :tenant and u.id = a.actor_id
            where a.tenant_id = :tenant and a.record = 'profile' and a.record_id = :profile
            order by a.id desc limit 1""",
        profile=profile_id,
    ).one_or_none()
    return LastChange(*row) if row else None


def _ask(connection: Connection, statement: str, **values: Any) -> Any:
    return connection.execute(text(statement), {"tenant": current.tenant_id(), **values})
