"""What a change of the configuration would do: it is made, looked at, and taken back.

There is no second set of rules that could tell something else than what happens. The change holds the broker's lock
while it is looked at, as it will when it is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration import config
from tenants import arrangement, current, rebuilding, visibility
from tenants.rules import KINDS, RUNS

Seen = dict[tuple[uuid.UUID, str], set[uuid.UUID]]
"""By audience and kind of record, the records. An audience is an organization, meaning its members, or the membership
of somebody who is narrowed to objects."""

ABOVE = """
    with recursive above as (
        select o.id, o.parent_id from organizations o where o.tenant_id = :tenant and o.id = :organization
        union select o.id, o.parent_id from above a
          join organizations o on o.tenant_id = :tenant and o.id = a.parent_id)
    select a.id as organization_id, m.id as membership_id
      from above a
      left join memberships m on m.tenant_id = :tenant and m.organization_id = a.id and m.objects = 'selected'"""
"""Whom a change of an organization reaches: itself, those above it, and who is narrowed in either."""

RUNNING = RUNS.replace("%(today)s", ":today")
AUDIENCES = f"""
    select o.id, coalesce(t.id, o.id) as scope_id, {RUNNING.format("o")} as is_running
      from organizations o
      left join scopes t on t.tenant_id = :tenant and t.organization_id = o.id and t.kind = 'tree'
     where o.tenant_id = :tenant and o.id = any(:audiences)
    union all
    select m.id, case when m.objects = 'selected' then m.id else coalesce(t.id, o.id) end,
           {RUNNING.format("o")} and {RUNNING.format("m")}
      from memberships m
      join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
      left join scopes t on t.tenant_id = :tenant and t.organization_id = o.id and t.kind = 'tree'
     where m.tenant_id = :tenant and m.id = any(:audiences)"""
"""What each sees is the scope it arrives in: the narrowed one, the tree that unites an organization with those below it,
or its own."""

SEEN = " union all ".join(
    f"""select v.scope_id, '{kind}', v.{kind}_id from visible_{kind}s v
         where v.tenant_id = :tenant and v.scope_id = any(:scopes)"""
    for kind in KINDS
)

ACCESS = """
    select o.states, o.parent_id, greatest(o.starts_on, m.starts_on) as starts_on, least(o.ends_on, m.ends_on) as ends_on
      from organizations o
      left join memberships m on m.tenant_id = :tenant and m.id = :membership
     where o.tenant_id = :tenant and o.id = :organization"""


@dataclass(frozen=True)
class Sight:
    """What audiences see at a moment."""

    stock: Seen
    """What the rules show them, also where their access does not run."""
    running: frozenset[uuid.UUID]
    access: Row[Any] | None
    """Of the organization that is changed, or of one of its members: first and last day, state boxes, what it is below."""

    def of(self, audience: uuid.UUID, kind: str) -> set[uuid.UUID]:
        return self.stock.get((audience, kind), set()) if audience in self.running else set()


@dataclass(frozen=True)
class Moved:
    """What comes into sight, and what goes out of it."""

    come: frozenset[uuid.UUID]
    gone: frozenset[uuid.UUID]
    before: int

    @classmethod
    def between(cls, before: set[uuid.UUID], after: set[uuid.UUID]) -> Moved:
        return cls(frozenset(after - before), frozenset(before - after), len(before))

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)

    @property
    def after(self) -> int:
        return self.before + len(self.come) - len(self.gone)


@dataclass(frozen=True)
class Effect:
    """What a change would do to an organization, or to one of its members, and to those that see its stock."""

    organization_id: uuid.UUID
    audience: uuid.UUID
    """The organization, or the member whom the change is about."""
    plan: config.Plan
    audiences: frozenset[uuid.UUID]
    """All it may reach."""
    before: Sight
    after: Sight

    @property
    def is_running(self) -> bool:
        """Whether anybody sees it now, or would."""
        return self.audience in self.before.running | self.after.running

    def moved(self, audience: uuid.UUID, kind: str) -> Moved:
        """What moves in the sight of those whose access runs."""
        return Moved.between(self.before.of(audience, kind), self.after.of(audience, kind))

    def of(self, kind: str) -> Moved:
        """What moves for the organization or the member. While access does not run: for the day when it does."""
        if self.is_running:
            return self.moved(self.audience, kind)
        place = (self.audience, kind)
        return Moved.between(self.before.stock.get(place, set()), self.after.stock.get(place, set()))


def effect_of(
    connection: Connection,
    document: dict[str, Any],
    organization_id: uuid.UUID,
    membership_id: uuid.UUID | None = None,
    *,
    logos: Mapping[str, bytes | None] = MappingProxyType({}),
) -> Effect:
    """What applying the document would do to what this organization, or one of its members, sees, and to those
    above it. Unacceptable as `config.apply` says it."""
    # What is still coming into sight, or has gone out of it by its date, would be taken for what the change does.
    arrangement.freshen(connection)
    rebuilding.widen(connection, most=None)
    audiences = reached(connection, organization_id) | ({membership_id} if membership_id else set())
    attempt = connection.begin_nested()
    try:
        plan = config.apply(connection, document, None, logos=logos)
        # Whom the change puts above it sees its stock only then, and whom it takes away from there only before.
        audiences |= reached(connection, organization_id)
        after = sight(connection, audiences, organization_id, membership_id)
    finally:
        attempt.rollback()
    before = sight(connection, audiences, organization_id, membership_id)
    return Effect(
        organization_id, membership_id or organization_id, plan, frozenset(audiences), before, after
    )


def reached(connection: Connection, organization_id: uuid.UUID) -> set[uuid.UUID]:
    """The audiences that see what an organization sees, as things stand."""
    values = {"tenant": current.tenant_id(), "organization": organization_id}
    return {one for row in connection.execute(text(ABOVE), values) for one in row if one is not None}


def sight(
    connection: Connection,
    audiences: set[uuid.UUID],
    organization_id: uuid.UUID | None = None,
    membership_id: uuid.UUID | None = None,
) -> Sight:
    """What audiences see now."""
    values: dict[str, Any] = {
        "tenant": current.tenant_id(),
        "today": visibility.today(),
        "audiences": list(audiences),
        "organization": organization_id,
        "membership": membership_id,
    }
    there = connection.execute(text(AUDIENCES), values).all()
    seen_by: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in there:
        seen_by.setdefault(row.scope_id, []).append(row.id)
    values["scopes"] = list(seen_by)
    stock: Seen = {}
    for scope, kind, record in connection.execute(text(SEEN), values):
        for audience in seen_by[scope]:
            stock.setdefault((audience, kind), set()).add(record)
    return Sight(
        stock,
        frozenset(row.id for row in there if row.is_running),
        connection.execute(text(ACCESS), values).one_or_none(),
    )
