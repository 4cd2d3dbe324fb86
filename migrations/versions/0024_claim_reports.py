"""Claim reports, their numbers, and four eyes on them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.grants import grant_to_administrators

revision = "0024"
down_revision = "0023"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
TABLES = ("claim_reports", "claim_report_numbers")


def upgrade() -> None:
    op.execute("alter table organizations add column four_eyes_claims boolean not null default false")
    op.create_table(
        "claim_reports",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("once", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("claim_type", sa.Text(), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("loss_location", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("claimed_amount", sa.Numeric(18, 4), nullable=True),
        sa.Column("currency", sa.CHAR(3), nullable=True),
        sa.Column("files", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("claim_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'returned', 'withdrawn', 'released')", name="ck_claim_reports_state"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=f"fk_claim_reports_tenant_id_{column}",
                ondelete=ondelete,
            )
            for table, column, ondelete in (
                ("organizations", "organization_id", "CASCADE"),
                ("users", "author_id", "CASCADE"),
                ("contracts", "contract_id", "CASCADE"),
                ("objects", "object_id", "SET NULL (object_id)"),
                ("users", "checked_by_id", "SET NULL (checked_by_id)"),
                ("claims", "claim_id", "SET NULL (claim_id)"),
            )
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_claim_reports"),
    )
    op.create_index("uq_claim_reports_once", "claim_reports", ["tenant_id", "author_id", "once"], unique=True)
    op.create_index(
        "ix_claim_reports_organization_id_state", "claim_reports", ["tenant_id", "organization_id", "state"]
    )
    for column in ("contract_id", "object_id", "checked_by_id", "claim_id"):
        op.create_index(f"ix_claim_reports_{column}", "claim_reports", ["tenant_id", column])
    op.create_table(
        "claim_report_numbers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "year", name="pk_claim_report_numbers"),
    )
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
        )
        op.execute(f"grant select, insert, update, delete on {table} to portico_web")
    # No profile of a client has them until they are granted.
    grant_to_administrators("function:claim.report", "function:claim.release")
