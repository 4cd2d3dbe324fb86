"""Switches of a broker, notice before access ends, and reviews of who has it"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0021"
down_revision = "0020"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.execute(
        """alter table tenants add column case_sharing_allowed boolean not null default true,
                               add column profile_currency_allowed boolean not null default true,
                               add column notice_days integer not null default 30,
                               add column review_months integer not null default 12,
                               add constraint ck_tenants_notice_days check (notice_days between 0 and 365),
                               add constraint ck_tenants_review_months check (review_months between 0 and 60)"""
    )
    for table in ("organizations", "memberships"):
        op.execute(f"alter table {table} add column announced_ends_on date, add column announced_on date")
    op.create_table(
        "organization_reviews",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=True),
        sa.Column("by_client", sa.Boolean(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_organization_reviews_tenant_id_organization_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reviewer_id"],
            ["users.tenant_id", "users.id"],
            name="fk_organization_reviews_tenant_id_reviewer_id",
            ondelete="SET NULL (reviewer_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_organization_reviews"),
    )
    op.create_index(
        "ix_organization_reviews_organization_id_created_at",
        "organization_reviews",
        ["tenant_id", "organization_id", "created_at"],
    )
    op.create_index(
        "ix_organization_reviews_reviewer_id", "organization_reviews", ["tenant_id", "reviewer_id"]
    )
    op.execute("alter table organization_reviews enable row level security")
    op.execute("alter table organization_reviews force row level security")
    op.execute(
        f"create policy tenant on organization_reviews using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert on organization_reviews to portico_web")
    grant_to_administrators("menu:features", "function:tenant.manage", "menu:reviews")
