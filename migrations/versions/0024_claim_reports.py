"""Claim reports, their numbers, and four eyes on them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.grants import grant_to_administrators
from migrations.walls import reference, wall

revision = "0024"
down_revision = "0023"


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
        reference("claim_reports", "organization_id", "organizations"),
        reference("claim_reports", "author_id", "users"),
        reference("claim_reports", "contract_id", "contracts"),
        reference("claim_reports", "object_id", "objects", optional=True),
        reference("claim_reports", "checked_by_id", "users", optional=True),
        reference("claim_reports", "claim_id", "claims", optional=True),
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
    wall("claim_reports", "claim_report_numbers")
    # No profile of a client has them until they are granted.
    grant_to_administrators("function:claim.report", "function:claim.release")
