"""Prepared files of every kind and who has seen them, the kind of file of a subscription, reminders of deadlines"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
KINDS = "('csv', 'xlsx', 'pdf')"


def upgrade() -> None:
    # What is there already was asked for as an Excel file, and mailed as a CSV file.
    op.execute(
        f"""alter table exports add column ending text not null default 'xlsx',
                                add column is_mailed boolean not null default false,
                                add column seen_at timestamptz,
                                add constraint ck_exports_ending check (ending in {KINDS})"""
    )
    op.execute(
        f"""alter table report_subscriptions
                add column ending text not null default 'csv',
                add column sent_on date default current_date,
                add constraint ck_report_subscriptions_ending check (ending in {KINDS})"""
    )
    op.execute("alter table report_subscriptions alter column sent_on drop default")
    op.create_table(
        "deadline_reminders",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("is_weekly", sa.Boolean(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "cardinality(days) > 0 and days <@ array[30, 60, 90]", name=op.f("ck_deadline_reminders_days")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name="fk_deadline_reminders_tenant_id_membership_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_deadline_reminders_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_deadline_reminders"),
    )
    op.create_index(
        "uq_deadline_reminders_owner",
        "deadline_reminders",
        ["tenant_id", "user_id", "membership_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_deadline_reminders_membership_id", "deadline_reminders", ["tenant_id", "membership_id"]
    )
    op.execute("alter table deadline_reminders enable row level security")
    op.execute("alter table deadline_reminders force row level security")
    op.execute(
        f"create policy tenant on deadline_reminders using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update, delete on deadline_reminders to portico_web")
