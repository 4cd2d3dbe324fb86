"""The wall between tenants: row-level security, and telling the database who is asking."""

from __future__ import annotations

from functools import partial
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, Engine, event

from app.core.db import Base, TenantOwned, is_away
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


PREPARED = 500
"""Statements a connection keeps prepared: settling visibility alone uses more than the driver's hundred."""


def announce_tenant(engine: Engine) -> None:
    """Begin every transaction of this engine with the tenant acted for. SET LOCAL ends with the transaction,
    so a pooled connection never carries one tenant's context into another's.

    The driver would send a BEGIN of its own, a round trip before the first word; here both go together.
    """

    @event.listens_for(engine, "connect")
    def begin_ourselves(driver: Any, record: Any) -> None:
        driver.autocommit = True
        driver.prepared_max = PREPARED
        # One plan for all brokers. For the values at hand it would be made from statistics, and those promise that a
        # broker who came after them has nothing, until he fills a tenth of a table: then the server looks again.
        driver.execute("set plan_cache_mode = force_generic_plan")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        tenant = current.tenant_or_none()
        context = f"; SET LOCAL app.tenant_id = '{tenant}'" if tenant is not None else ""
        if seconds := current.patience():
            context += f"; SET LOCAL statement_timeout = '{seconds}s'"
        try:
            _say(connection.connection.driver_connection, f"BEGIN{context}".encode())
        except psycopg.OperationalError as error:
            raise is_away(connection, error) from error

    engine.dialect.do_commit = partial(_end, b"COMMIT")  # type: ignore[method-assign]
    engine.dialect.do_rollback = partial(_end, b"ROLLBACK")  # type: ignore[method-assign]


def _say(driver: Any, command: bytes) -> None:
    """Straight to the library: as a query of the driver it would cost three times as much, on each request."""
    server: PGconn = driver.pgconn
    result = server.exec_(command)
    if server.status == ConnStatus.BAD:
        raise psycopg.OperationalError(server.get_error_message())
    if result.status != ExecStatus.COMMAND_OK:
        raise error_from_result(result)


def _end(command: bytes, pooled: Any) -> None:
    """End the transaction, where there is one. The driver's own rollback would forget all it has prepared, since tables
    made in the transaction are gone: no page makes any, and after each refused request the next ones would have to be
    planned anew, which takes longer than answering them."""
    driver = getattr(pooled, "driver_connection", pooled)
    if driver.pgconn.transaction_status != TransactionStatus.IDLE:
        _say(driver, command)
