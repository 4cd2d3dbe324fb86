"""Saved reports and subscriptions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
TABLES = ("saved_reports", "saved_report_people", "report_defaults", "report_subscriptions")


def tenant() -> sa.Column:
    return sa.Column("tenant_id", sa.Uuid(), nullable=False)


def own_id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False)


def moments() -> list[sa.Column]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "changed_at")
    ]


def belongs_to(table: str, target: str, column: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete=ondelete,
    )


def upgrade() -> None:
    op.add_column("tenants", sa.Column("mail_sender", sa.Text(), nullable=True))
    op.add_column(
        "tenants",
        sa.Column("mail_domains", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_table(
        "saved_reports",
        tenant(),
        own_id(),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), sa.Computed("folded(name)", persisted=True), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sharing", sa.Text(), server_default=sa.text("'private'"), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        *moments(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_saved_reports"),
        belongs_to("saved_reports", "users", "owner_id"),
        belongs_to("saved_reports", "profiles", "profile_id", "SET NULL (profile_id)"),
        belongs_to("saved_reports", "organizations", "organization_id", "SET NULL (organization_id)"),
        sa.CheckConstraint(
            "sharing in ('private', 'people', 'profile', 'organization', 'all')",
            name="ck_saved_reports_sharing",
        ),
    )
    op.create_table(
        "saved_report_people",
        tenant(),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "report_id", "user_id", name="pk_saved_report_people"),
        belongs_to("saved_report_people", "saved_reports", "report_id"),
        belongs_to("saved_report_people", "users", "user_id"),
    )
    op.create_table(
        "report_defaults",
        tenant(),
        own_id(),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        *moments(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_report_defaults"),
        belongs_to("report_defaults", "saved_reports", "report_id"),
        belongs_to("report_defaults", "users", "user_id"),
        belongs_to("report_defaults", "profiles", "profile_id"),
        sa.CheckConstraint("num_nonnulls(user_id, profile_id) = 1", name="ck_report_defaults_whose"),
    )
    op.create_table(
        "report_subscriptions",
        tenant(),
        own_id(),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_at", sa.DateTime(timezone=True), nullable=True),
        *moments(),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_report_subscriptions"),
        belongs_to("report_subscriptions", "saved_reports", "report_id"),
        belongs_to("report_subscriptions", "users", "user_id"),
        belongs_to("report_subscriptions", "memberships", "membership_id"),
        sa.CheckConstraint(
            "rhythm in ('once', 'daily', 'weekly', 'monthly')", name="ck_report_subscriptions_rhythm"
        ),
        sa.CheckConstraint(
            "case rhythm when 'weekly' then day between 1 and 7 when 'monthly' then day between 1 and 31"
            " else day is null end",
            name="ck_report_subscriptions_day",
        ),
        sa.CheckConstraint("ends_on >= starts_on", name="ck_report_subscriptions_period"),
    )
    for name, table, columns in (
        ("uq_saved_reports_name", "saved_reports", ["owner_id", "source", "name_key"]),
        ("uq_report_defaults_user", "report_defaults", ["user_id", "source"]),
        ("uq_report_defaults_profile", "report_defaults", ["profile_id", "source"]),
    ):
        op.create_index(name, table, ["tenant_id", *columns], unique=True)
    for table, column in (
        ("saved_reports", "profile_id"),
        ("saved_reports", "organization_id"),
        ("saved_report_people", "user_id"),
        ("report_defaults", "report_id"),
        ("report_subscriptions", "report_id"),
        ("report_subscriptions", "user_id"),
        ("report_subscriptions", "membership_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, ["tenant_id", column])
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy tenant on {table} using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
        )
        op.execute(f"grant select, insert, update, delete on {table} to portico_web")
