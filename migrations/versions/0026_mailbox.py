"""Messages in cases, who has read them, and where clients find their mailbox"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators
from migrations.walls import reference, wall

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    now = sa.text("now()")
    op.create_table(
        "messages",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("of_case_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        reference("messages", "of_case_id", "cases"),
        reference("messages", "sender_id", "users", optional=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_messages"),
    )
    op.create_index("uq_messages_key", "messages", ["tenant_id", "key"], unique=True)
    op.create_index("ix_messages_of_case_id_sent_at", "messages", ["tenant_id", "of_case_id", "sent_at"])
    op.create_index("ix_messages_sender_id_sent_at", "messages", ["tenant_id", "sender_id", "sent_at"])
    op.create_index("ix_messages_sent_at", "messages", ["tenant_id", "sent_at"])
    op.create_table(
        "message_readings",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        reference("message_readings", "message_id", "messages"),
        reference("message_readings", "user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "message_id", "user_id", name="pk_message_readings"),
    )
    op.create_index("ix_message_readings_user_id", "message_readings", ["tenant_id", "user_id"])
    op.create_table(
        "case_mutes",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        reference("case_mutes", "case_id", "cases"),
        reference("case_mutes", "user_id", "users"),
        sa.PrimaryKeyConstraint("tenant_id", "case_id", "user_id", name="pk_case_mutes"),
    )
    op.create_index("ix_case_mutes_user_id", "case_mutes", ["tenant_id", "user_id"])
    wall("messages", "message_readings", "case_mutes")
    op.execute(
        """alter table organizations add column mailbox text not null default 'sidebar',
                                     add constraint ck_organizations_mailbox
                                         check (mailbox in ('sidebar', 'menu_bar'))"""
    )
    grant_to_administrators(
        "menu:messages",
        "function:case.message",
        *(f"field:message.{name}" for name in ("subject", "sender", "sent_at", "of_case", "text", "key")),
    )
