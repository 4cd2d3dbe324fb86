"""Invitations into the portal"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0015"
down_revision = "0014"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_invitations_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_invitations"),
    )
    op.create_index("uq_invitations_hash", "invitations", ["tenant_id", "token_hash"], unique=True)
    op.create_index("ix_invitations_user_id", "invitations", ["tenant_id", "user_id"])
    op.execute("alter table invitations enable row level security")
    op.execute("alter table invitations force row level security")
    op.execute(
        f"create policy tenant on invitations using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update, delete on invitations to portico_web")
    grant_to_administrators("function:member.manage")
