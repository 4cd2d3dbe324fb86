"""How much each person uses the portal, counted by the month"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators, grant_to_those_with

revision = "0017"
down_revision = "0016"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"

COUNT = """
    do $$
    declare broker uuid;
    begin
        for broker in select distinct tenant_id from hosts loop
            perform set_config('app.tenant_id', broker::text, true);
            -- The log does not say in which organization somebody was: it was his main one, most likely.
            insert into usage_months (tenant_id, user_id, organization_id, month_on, sign_ins, documents, signed_in_at)
            select broker, u.id, m.organization_id, date_trunc('month', a.at at time zone 'Europe/Berlin')::date,
                   count(*) filter (where a.act = 'session.start'),
                   count(*) filter (where a.act = 'document.open'),
                   max(a.at) filter (where a.act = 'session.start')
              from audit a
              join users u on u.tenant_id = broker and u.id = a.actor_id
              left join memberships m on m.tenant_id = broker and m.user_id = u.id and m.is_main
             where a.tenant_id = broker and a.act in ('session.start', 'document.open') and a.as_user_id is null
             group by 2, 3, 4;
        end loop;
        perform set_config('app.tenant_id', '', true);
    end $$"""


def upgrade() -> None:
    op.create_table(
        "usage_months",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("month_on", sa.Date(), nullable=False),
        sa.Column("sign_ins", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("documents", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_usage_months_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "organization_id"],
            ["organizations.tenant_id", "organizations.id"],
            name="fk_usage_months_tenant_id_organization_id",
            ondelete="SET NULL (organization_id)",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_usage_months"),
    )
    for column in ("user_id", "organization_id"):
        op.create_index(
            f"ix_usage_months_{column}_month_on", "usage_months", ["tenant_id", column, "month_on"]
        )
    op.execute("alter table usage_months enable row level security")
    op.execute("alter table usage_months force row level security")
    op.execute(
        f"create policy tenant on usage_months using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update on usage_months to portico_web")
    op.execute(COUNT)
    # Whoever had the list of users reads what the overview tells of them.
    grant_to_those_with("menu:users", *fields("portal_user", USERS))
    grant_to_administrators(
        "menu:organization-clients",
        *fields("organization_client", f"{PAIR} policyholder mandate"),
        "menu:organization-contracts",
        *fields("organization_contract", f"{PAIR} contract policyholder mandate line_of_business status"),
        "menu:clients-without-access",
        *fields("client_without_access", WITHOUT),
        "menu:usage",
        *fields("usage", USAGE),
    )


def fields(record: str, names: str) -> list[str]:
    return [f"field:{record}.{name}" for name in names.split()]


USERS = (
    "name email state organizations memberships profiles main_organization signed_in_at sign_ins_this_month"
    " sign_ins_last_month sign_ins is_staff is_active language created_at"
)
PAIR = "organization members signed_in_at claimed_on sign_ins_this_month sign_ins_last_month sign_ins"
WITHOUT = (
    "name first_name kind mandate corporate_group email phone city country contracts account_manager clerk"
    " customer_since_on"
)
USAGE = "organization user profile month_on sign_ins claims documents signed_in_at"
