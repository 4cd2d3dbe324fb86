"""Taking back a change of an organization, as far as nobody changed the same again."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, text

from app.administration import config, undoing
from app.administration.config.state import read_organization
from tenants import current


def latest_change(connection: Connection, organization_id: uuid.UUID) -> uuid.UUID | None:
    """The change made last: within its own transaction, the one just made."""
    return undoing.latest_change(connection, "organization", organization_id)


def undo(
    connection: Connection, organization_id: uuid.UUID, change_id: uuid.UUID, actor_id: uuid.UUID
) -> config.Plan:
    """Make an organization's settings what they were before a change. NotFound, ChangedSince, Unacceptable."""
    change = undoing.change_of(connection, "organization", organization_id, change_id)
    key = connection.execute(
        text("select key from organizations where tenant_id = :tenant and id = :organization"),
        {"tenant": current.tenant_id(), "organization": organization_id},
    ).scalar_one()
    former = undoing.former(read_organization(connection, key), change.before, change.after)
    document = {"organizations": [{"key": key, **former}]}
    return config.apply(connection, document, actor_id, logos=undoing.logos_in(former), may_wait=True)
