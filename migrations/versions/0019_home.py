"""The home page: general messages, a welcome, which view an organization has, and how each person lays his out"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0019"
down_revision = "0018"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=f"fk_{table}_tenant_id_{column}",
        ondelete="CASCADE",
    )


def _wall(table: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy tenant on {table} using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute(f"grant select, insert, update, delete on {table} to portico_web")


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "announcements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("words", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("tone", sa.Text(), server_default="notice", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_for_all", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.CheckConstraint("tone in ('notice', 'important')", name=op.f("ck_announcements_tone")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_announcements_ends_on")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_announcements"),
    )
    op.create_index("ix_announcements_starts_on", "announcements", ["tenant_id", "starts_on"])
    op.create_table(
        "announcement_organizations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        _reference("announcement_organizations", "announcement_id", "announcements"),
        _reference("announcement_organizations", "organization_id", "organizations"),
        sa.PrimaryKeyConstraint(
            "tenant_id", "announcement_id", "organization_id", name="pk_announcement_organizations"
        ),
    )
    op.create_table(
        "announcement_receipts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("announcement_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        _reference("announcement_receipts", "announcement_id", "announcements"),
        _reference("announcement_receipts", "user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "announcement_id", "user_id", name="pk_announcement_receipts"),
    )
    for table, column in (
        ("announcement_organizations", "organization_id"),
        ("announcement_receipts", "user_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, ["tenant_id", column])
    op.execute(
        """alter table tenants add column welcome_shown boolean not null default false,
                               add column welcome jsonb not null default '{}',
                               add column video jsonb not null default '{}',
                               add column video_words jsonb not null default '{}',
                               add column home_view text not null default 'overview'"""
    )
    op.execute(
        """alter table organizations add column welcome_mode text not null default 'broker',
                                     add column welcome jsonb not null default '{}',
                                     add column home_view text,
                                     add column home_fixed boolean not null default false,
                                     add column home_tiles text[] not null default '{}',
                                     add column caretakers_shown boolean not null default true,
                                     add constraint ck_organizations_welcome_mode
                                         check (welcome_mode in ('broker', 'own', 'hidden'))"""
    )
    op.create_table(
        "welcome_videos",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name="pk_welcome_videos"),
    )
    op.create_table(
        "homes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("places", sa.dialects.postgresql.JSONB(), nullable=True),
        sa.Column("welcome_closed", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        _reference("homes", "user_id", "users"),
        _reference("homes", "membership_id", "memberships"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_homes"),
    )
    op.create_index(
        "uq_homes_owner",
        "homes",
        ["tenant_id", "user_id", "membership_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_homes_membership_id", "homes", ["tenant_id", "membership_id"])
    for table in (
        "announcements",
        "announcement_organizations",
        "announcement_receipts",
        "welcome_videos",
        "homes",
    ):
        _wall(table)
    grant_to_administrators("menu:announcements", "function:announcement.manage")
