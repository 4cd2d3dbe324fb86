"""Taking back a change of an organization, as far as nobody changed the same again."""

from __future__ import annotations

import uuid
from typing import Any

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
    document, logos = document_of(connection, organization_id, change_id)
    return config.apply(connection, document, actor_id, logos=logos, may_wait=True)


def document_of(
    connection: Connection, organization_id: uuid.UUID, change_id: uuid.UUID
) -> tuple[dict[str, Any], dict[str, None]]:
    """The document that takes a change back, and the logos it names. NotFound, ChangedSince."""
    change = undoing.change_of(connection, "organization", organization_id, change_id)
    key = connection.execute(
        text("select key from organizations where tenant_id = :tenant and id = :organization"),
        {"tenant": current.tenant_id(), "organization": organization_id},
    ).scalar_one()
    former = undoing.former(read_organization(connection, key), change.before, change.after)
    return {"organizations": [{"key": key, **former}]}, undoing.logos_in(former)
