"""Who gets which report by mail, when, until when, and what became of it."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, belongs_to, tenant_index

RHYTHMS = ("once", "daily", "weekly", "monthly")


class ReportSubscription(Record, Base):
    """A report that is mailed to one address."""

    __tablename__ = "report_subscriptions"

    report_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID]
    """Who subscribed."""
    membership_id: Mapped[uuid.UUID | None]
    """In which organization; empty for staff."""
    address: Mapped[str | None]
    """Lower case; empty for the subscriber himself, whatever his address is by then."""
    rhythm: Mapped[str]
    day: Mapped[int | None]
    """Of the week, Monday being 1, or of the month; its last one where the month is shorter."""
    ending: Mapped[str] = mapped_column(server_default="csv")
    """Of the attached file's name, which says what kind of file it is."""
    starts_on: Mapped[datetime.date]
    ends_on: Mapped[datetime.date]
    """The last day on which it is sent."""
    sent_on: Mapped[datetime.date | None]
    """The day of the latest mail, or of finding that there is none to send."""
    result: Mapped[str | None]
    """What became of the latest mail, a code of `results`."""
    result_at: Mapped[datetime.datetime | None] = mapped_column()

    __table_args__ = (
        belongs_to("saved_reports", "report_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        tenant_index("report_subscriptions", "report_id"),
        tenant_index("report_subscriptions", "user_id"),
        tenant_index("report_subscriptions", "membership_id"),
        CheckConstraint(f"rhythm in {RHYTHMS}", name="rhythm"),
        CheckConstraint(
            "case rhythm when 'weekly' then day between 1 and 7 when 'monthly' then day between 1 and 31"
            " else day is null end",
            name="day",
        ),
        CheckConstraint("ends_on >= starts_on", name="period"),
        CheckConstraint("ending in ('csv', 'xlsx', 'pdf')", name="ending"),
    )
