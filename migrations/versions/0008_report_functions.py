"""Functions of reports, to be switched off"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

COLUMNS = (
    ("tenants", "report_functions_off"),
    ("organizations", "report_functions_off"),
    ("saved_reports", "functions_off"),
)
GRANTED = (
    "bar", "actions", "search", "filter", "rows", "as_of", "columns", "sort", "breaks", "totals", "compute",
    "highlight", "tiles", "groups", "chart", "pivot", "csv", "xlsx", "pdf",
)  # fmt: skip
"""What everybody could do before there was a right to it."""


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(
            table, sa.Column(column, sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False)
        )
    subjects = ", ".join(f"('function:report.{name}')" for name in GRANTED)
    # The wall stands for the owner of the tables, too, so the brokers come one after another.
    op.execute(
        f"""do $$
            declare broker uuid;
            begin
                for broker in select distinct tenant_id from hosts loop
                    perform set_config('app.tenant_id', broker::text, true);
                    insert into profile_rules (tenant_id, profile_id, subject, action)
                    select p.tenant_id, p.id, x.subject, 'use'
                      from profiles p cross join (values {subjects}) x (subject)
                     where p.tenant_id = broker
                    on conflict do nothing;
                    -- Whoever subscribed could also send once.
                    insert into profile_rules (tenant_id, profile_id, subject, action)
                    select r.tenant_id, r.profile_id, 'function:report.mail', 'use'
                      from profile_rules r
                     where r.tenant_id = broker and r.subject = 'function:subscribe'
                    on conflict do nothing;
                end loop;
                perform set_config('app.tenant_id', '', true);
            end $$"""
    )
