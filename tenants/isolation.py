"""The wall between tenants: row-level security, and telling the database who is asking."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, event

from app.core.db import Base, TenantOwned
from tenants import current

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
"""No subquery, so that Citus accepts the policy; '' is what remains after the first SET LOCAL."""


def wall(table: str) -> list[str]:
    """The statements that put one tenant table behind its wall. FORCE keeps even the owner out."""
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy tenant on {table} using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})",
    ]


def walled_tables() -> list[str]:
    """Every table whose rows belong to a tenant, by name."""
    return sorted(
        mapper.class_.__tablename__  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, TenantOwned)
    )


def announce_tenant(engine: Engine) -> None:
    """Begin every transaction of this engine with the tenant acted for. SET LOCAL ends with the transaction,
    so a pooled connection never carries one tenant's context into another's."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        tenant = current.tenant_or_none()
        if tenant is not None:
            connection.exec_driver_sql(f"SET LOCAL app.tenant_id = '{tenant}'")
