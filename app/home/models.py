"""What the broker tells his clients on their home page, and who has read it."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, tenant_index


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
