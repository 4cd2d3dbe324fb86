"""The chain of the audit"""

import hashlib

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_to_administrators

revision = "0011"
down_revision = "0010"

CONTEXT = "nullif(current_setting('app.tenant_id', true), '')::uuid"
ROWS = """
    select a.id, sha256(a.salt || convert_to(jsonb_build_array(a.before, a.after)::text, 'UTF8')),
           jsonb_build_array(a.id, (extract(epoch from a.at) * 1000000)::bigint, a.actor_id, a.as_user_id, a.act,
                             a.record, a.record_id)::text
      from audit a where a.tenant_id = %(tenant)s order by a.id"""
SEAL = """
    insert into audit_seals (tenant_id, number, row_id, digest, hash)
    values (%(tenant)s, %(number)s, %(row)s, %(digest)s, %(hash)s)"""


def upgrade() -> None:
    # A default that differs from row to row fills the rows there are, whatever wall they stand behind.
    op.execute("alter table audit add column salt bytea default uuid_send(gen_random_uuid())")
    op.execute("alter table audit alter column at set default clock_timestamp()")
    op.create_index("ix_audit_actor_id_at", "audit", ["tenant_id", "actor_id", "at"])
    op.create_index(
        "ix_audit_as_user_id_at",
        "audit",
        ["tenant_id", "as_user_id", "at"],
        postgresql_where=sa.text("as_user_id is not null"),
    )
    op.create_index("ix_audit_act_at", "audit", ["tenant_id", "act", "at"])
    op.create_table(
        "audit_seals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="pk_audit_seals"),
    )
    op.create_index("uq_audit_seals_row_id", "audit_seals", ["tenant_id", "row_id"], unique=True)
    op.execute("alter table audit_seals enable row level security")
    op.execute("alter table audit_seals force row level security")
    op.execute(
        f"create policy tenant on audit_seals using (tenant_id = {CONTEXT}) with check (tenant_id = {CONTEXT})"
    )
    op.execute("grant select, insert on audit_seals to portico_web")
    _seal_what_there_is()
    grant_to_administrators("menu:audit", "function:audit.read", "function:audit.export")


def _seal_what_there_is() -> None:
    connection = op.get_bind()
    # The wall stands for the owner of the tables, too, so the brokers come one after another.
    for tenant in connection.exec_driver_sql("select distinct tenant_id from hosts").scalars().all():
        connection.exec_driver_sql("select set_config('app.tenant_id', %s, true)", (str(tenant),))
        head, sealed = b"", []
        for number, (row, digest, told) in enumerate(
            connection.exec_driver_sql(ROWS, {"tenant": tenant}).all(), start=1
        ):
            head = hashlib.sha256(head + f"{number} {digest.hex()} {told}".encode()).digest()
            sealed.append({"tenant": tenant, "number": number, "row": row, "digest": digest, "hash": head})
        if sealed:
            connection.exec_driver_sql(SEAL, sealed)
    connection.exec_driver_sql("select set_config('app.tenant_id', '', true)")
