"""On which days a subscription is sent, and whether one of them was missed."""

from __future__ import annotations

import datetime
from calendar import monthrange

LOOKED_AHEAD = 31
"""Days within which every rhythm comes round."""


def is_due(rhythm: str, day: int | None, on: datetime.date) -> bool:
    """Whether a day is one of the rhythm's. A month too short for its day is sent on its last."""
    match rhythm:
        case "daily":
            return True
        case "weekly":
            return on.isoweekday() == day
        case "monthly":
            return on.day == min(day or 1, monthrange(on.year, on.month)[1])
    return False


def next_day(
    rhythm: str, day: int | None, starts_on: datetime.date, ends_on: datetime.date, today: datetime.date
) -> datetime.date | None:
    """The first day after today that it is sent on; None when there is none any more."""
    first = max(starts_on, today + datetime.timedelta(days=1))
    days = (first + datetime.timedelta(days=n) for n in range(LOOKED_AHEAD))
    return next((on for on in days if on <= ends_on and is_due(rhythm, day, on)), None)


def was_missed(
    rhythm: str, day: int | None, starts_on: datetime.date, done_on: datetime.date, today: datetime.date
) -> bool:
    """Whether one of its days has passed since it was last seen to, or set up, without anything being sent."""
    first = max(
        starts_on, done_on + datetime.timedelta(days=1), today - datetime.timedelta(days=LOOKED_AHEAD)
    )
    days = (first + datetime.timedelta(days=n) for n in range((today - first).days))
    return any(is_due(rhythm, day, on) for on in days)
