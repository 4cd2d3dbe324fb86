"""The subscriptions somebody may see: his own, and all of the broker's for whoever manages reports."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.core.db import read
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.saved.access import is_manager
from app.reports.saved.queries import OPEN, Saved, values_of
from app.reports.source import SOURCES
from app.reports.subscriptions.schedule import next_day
from app.reports.subscriptions.words import ENDING_WORDS, RESULTS, RHYTHM_WORDS
from permissions import Viewer

MOST_LISTED = 1000

LISTED = f"""
    select s.id, r.id, r.name, r.source, u.name, coalesce(s.address, u.email), s.rhythm, s.day, s.starts_on, s.ends_on,
           s.ending, s.result, s.result_at, {OPEN} as is_open
      from report_subscriptions s
      join saved_reports r on r.tenant_id = s.tenant_id and r.id = s.report_id
      join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
     where s.tenant_id = %(tenant)s and (s.user_id = %(user)s or %(is_manager)s)
       and (cast(%(report)s as uuid) is null or r.id = %(report)s)
     order by s.ends_on < %(today)s, r.name, s.id limit {MOST_LISTED}"""

RUNNING = """
    select count(*) from report_subscriptions s
     where s.tenant_id = %(tenant)s and s.report_id = %(report)s and s.ends_on >= %(today)s and s.rhythm <> 'once'"""


class Subscription(NamedTuple):
    """A subscription in words."""

    id: uuid.UUID
    name: str
    """The report’s; of one that the reader may not open, only its overview’s."""
    url: str | None
    who: str
    address: str
    rhythm: str
    """And the kind of file."""
    ends_on: str
    next_on: str
    result: str
    result_at: str
    is_running: bool


def subscriptions_of(
    connection: Connection, viewer: Viewer, report: Saved | None = None
) -> list[Subscription]:
    values = {
        **values_of(viewer),
        "today": viewer.today,
        "is_manager": is_manager(viewer) and report is None,
        "report": report.id if report else None,
    }
    return [_told(viewer, row) for row in read(connection, LISTED, values).fetchall() if row[3] in SOURCES]


def count_of(connection: Connection, viewer: Viewer, report: Saved) -> int:
    """How many subscriptions end when a report is deleted."""
    values = {"tenant": viewer.tenant_id, "report": report.id, "today": viewer.today}
    return read(connection, RUNNING, values).fetchall()[0][0]


def _told(viewer: Viewer, row: tuple[Any, ...]) -> Subscription:
    (
        found,
        report_id,
        name,
        record,
        who,
        address,
        rhythm,
        day,
        starts_on,
        ends_on,
        ending,
        result,
        result_at,
        is_open,
    ) = row
    formats, source = formats_for(language()), SOURCES[record]
    next_on = next_day(rhythm, day, starts_on, ends_on, viewer.today)
    said = str(RESULTS[result]) if result in RESULTS else _("Waiting") if rhythm == "once" else ""
    return Subscription(
        id=found,
        name=name if is_open else str(source.area.label),
        url=f"/{source.plural}?report={report_id}" if is_open else None,
        who=who,
        address=address,
        rhythm=f"{RHYTHM_WORDS[rhythm]} · {ENDING_WORDS[ending]}",
        ends_on=formats.day(ends_on),
        next_on=formats.day(next_on),
        result=said,
        result_at=formats.moment(result_at),
        is_running=next_on is not None,
    )
