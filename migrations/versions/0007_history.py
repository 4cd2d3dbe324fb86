"""Past states of contracts, claims and invoices"""

from alembic import op

revision = "0007"
down_revision = "0006"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    for table in ("contracts", "claims", "invoices"):
        # What is there already has been so since now, as far as anybody can say: its past was not kept. Neither column
        # rewrites the table.
        op.execute(
            f"""alter table {table} add column valid_from timestamptz not null default now(),
                                    add column import_id uuid"""
        )
        op.execute(
            f"""create table {table}_history (
                    like {table},
                    valid_to timestamptz not null,
                    constraint pk_{table}_history primary key (tenant_id, id, valid_from),
                    constraint ck_{table}_history_interval check (valid_from < valid_to))"""
        )
        op.execute(f"alter table {table}_history enable row level security")
        op.execute(f"alter table {table}_history force row level security")
        op.execute(
            f"""create policy tenant on {table}_history
                    using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"""
        )
        op.execute(f"grant select, insert, update, delete on {table}_history to portico_web")
