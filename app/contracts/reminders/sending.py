"""The jobs that remind of deadlines: at most one mail a day, counted with the rights its recipient then has."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Connection, select, update

from app.contracts.reminders.actions import come_near, within
from app.contracts.reminders.models import DeadlineReminder
from app.core.outbox import Job
from app.core.text import _, _n, labelled
from app.reports.letters import write_to
from permissions import Viewer
from permissions.arrival import viewer_of
from tenants import current, visibility
from tenants.jobs import later


def is_due(is_weekly: bool, reminded_on: datetime.date, today: datetime.date) -> bool:
    """A weekly one on Mondays, or on the first day after one on which nobody worked."""
    monday = today - datetime.timedelta(days=today.weekday())
    return reminded_on < (monday if is_weekly else today)


def plan_reminders(connection: Connection) -> None:
    """Note whom to remind today."""
    tenant, today = current.tenant_id(), visibility.today()
    known = (DeadlineReminder.user_id, DeadlineReminder.is_weekly, DeadlineReminder.reminded_on)
    rows = connection.execute(select(*known).where(DeadlineReminder.tenant_id == tenant)).all()
    for user_id in {row.user_id for row in rows if is_due(row.is_weekly, row.reminded_on, today)}:
        later(connection, send_reminder, once=f"{user_id} {today}", user_id=user_id)


def send_reminder(connection: Connection, user_id: uuid.UUID) -> None:
    """Remind a person of what has come near in all his organizations, if anything has."""
    table, today = DeadlineReminder, visibility.today()
    own = (table.tenant_id == current.tenant_id(), table.user_id == user_id)
    found: list[tuple[Viewer, int, int]] = []
    for row in connection.execute(select(table.__table__).where(*own).with_for_update()).all():
        viewer = viewer_of(connection, user_id, row.membership_id)
        if viewer is None or not is_due(row.is_weekly, row.reminded_on, today):
            continue
        count = come_near(connection, viewer, row.days, row.reminded_on)
        found += [(viewer, count, max(row.days))] if count else []
        connection.execute(update(table).where(*own, table.id == row.id).values(reminded_on=today))
    if not found:
        return
    viewer, _count, farthest = found[0]
    total = sum(count for _viewer, count, _farthest in found)
    state = within(viewer, today, today + datetime.timedelta(days=farthest))
    # Which of several organizations he will be in, nobody knows.
    way = state.address("/contracts") if state and len(found) == 1 else "/"

    def composed(home: str) -> tuple[str, list[str]]:
        return _("Reminder of deadlines"), [
            _n(
                "The last day to give notice is coming up for {n} contract.",
                "The last day to give notice is coming up for {n} contracts.",
                total,
            ),
            labelled(_("See which in the portal"), f"{home}{way}"),
            labelled(_("Change or end this reminder"), f"{home}/settings/deadlines"),
        ]

    write_to(connection, viewer, f"deadlines-{user_id}.{today}", composed)


JOBS = [Job(plan_reminders, lease=5 * 60, daily=datetime.time(6, 15)), Job(send_reminder, lease=5 * 60)]
