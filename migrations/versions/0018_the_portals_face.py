"""A broker's own theme, his logos and his terms of use; themes of organizations"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0018"
down_revision = "0017"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.execute(
        """alter table tenants add column own_theme jsonb,
                               add column logo text,
                               add column logo_dark text,
                               add column terms_version text,
                               add column terms_required boolean not null default false"""
    )
    op.execute("alter table organizations add column theme text")
    op.create_table(
        "terms_acceptances",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_terms_acceptances_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "version", name="pk_terms_acceptances"),
    )
    op.execute("alter table terms_acceptances enable row level security")
    op.execute("alter table terms_acceptances force row level security")
    op.execute(
        f"""create policy tenant on terms_acceptances
            using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"""
    )
    # What somebody accepted is added and read, never changed.
    op.execute("grant select, insert on terms_acceptances to portico_web")
    grant_to_administrators("menu:branding", "function:branding.manage")
