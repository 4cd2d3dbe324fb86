"""What the broker tells his clients on their home page and who has read it, and how each has laid his page out."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, one_per_person, tenant_index


class Announcement(Record, Base):
    """A general message of the broker: on the home page from its first day to its last, until it is marked as read."""

    __tablename__ = "announcements"

    words: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)
    """By language, see app/home/wording.py."""
    tone: Mapped[str] = mapped_column(server_default="notice")
    starts_on: Mapped[datetime.date]
    ends_on: Mapped[datetime.date | None]
    """The last day it is shown."""
    is_for_all: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        tenant_index("announcements", "starts_on"),
        CheckConstraint("tone in ('notice', 'important')", name="tone"),
        CheckConstraint("ends_on >= starts_on", name="ends_on"),
    )


class AnnouncementOrganization(TenantOwned, Base):
    """An organization that a message is for, if it is not for all."""

    __tablename__ = "announcement_organizations"

    announcement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("announcements", "announcement_id", ondelete="CASCADE"),
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        tenant_index("announcement_organizations", "organization_id"),
    )


class AnnouncementReceipt(TenantOwned, Base):
    """That a person has read a message."""

    __tablename__ = "announcement_receipts"

    announcement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    read_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))

    __table_args__ = (
        belongs_to("announcements", "announcement_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("announcement_receipts", "user_id"),
    )


class WelcomeVideo(TenantOwned, Base):
    """A video file that the broker has put into the portal's store."""

    __tablename__ = "welcome_videos"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str]
    stored_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))


class Home(Record, Base):
    """How a person has laid out his home page, in one organization (or at the desk)."""

    __tablename__ = "homes"

    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    places: Mapped[dict[str, list[str]] | None] = mapped_column(JSONB(none_as_null=True))
    """Widgets by their place, see app/home/layout.py; empty for the standard."""
    welcome_closed: Mapped[str | None]
    """Which welcome message he has put away; a new one is shown again."""

    __table_args__ = one_per_person("homes")
