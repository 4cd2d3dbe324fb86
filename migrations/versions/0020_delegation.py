"""A client's own administrator invites and looks after his colleagues"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0020"
down_revision = "0019"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def upgrade() -> None:
    op.create_table(
        "membership_offers",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("objects", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{table}.tenant_id", f"{table}.id"],
                name=f"fk_membership_offers_tenant_id_{column}",
                ondelete="CASCADE",
            )
            for table, column in (
                ("organizations", "organization_id"),
                ("memberships", "membership_id"),
                ("profiles", "profile_id"),
            )
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_membership_offers"),
    )
    op.create_index(
        "uq_membership_offers_email",
        "membership_offers",
        ["tenant_id", "organization_id", "email"],
        unique=True,
    )
    op.create_index(
        "uq_membership_offers_hash", "membership_offers", ["tenant_id", "token_hash"], unique=True
    )
    for column in ("membership_id", "profile_id"):
        op.create_index(f"ix_membership_offers_{column}", "membership_offers", ["tenant_id", column])
    op.execute("alter table membership_offers enable row level security")
    op.execute("alter table membership_offers force row level security")
    op.execute(
        f"create policy tenant on membership_offers using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update, delete on membership_offers to portico_web")
    # No profile of a client has it until it is granted; the broker's administrators see the page through a client's eyes.
    grant_to_administrators("menu:colleagues", "function:member.delegate")
