"""Who sees what: for the administrators of the broker, and for those of his clients about their own people"""

from alembic import op

from migrations.grants import grant_to_administrators

revision = "0014"
down_revision = "0013"

OF_CLIENTS = """
    do $$
    declare broker uuid;
    begin
        for broker in select distinct tenant_id from hosts loop
            perform set_config('app.tenant_id', broker::text, true);
            insert into profile_rules (tenant_id, profile_id, subject, action)
            select p.tenant_id, p.id, x.subject, x.action
              from profiles p
             cross join (values ('menu:visibility', 'show'), ('function:member.explain', 'use')) x (subject, action)
             where p.tenant_id = broker and p.key = 'client-administrator'
            on conflict do nothing;
        end loop;
        perform set_config('app.tenant_id', '', true);
    end $$"""


def upgrade() -> None:
    op.execute(OF_CLIENTS)
    # It also raises the version of every profile, so that the new rights are there on the next request.
    grant_to_administrators("menu:visibility", "function:member.explain")
