"""Choosing to be reminded, and what has come near since."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.contracts.reminders.models import DeadlineReminder
from app.contracts.source import CONTRACT_SOURCE
from app.reports.asking import state_with
from app.reports.facts import rows_in
from app.reports.state import State
from permissions import Viewer
from permissions.noting import note

DAYS = (90, 60, 30)
"""Before the last day to give notice: one may be reminded at each."""
LAST_DAY = "last_day_to_cancel"
LOOKED_BACK = datetime.timedelta(days=30)
"""Of what came near while nobody worked, the latest; as far apart as the days one chooses from."""


class Reminder(NamedTuple):
    days: list[int]
    is_weekly: bool


def reminder_of(connection: Connection, viewer: Viewer) -> Reminder | None:
    row = connection.execute(
        select(DeadlineReminder.days, DeadlineReminder.is_weekly).where(viewer.own(DeadlineReminder))
    ).one_or_none()
    return row and Reminder(*row)


def set_reminder(connection: Connection, viewer: Viewer, days: Iterable[int], *, is_weekly: bool) -> None:
    """Remind a person from now on; with no days, no more."""
    chosen = sorted({*days} & {*DAYS}, reverse=True)
    if not chosen:
        gone = connection.execute(
            delete(DeadlineReminder).where(viewer.own(DeadlineReminder)).returning(DeadlineReminder.id)
        ).scalar_one_or_none()
        if gone is not None:
            note(connection, viewer, "reminder.end", "reminder", gone)
        return
    values = {"days": chosen, "is_weekly": is_weekly}
    reminder_id = connection.execute(
        insert(DeadlineReminder)
        .values(
            tenant_id=viewer.tenant_id,
            user_id=viewer.user_id,
            membership_id=viewer.membership_id,
            reminded_on=viewer.today,
            **values,
        )
        .on_conflict_do_update(
            index_elements=["tenant_id", "user_id", "membership_id"],
            set_={**values, "changed_at": func.now()},
        )
        .returning(DeadlineReminder.id)
    ).scalar_one()
    note(connection, viewer, "reminder.set", "reminder", reminder_id, after=values)


def within(viewer: Viewer, first: datetime.date, last: datetime.date) -> State | None:
    """The contracts whose last day to give notice is one of these, the earliest first; None for who may not ask."""
    limits = ((f"{LAST_DAY}.ge", str(first)), (f"{LAST_DAY}.le", str(last)))
    return state_with(viewer, CONTRACT_SOURCE, *limits, ("sort", LAST_DAY))


def come_near(connection: Connection, viewer: Viewer, days: Iterable[int], since: datetime.date) -> int:
    """How many contracts have since come as near to their last day to give notice as one of these numbers of days, as
    far as this viewer sees them and their days."""
    first = max(since, viewer.today - LOOKED_BACK) + datetime.timedelta(days=1)
    count = 0
    for one in days:
        before = datetime.timedelta(days=one)
        state = within(viewer, first + before, viewer.today + before)
        if state is not None:
            count += rows_in(connection, viewer, CONTRACT_SOURCE, state)
    return count
