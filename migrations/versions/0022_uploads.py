"""What a broker lets people upload, and the function that lets them"""

from alembic import op

from migrations.grants import grant_to_administrators

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        """alter table tenants add column upload_megabytes integer not null default 25,
                               add column upload_types text[] not null default '{}',
                               add column upload_type_required boolean not null default true,
                               add constraint ck_tenants_upload_megabytes check (upload_megabytes between 1 and 60)"""
    )
    grant_to_administrators("function:document.upload")
