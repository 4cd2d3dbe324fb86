"""How long passwords are, and links to set a new one"""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute(
        """alter table tenants add column password_length integer not null default 10,
                               add constraint ck_tenants_password_length check (password_length between 8 and 64)"""
    )
    op.execute("alter table invitations add column is_reset boolean not null default false")
