"""What people and their programs come in with, and how often somebody tried in vain."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, one_per_person, tenant_index


class Session(TenantOwned, Base):
    """A signed-in browser. Only the hash of its cookie is stored."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    seen_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    expires_at: Mapped[datetime.datetime]

    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        tenant_index("sessions", "user_id"),
        tenant_index("sessions", "membership_id"),
    )


class ApiToken(Record, Base):
    """A bearer token of a person, for one organization (or the desk). Only its hash is stored."""

    __tablename__ = "api_tokens"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    expires_at: Mapped[datetime.datetime | None]
    used_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        Index("uq_api_tokens_hash", "tenant_id", "token_hash", unique=True),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        tenant_index("api_tokens", "user_id"),
        tenant_index("api_tokens", "membership_id"),
    )


class CalendarFeed(Record, Base):
    """The calendar of a person's deadlines, for one organization (or the desk). Whoever has its address reads it,
    without signing in; only the hash of the secret in it is stored."""

    __tablename__ = "calendar_feeds"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    used_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        Index("uq_calendar_feeds_hash", "tenant_id", "token_hash", unique=True),
        *one_per_person("calendar_feeds"),
    )


class SignInTry(TenantOwned, Base):
    """Failed tries to sign in, counted per address and account in one statement."""

    __tablename__ = "sign_in_tries"

    subject: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    until: Mapped[datetime.datetime]
    """When the count starts anew."""
