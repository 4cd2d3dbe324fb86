"""Who looked at the portal through whose eyes: kept for the user to read, and by its cookie the look itself."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, TenantOwned, belongs_to, tenant_index


class LookRow(TenantOwned, Base):
    """One look. It lasts while it has not ended, its time is not up, and its actor is signed in where he began it."""

    __tablename__ = "looks"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    session_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The session of the actor; empty once he has signed out."""
    actor_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    """In which organization the user is looked at; empty once he has left it."""
    reason: Mapped[str]
    minutes: Mapped[int]
    may_act: Mapped[bool]
    began_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    until: Mapped[datetime.datetime]
    ended_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        Index("uq_looks_hash", "tenant_id", "token_hash", unique=True),
        ForeignKeyConstraint(
            ["tenant_id", "session_hash"],
            ["sessions.tenant_id", "sessions.token_hash"],
            ondelete="SET NULL (session_hash)",
        ),
        belongs_to("users", "actor_id"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", optional=True),
        tenant_index("looks", "session_hash"),
        tenant_index("looks", "actor_id"),
        tenant_index("looks", "user_id"),
        tenant_index("looks", "membership_id"),
        CheckConstraint("until <= began_at + interval '30 minutes'", name="until"),
        CheckConstraint("actor_id <> user_id", name="actor"),
    )
