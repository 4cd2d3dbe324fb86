"""Who did what, as whom, when, and what it changed: written with the change, never altered."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.chain import seal_at_commit
from app.core.db import Base, TenantOwned, tenant_index


class AuditRow(TenantOwned, Base):
    """One act. The web role may insert and read, nothing else."""

    __tablename__ = "audit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    at: Mapped[datetime.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    actor_id: Mapped[uuid.UUID | None]
    """Who did it; empty for the command line and for the portal itself."""
    as_user_id: Mapped[uuid.UUID | None]
    """Through whose eyes, when an administrator looked."""
    act: Mapped[str]
    record: Mapped[str | None]
    record_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    salt: Mapped[bytes | None] = mapped_column(server_default=text("uuid_send(gen_random_uuid())"))
    """Goes into the digest of before and after, and goes with them when they are erased: what is left of them then
    cannot be guessed back."""

    __table_args__ = (
        tenant_index("audit", "at"),
        tenant_index("audit", "record", "record_id"),
        tenant_index("audit", "actor_id", "at"),
        tenant_index("audit", "as_user_id", "at", postgresql_where=text("as_user_id is not null")),
        tenant_index("audit", "act", "at"),
    )


def write(
    where: Session | Connection,
    tenant_id: uuid.UUID,
    act: str,
    *,
    actor_id: uuid.UUID | None = None,
    as_user_id: uuid.UUID | None = None,
    record: str | None = None,
    record_id: uuid.UUID | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note an act in the transaction that does it: if this fails, the act does not happen."""
    connection = where.connection() if isinstance(where, Session) else where
    row_id = connection.execute(
        insert(AuditRow)
        .values(
            tenant_id=tenant_id,
            actor_id=actor_id,
            as_user_id=as_user_id,
            act=act,
            record=record,
            record_id=record_id,
            before=before,
            after=after,
        )
        .returning(AuditRow.id)
    ).scalar_one()
    seal_at_commit(connection, tenant_id, row_id)
