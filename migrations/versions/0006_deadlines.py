"""Last days to cancel, and private calendar feeds"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


def notice(date: str) -> str:
    """As in app/contracts/notice.py when this was written."""
    day = f"extract(day from {date})::integer"
    months = (
        f"(extract(year from {date})::integer * 12 + extract(month from {date})::integer - 1"
        f" - ({day} = 1)::integer - notice_period_months)"
    )
    last_insured = f"case when {day} = 1 or extract(day from {date} + 1) = 1 then 31 else {day} - 1 end"
    longest = f"(array[31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[{months} % 12 + 1]"
    return (
        f"case when notice_period_months between 0 and 120 and {date} >= '0100-01-01'"
        f" then {months} / 12 * 10000 + ({months} % 12 + 1) * 100 + least({last_insured}, {longest}) end"
    )


def upgrade() -> None:
    # Both at once: the table is written anew.
    op.execute(
        f"alter table contracts"
        f" add column expiry_notice integer generated always as ({notice('ends_on')}) stored,"
        f" add column renewal_notice integer generated always as ({notice('annual_due_on')}) stored"
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "membership_id"],
            ["memberships.tenant_id", "memberships.id"],
            name="fk_calendar_feeds_tenant_id_membership_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name="fk_calendar_feeds_tenant_id_user_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_calendar_feeds"),
    )
    op.create_index("uq_calendar_feeds_hash", "calendar_feeds", ["tenant_id", "token_hash"], unique=True)
    op.create_index(
        "uq_calendar_feeds_owner",
        "calendar_feeds",
        ["tenant_id", "user_id", "membership_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("ix_calendar_feeds_membership_id", "calendar_feeds", ["tenant_id", "membership_id"])
    op.execute("alter table calendar_feeds enable row level security")
    op.execute("alter table calendar_feeds force row level security")
    op.execute(
        f"create policy tenant on calendar_feeds using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert, update, delete on calendar_feeds to portico_web")
