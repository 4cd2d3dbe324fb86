"""From a membership to a record: through its organization or one below it, and through the objects it is narrowed to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection

from tenants.reasons.hanging import OWN
from tenants.reasons.narrowed import narrowed
from tenants.reasons.reason import Asked, Reason

LOOKED_INTO = 5
"""How many organizations below are asked why they do not see a record either."""

PARTS = """
    select x.part_id from scopes s
      join scope_parts x on x.tenant_id = s.tenant_id and x.scope_id = s.id
     where s.tenant_id = %(tenant)s and s.kind = 'tree' and s.organization_id = %(organization)s
     order by exists (select 1 from visible_{kind}s v
                       where v.tenant_id = s.tenant_id and v.scope_id = x.part_id and v.{kind}_id = %(record)s) desc,
              x.part_id = s.organization_id desc, x.part_id
     limit %(most)s"""
"""The organizations that one is united with, itself among them: those that see the record first. None where it has
none below it."""


@dataclass(frozen=True)
class Member:
    """A membership as far as rules ask for it."""

    id: uuid.UUID
    organization_id: uuid.UUID
    is_narrowed: bool


def reasons_of(connection: Connection, member: Member, kind: str, record_id: uuid.UUID) -> list[Reason]:
    """The whole chain from a member's organization to a record, of a kind that rules speak of."""
    asked = Asked(connection, member.organization_id)
    united = [row[0] for row in asked.rows(PARTS.format(kind=kind), record=record_id, most=LOOKED_INTO)]
    ways = [_way(asked, part, kind, record_id) for part in united or [member.organization_id]]
    reasons = min(ways, key=lambda way: sum(not reason.is_met for reason in way))
    return [*reasons, narrowed(asked, member.id, kind, record_id)] if member.is_narrowed else reasons


def _way(asked: Asked, part: uuid.UUID, kind: str, record_id: uuid.UUID) -> list[Reason]:
    below = [] if part == asked.organization_id else [Reason("child", True, {"organization": part})]
    return [*below, *OWN[kind](Asked(asked.connection, part), record_id)]
