"""What every table of a tenant has: the wall around his rows, and references that never leave them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def wall(*tables: str) -> None:
    """Show and take only rows of the tenant acted for, and let the portal work with those."""
    for table in tables:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
        )
        op.execute(f"grant select, insert, update, delete on {table} to portico_web")


def reference(table: str, column: str, target: str, *, optional: bool = False) -> sa.ForeignKeyConstraint:
    """A reference of a new table within the tenant. Its row goes with the target's; with `optional`, only the column is
    emptied then."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=f"SET NULL ({column})" if optional else "CASCADE",
    )
