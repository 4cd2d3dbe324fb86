"""Taking an organization away, with all that was its own: what a document never does."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, text

from app.administration.config.state import read_organization
from app.core import audit
from tenants import current, visibility
from tenants.arrangement import arrange

CHILDREN = "select id from organizations where tenant_id = :tenant and parent_id = :id"
MAINS = "select user_id from memberships where tenant_id = :tenant and organization_id = :id and is_main"
LIFTED = """
    update organizations set parent_id = :parent, changed_at = now()
     where tenant_id = :tenant and parent_id = :id"""
NEXT_MAIN = """
    update memberships m set is_main = true
     where m.tenant_id = :tenant and m.id in (
           select distinct on (x.user_id) x.id
             from memberships x join organizations o on o.tenant_id = :tenant and o.id = x.organization_id
            where x.tenant_id = :tenant and x.user_id = any(:users)
            order by x.user_id, o.private_user_id is not null, x.created_at, x.id)"""
"""Whose main membership went goes on in the one he has had longest, a private portal last."""


def remove_organization(
    connection: Connection, organization_id: uuid.UUID, actor_id: uuid.UUID | None
) -> None:
    """Remove an organization and its memberships; what stood below it goes below what stood above it."""
    visibility.lock(connection)
    values: dict[str, Any] = {"tenant": current.tenant_id(), "id": organization_id}
    key, parent = connection.execute(
        text("select key, parent_id from organizations where tenant_id = :tenant and id = :id"), values
    ).one()
    told = {"key": key, **read_organization(connection, key)}
    children, users = (set(connection.execute(text(query), values).scalars()) for query in (CHILDREN, MAINS))
    connection.execute(text(LIFTED), {**values, "parent": parent})
    connection.execute(text("delete from organizations where tenant_id = :tenant and id = :id"), values)
    connection.execute(text(NEXT_MAIN), {**values, "users": list(users)})
    audit.write(
        connection,
        current.tenant_id(),
        "organization.removed",
        actor_id=actor_id,
        record="organization",
        record_id=organization_id,
        before=told,
    )
    arrange(connection, children | ({parent} if parent else set()), set())
