"""Access that ends soon: of whole organizations and of single members; giving it for longer, and ending it at once."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from app.administration import config
from app.administration.config.state import Item, read_members, read_organization
from app.administration.members import changing
from app.core.errors import NotFound
from tenants import current, visibility

MOST = 200
"""Of each kind on the page."""

ORGANIZATIONS = """
    select o.id, o.key, o.name, o.ends_on,
           (select count(*) from memberships m where m.tenant_id = :tenant and m.organization_id = o.id
               and (m.ends_on is null or m.ends_on >= :today)) as members
      from organizations o
     where o.tenant_id = :tenant and o.ends_on between :today and :until {only}
     order by o.ends_on, folded(o.name), o.id limit :most"""
MEMBERS = """
    select m.id, m.organization_id, o.key, o.name as organization, u.name, u.email, p.name as profile, m.ends_on
      from memberships m
      join organizations o
        on o.tenant_id = :tenant and o.id = m.organization_id and (o.ends_on is null or o.ends_on >= :today)
      join users u on u.tenant_id = :tenant and u.id = m.user_id and u.is_active
      join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
     where m.tenant_id = :tenant and m.ends_on between :today and :until {only}
     order by m.ends_on, folded(u.name), m.id limit :most"""


class Endings(NamedTuple):
    organizations: list[Row[Any]]
    members: list[Row[Any]]


def endings(
    connection: Connection, days: int, *, most: int = MOST, announced_on: datetime.date | None = None
) -> Endings:
    """What ends today or within so many days, the first first; or of that, what mails tell of on a day."""
    today = visibility.today()
    values = {
        "tenant": current.tenant_id(),
        "today": today,
        "until": today + datetime.timedelta(days=days),
        "most": most,
        "on": announced_on,
    }

    def found(query: str, alias: str) -> list[Row[Any]]:
        only = f"and {alias}.announced_on = :on and {alias}.announced_ends_on = {alias}.ends_on"
        return list(connection.execute(text(query.format(only=only if announced_on else "")), values))

    return Endings(found(ORGANIZATIONS, "o"), found(MEMBERS, "m"))


def a_year_on(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def settle_organization(
    connection: Connection, organization_id: uuid.UUID, seen: str, is_longer: bool, actor_id: uuid.UUID
) -> bool:
    """Give it a year more, or end it. Nothing happens where the day is no longer the one that was seen."""
    visibility.lock(connection)
    key = _key(connection, organization_id)
    now = read_organization(connection, key)
    if now["ends_on"] != seen:
        return False
    entry = {
        word: value for word, value in _settled(now, is_longer).items() if word in ("starts_on", "ends_on")
    }
    config.apply(connection, {"organizations": [{"key": key, **entry}]}, actor_id)
    return True


def settle_member(
    connection: Connection,
    organization_id: uuid.UUID,
    email: str,
    seen: str,
    is_longer: bool,
    actor_id: uuid.UUID,
) -> bool:
    """The same for one member."""
    visibility.lock(connection)
    key = _key(connection, organization_id)
    there = read_members(connection, key)
    if email not in there or there[email]["ends_on"] != seen:
        return False
    changing.apply(connection, key, {**there, email: _settled(there[email], is_longer)}, actor_id)
    return True


def _settled(now: Item, is_longer: bool) -> Item:
    if not is_longer:
        return changing.ended(now)
    return {**now, "ends_on": str(a_year_on(datetime.date.fromisoformat(now["ends_on"])))}


def _key(connection: Connection, organization_id: uuid.UUID) -> str:
    values = {"tenant": current.tenant_id(), "id": organization_id}
    query = "select key from organizations where tenant_id = :tenant and id = :id"
    found = connection.execute(text(query), values).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
