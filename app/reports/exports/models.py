"""A file somebody asked for, and how far it is."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, belongs_to, tenant_index


class Export(Record, Base):
    """A large file of an overview, his alone who asked for it."""

    __tablename__ = "exports"

    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    """In which organization; empty for staff."""
    record: Mapped[str]
    """The record type of the overview."""
    address: Mapped[str]
    """What was asked of it, as words of an address. They are read anew, with the rights of the day."""
    ending: Mapped[str] = mapped_column(server_default="xlsx")
    """Of its name, which says what kind of file it is."""
    language: Mapped[str]
    is_mailed: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether he is told by mail when it is there."""
    state: Mapped[str] = mapped_column(server_default="queued")
    rows: Mapped[int]
    rows_done: Mapped[int] = mapped_column(server_default=text("0"))
    reason: Mapped[str | None]
    """Why there is no file, in the words of whoever asked for it."""
    file: Mapped[str | None]
    """Its name in storage."""
    size: Mapped[int | None] = mapped_column(BigInteger)
    seal: Mapped[str | None]
    """What its reader was allowed to see when it was written: whoever may see less must not fetch it."""
    seen_at: Mapped[datetime.datetime | None]
    """When he was told what became of it."""
    expires_at: Mapped[datetime.datetime]

    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        tenant_index("exports", "user_id"),
        tenant_index("exports", "membership_id"),
        tenant_index("exports", "expires_at"),
        CheckConstraint("state in ('queued', 'running', 'finished', 'failed', 'cancelled')", name="state"),
        CheckConstraint("ending in ('csv', 'xlsx', 'pdf')", name="ending"),
    )
