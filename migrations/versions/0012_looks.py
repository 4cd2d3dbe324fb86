"""Looking through a client's eyes, and what the broker decided about it"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0012"
down_revision = "0011"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.execute(
        """alter table tenants add column views_may_change boolean not null default false,
                               add column views_are_mailed boolean not null default true"""
    )
    op.create_table(
        "looks",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_hash", sa.LargeBinary(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("may_act", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until <= began_at + interval '30 minutes'", name=op.f("ck_looks_until")),
        sa.CheckConstraint("actor_id <> user_id", name=op.f("ck_looks_actor")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_hash"],
            ["sessions.tenant_id", "sessions.token_hash"],
            name="fk_looks_tenant_id_session_hash",
            ondelete="SET NULL (session_hash)",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "actor_id"], ["users.tenant_id", "users.id"], name="fk_looks_tenant_id_actor_id"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_looks_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name="fk_looks_tenant_id_membership_id",
            ondelete="SET NULL (membership_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_looks"),
    )
    op.create_index("uq_looks_hash", "looks", ["tenant_id", "token_hash"], unique=True)
    for column in ("session_hash", "actor_id", "user_id", "membership_id"):
        op.create_index(f"ix_looks_{column}", "looks", ["tenant_id", column])
    op.execute("alter table looks enable row level security")
    op.execute("alter table looks force row level security")
    op.execute(
        f"create policy tenant on looks using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update on looks to portico_web")
    grant_to_administrators("menu:users", "function:user.view_as", "function:user.act_as")
