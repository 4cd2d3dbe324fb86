"""Private calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0003"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name="fk_calendar_feeds_tenant_id_membership_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_calendar_feeds_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_calendar_feeds"),
    )
    op.create_index("uq_calendar_feeds_hash", "calendar_feeds", ["tenant_id", "token_hash"], unique=True)
    op.create_index(
        "uq_calendar_feeds_owner",
        "calendar_feeds",
        ["tenant_id", "user_id", "membership_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_calendar_feeds_membership_id", "calendar_feeds", ["tenant_id", "membership_id"])
    op.execute("alter table calendar_feeds enable row level security")
    op.execute("alter table calendar_feeds force row level security")
    op.execute(
        f"create policy tenant on calendar_feeds using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update, delete on calendar_feeds to portico_web")
