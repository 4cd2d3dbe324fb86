"""Who is reminded by mail of the last days to give notice, and how long before."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ARRAY, CheckConstraint, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, one_per_person


class DeadlineReminder(Record, Base):
    """One person's wish, for one organization (or the desk)."""

    __tablename__ = "deadline_reminders"

    user_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    days: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """How long before the last day to give notice."""
    is_weekly: Mapped[bool]
    """Whether a mail comes on Mondays at most, not on any day."""
    reminded_on: Mapped[datetime.date]
    """The last day that was looked at: a mail is about what has come near since."""

    __table_args__ = (
        *one_per_person("deadline_reminders"),
        CheckConstraint("cardinality(days) > 0 and days <@ array[30, 60, 90]", name="days"),
    )
