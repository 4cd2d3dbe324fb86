"""Private portals, the clients of intermediaries, and widgets that the broker sets"""

from alembic import op

from migrations.grants import grant_to_those_with

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute(
        """alter table organizations add column private_user_id uuid,
                add constraint fk_organizations_tenant_id_private_user_id foreign key (tenant_id, private_user_id)
                    references users (tenant_id, id) on delete cascade"""
    )
    op.execute(
        """create unique index uq_organizations_private_user_id on organizations (tenant_id, private_user_id)"""
    )
    # Whoever had the list of users reads what the overview tells of them.
    grant_to_those_with(
        "menu:users", "field:portal_user.private_portal", "field:portal_user.private_portal_on"
    )
    op.execute("alter table organizations add column intermediaries text[] not null default '{}'")
    op.create_index("ix_policyholders_intermediary", "policyholders", ["tenant_id", "intermediary"])
    op.execute("alter table organizations add column home_widgets jsonb")
