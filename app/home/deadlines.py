"""The next deadlines of the home page: which contracts can still be cancelled, and which end by themselves."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import Connection

from app import contracts
from app.accounts.access import SUBSCRIBE_CALENDAR
from app.core.formats import formats_for
from app.core.text import _, _n, _p, labelled, language
from app.reports.asking import may_open, state_with
from app.reports.columns import columns_of
from app.reports.source import SOURCES
from app.reports.state import State
from permissions import Viewer

WITHIN = (30, 60, 90)
"""Days; the home page looks as far ahead as the last of them."""
SHOWN = 5
LAST_DAY = "last_day_to_cancel"


def within(viewer: Viewer, key: str, days: int, *words: tuple[str, str]) -> State | None:
    """The contracts with a day in this column among the next ones, the earliest first; None for who may not ask."""
    until = viewer.today + datetime.timedelta(days=days)
    limits = ((f"{key}.ge", str(viewer.today)), (f"{key}.le", str(until)), ("sort", key))
    state = state_with(viewer, SOURCES["contract"], *limits, *words)
    return state if state and "number" in columns_of(SOURCES["contract"], viewer.rights) else None


def ending(viewer: Viewer) -> tuple[tuple[str, str], ...]:
    """Which contracts end at their expiry date: those in force. Whoever sees the last days to cancel is told only of
    those without; the others renew, or he is told of the day."""
    in_force = ("status", "own")
    if within(viewer, LAST_DAY, 1) is None:
        return (in_force,)
    return (in_force, (f"{LAST_DAY}.is_empty", "1"))


def next_deadlines(connection: Connection, viewer: Viewer) -> list[tuple[Any, ...]]:
    """The next few, as the home page shows them."""
    until = str(viewer.today + datetime.timedelta(days=WITHIN[-1]))
    ends_on = SOURCES["contract"].schema.field("ends_on").label
    kinds = (
        (LAST_DAY, _p("deadline", "Notice of cancellation"), ()),
        ("ends_on", str(ends_on), ending(viewer)),
    )
    found = [
        (one, label)
        for key, label, words in kinds
        for one in contracts.upcoming(connection, viewer, key, SHOWN, (f"{key}.le", until), *words)
    ]
    found.sort(key=lambda entry: entry[0].day)
    formats, shown = formats_for(language()), []
    for one, label in found[:SHOWN]:
        left = (one.day - viewer.today).days
        shown.append(
            (
                *formats.day_and_month(one.day),
                contracts.tone_of(left),
                labelled(label, one.name),
                " · ".join(one.more),
                _n("in {n} day", "in {n} days", left) if left else _("today"),
                f"/contracts/{one.contract_id}",
            )
        )
    return shown


def ways(viewer: Viewer) -> list[tuple[str, str]]:
    """From the tile to all contracts that can be cancelled within so many days."""
    states = ((days, within(viewer, LAST_DAY, days)) for days in WITHIN)
    return [
        (_n("within {n} day", "within {n} days", days), state.address("/contracts"))
        for days, state in states
        if state and may_open(viewer, state)
    ]


def calendar_url(viewer: Viewer) -> str | None:
    """Where a person gets his deadlines as a calendar."""
    has_any = within(viewer, LAST_DAY, 1) is not None and viewer.may(SUBSCRIBE_CALENDAR)
    return "/settings#calendar" if has_any else None
