"""Which profile grants what: of all that a profile inherits from, the nearest of those that grant the most."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection

from permissions.catalogue import catalogue
from tenants import current

GRANTS = """
    with recursive chain as (
        select %(profile)s::uuid as id, 0 as steps
        union all
        select p.parent_id, c.steps + 1 from chain c
          join profile_parents p on p.tenant_id = %(tenant)s and p.profile_id = c.id)
    cycle id set is_circle using path
    select r.subject, r.action, f.id, f.name, c.steps from chain c
      join profiles f on f.tenant_id = %(tenant)s and f.id = c.id
      join profile_rules r on r.tenant_id = f.tenant_id and r.profile_id = f.id
     where not c.is_circle
     order by c.steps desc, f.name desc"""


@dataclass(frozen=True)
class Grant:
    """What a profile is granted of a subject, and by which: itself, or one it inherits from."""

    action: str
    profile_id: uuid.UUID
    profile: str
    is_own: bool


def grants_of(connection: Connection, profile_id: uuid.UUID) -> dict[str, Grant]:
    """Every subject of the catalogue that a profile grants, and who grants it."""
    order = dict(catalogue.subjects())
    found: dict[str, Grant] = {}
    for subject, action, grantor, name, steps in connection.exec_driver_sql(
        GRANTS, {"tenant": current.tenant_id(), "profile": profile_id}
    ):
        actions = order.get(subject, ())
        if action not in actions:
            continue
        before = found.get(subject)
        if before is None or actions.index(action) >= actions.index(before.action):
            found[subject] = Grant(action, grantor, name, steps == 0)
    return found
