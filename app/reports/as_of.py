"""A past day or moment as an address names it, `as_of=2026-01-31`, and how it is told on the page."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from app.core.formats import formats_for
from app.core.text import LazyText, _, _l, language
from app.reports.source import Source
from tenants.visibility import BERLIN, today

EARLIEST = 1900
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class AsOf:
    """The moment whose data is asked for; of a day, its last one at the broker's."""

    given: str
    moment: datetime.datetime
    is_day: bool

    @property
    def day(self) -> datetime.date:
        return self.moment.astimezone(BERLIN).date()

    @property
    def is_to_come(self) -> bool:
        return self.day > today() if self.is_day else self.moment > datetime.datetime.now(datetime.UTC)


def read_as_of(text: str) -> AsOf | None:
    """The day or moment a text names, at the broker's unless it says where; None when it names none."""
    try:
        if DAY.fullmatch(text):
            day = datetime.date.fromisoformat(text)
            next_day = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), BERLIN)
            found = AsOf(text, next_day.astimezone(datetime.UTC) - datetime.timedelta(microseconds=1), True)
        elif "T" in text:
            moment = datetime.datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)
            found = AsOf(text, moment.astimezone(datetime.UTC), False)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return found if found.moment.year >= EARLIEST else None


def refusal(source: Source, as_of: AsOf) -> LazyText | None:
    """Why these records cannot be shown as at that moment; asked each time, for the future does not stay one."""
    if source.past is None:
        return _l("These records keep no history. Only their current data can be shown.")
    if as_of.is_to_come:
        return _l("{date} is in the future. Choose a day that has passed.", date=Said(as_of))
    return None


class Said:
    """The day or moment in the words of whoever reads it."""

    def __init__(self, as_of: AsOf) -> None:
        self.as_of = as_of

    def __format__(self, spec: str) -> str:
        formats = formats_for(language())
        return formats.day(self.as_of.day) if self.as_of.is_day else formats.moment(self.as_of.moment)


def told(as_of: AsOf) -> str:
    """„Stand vom 31.01.2026“, and the time if there is one."""
    formats = formats_for(language())
    day = formats.day(as_of.day)
    if as_of.is_day:
        return _("As at {date}", date=day)
    return _("As at {date}, {time}", date=day, time=formats.time(as_of.moment))


def tool(source: Source, state: Any, may_choose: bool) -> SimpleNamespace | None:
    """What an overview offers of the past: the day it stands at, and the way back for whoever may choose a day. None
    without a history."""
    if source.past is None or not (may_choose or state.as_of):
        return None
    if state.as_of is None:
        return SimpleNamespace(told=None, day="", may_choose=True)
    return SimpleNamespace(
        told=told(state.as_of),
        day=str(state.as_of.day),
        may_choose=may_choose,
        now_url=state.address(f"/{source.plural}", as_of=None),
        changes_url=state.address(
            f"/{source.plural}/changes", ("from", state.as_of.given), as_of=None, grouping=None
        ),
    )
