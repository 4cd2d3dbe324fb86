"""What a change of the configuration would do: it is made, looked at, and taken back.

There is no second set of rules that could tell something else than what happens. The change holds the broker's lock
while it is looked at, as it will when it is made.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from app.administration import config
from tenants import current, rebuilding
from tenants.rules import KINDS

Seen = dict[tuple[uuid.UUID, str], set[uuid.UUID]]
"""What scopes see: by scope and kind of record, the records."""

SCOPES = """
    with recursive above as (
        select o.id, o.parent_id from organizations o where o.tenant_id = :tenant and o.id = :organization
        union select o.id, o.parent_id from above a
          join organizations o on o.tenant_id = :tenant and o.id = a.parent_id)
    select s.id from scopes s join above a on a.id = s.organization_id where s.tenant_id = :tenant"""
"""The scopes that a change of an organization reaches: its own, those above it, and the narrowed ones of either."""

SEEN = " union all ".join(
    f"""select v.scope_id, '{kind}', v.{kind}_id from visible_{kind}s v
         where v.tenant_id = :tenant and v.scope_id = any(:scopes)"""
    for kind in KINDS
)


@dataclass(frozen=True)
class Moved:
    """What comes into a scope's sight, and what goes out of it."""

    come: frozenset[uuid.UUID]
    gone: frozenset[uuid.UUID]
    before: int

    @property
    def after(self) -> int:
        return self.before + len(self.come) - len(self.gone)


@dataclass(frozen=True)
class Effect:
    """What a change would do to an organization and to those that see its stock."""

    organization_id: uuid.UUID
    plan: config.Plan
    moved: dict[tuple[uuid.UUID, str], Moved] = field(default_factory=dict)
    """By scope and kind of record; also where nothing moves."""

    def of(self, kind: str) -> Moved:
        """What moves in the organization's own sight."""
        return self.moved.get((self.organization_id, kind), Moved(frozenset(), frozenset(), 0))


def effect_of(connection: Connection, document: dict[str, Any], organization_id: uuid.UUID) -> Effect:
    """What applying the document would do to what this organization sees. Unacceptable as `config.apply` says it."""
    # What is still coming into sight would be taken for what the change brings.
    rebuilding.widen(connection, most=None)
    before = seen(connection, organization_id)
    attempt = connection.begin_nested()
    try:
        plan = config.apply(connection, document, None)
        after = seen(connection, organization_id)
    finally:
        attempt.rollback()
    return Effect(
        organization_id,
        plan,
        {
            place: Moved(
                frozenset(after.get(place, set()) - before.get(place, set())),
                frozenset(before.get(place, set()) - after.get(place, set())),
                len(before.get(place, set())),
            )
            for place in before.keys() | after.keys()
        },
    )


def seen(connection: Connection, organization_id: uuid.UUID) -> Seen:
    """What an organization, those above it and their narrowed members see now."""
    values: dict[str, Any] = {"tenant": current.tenant_id(), "organization": organization_id}
    values["scopes"] = list(connection.execute(text(SCOPES), values).scalars())
    found: Seen = {}
    for scope, kind, record in connection.execute(text(SEEN), values):
        found.setdefault((scope, kind), set()).add(record)
    return found
