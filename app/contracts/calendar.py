"""The last days to cancel as a calendar that other programs subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

import datetime
from urllib.parse import urlsplit

from icalendar import Alarm, Calendar, Event
from sqlalchemy import Connection

from app.contracts.upcoming import Deadline, upcoming
from app.core.formats import formats_for
from app.core.text import _, labelled, language
from permissions import Viewer

MOST_EVENTS = 500
"""The next ones; a calendar of thousands helps nobody, and some programs refuse it."""
REMINDED = (14, 3)
"""Days before the last one, at nine in the morning."""
MORNING = datetime.timedelta(hours=9)
ASK_EVERY = datetime.timedelta(hours=12)


def calendar_of(connection: Connection, viewer: Viewer, broker: str, base: str) -> bytes:
    """The calendar as this viewer's profile allows it now; `base` is the address of the portal it leads back to."""
    calendar = Calendar()
    name = labelled(_("Deadlines"), broker)
    calendar.add("prodid", "-//Portico//Deadlines//" + language().upper())
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for deadline in upcoming(connection, viewer, "last_day_to_cancel", MOST_EVENTS):
        calendar.add_component(_event(deadline, viewer.today, base))
    return calendar.to_ical()


def _event(deadline: Deadline, today: datetime.date, base: str) -> Event:
    event = Event()
    summary = labelled(_("Last day to give notice"), deadline.name)
    date = formats_for(language()).day_long(deadline.day)
    lines = [*deadline.more, _("Notice must reach the insurer no later than {date}.", date=date)]
    # Stays when the day is corrected; the day of another year is another event.
    event.add("uid", f"notice-{deadline.contract_id}-{deadline.day.year}@{urlsplit(base).hostname}")
    # The day it was made suffices: the calendar stays the same, byte by byte, until something changes.
    event.add("dtstamp", datetime.datetime.combine(today, datetime.time(), datetime.UTC))
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + datetime.timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(lines))
    event.add("url", f"{base}/contracts/{deadline.contract_id}")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for days in REMINDED:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", MORNING - datetime.timedelta(days=days))
        event.add_component(alarm)
    return event
