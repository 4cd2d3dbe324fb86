"""The last day to cancel a contract: the rule, once, as SQL; and how the contract's page says it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from app.contracts.notice import LAST_OF_FEBRUARY
from app.contracts.schemas import ContractSchema
from app.core.formats import formats_for
from app.core.text import _, _n, labelled, language
from app.reports.source import TODAY, Note

WITHOUT = ("inquiry", "quote", "cancelled")
"""What is not agreed yet, and what is over already, has no day to be cancelled by."""
SOON, NEAR, SEEN_FROM = 14, 30, 90
"""Days before a deadline from which it is critical, from which it is a warning, and from which it is told at all."""


def last_day_to_cancel(column: Callable[[str], Any]) -> ColumnElement[Any]:
    """The next last day on which notice can still arrive at the insurer.

    A contract renews by a year at its annual renewal date, unless notice arrives so many months before the insurance
    period ends (§ 11 VVG); that date and its anniversaries end a period each. An expiry date ends one, too, and counts
    if it is the next. The first end counts that can still be met; once its day has passed, the year's after it. With
    an expiry date alone nothing says that the contract renews: its one day is told until the contract has ended, even
    when it has passed. There is none without a notice period, without a date, and for inquiries, quotes and what is
    cancelled. Third-party, dormant and blocked contracts are contracts, and have one.

    How a day follows from a date and the notice period: app/contracts/notice.py.
    """
    renewal, expiry = column("renewal_notice"), column("expiry_notice")
    is_over_this_year = cast(renewal % YEAR < TODAY_IN_YEAR, Integer())
    renews = _day(func.greatest(renewal // YEAR, THIS_YEAR + is_over_this_year), renewal % YEAR)
    is_last = and_(renewal.is_(None), column("ends_on") >= TODAY)
    ends = case(
        (or_(expiry >= THIS_YEAR * YEAR + TODAY_IN_YEAR, is_last), _day(expiry // YEAR, expiry % YEAR))
    )
    has_one = column("status").not_in([literal(one) for one in WITHOUT])
    return case((has_one, func.least(renews, ends, type_=Date())))


def _once(value: ColumnElement[Any]) -> ScalarSelect[int]:
    """Computed once for a query, not for each row."""
    return select(cast(value, Integer())).scalar_subquery()


YEAR: ColumnElement[int] = literal_column("10000", Integer())
THIS_YEAR = _once(extract("year", TODAY))
TODAY_IN_YEAR = _once(extract("month", TODAY) * 100 + extract("day", TODAY))


def _day(year: ColumnElement[int], day: ColumnElement[int]) -> ColumnElement[Any]:
    """The day that a number such as 1130 means in a year."""
    return case(
        (day == LAST_OF_FEBRUARY, func.make_date(year, 3, 1, type_=Date()) - 1),
        else_=func.make_date(year, day // 100, day % 100, type_=Date()),
    )


def tone_of(left: int) -> str | None:
    """How loudly a deadline is told so many days before."""
    return "critical" if left <= SOON else "warning" if left <= NEAR else None


def notice_sentence(row: Mapping[str, Any], today: datetime.date) -> Note | None:
    """What the page of a contract opens with, from the values its viewer may read: until when it can be cancelled."""
    day = row.get("last_day_to_cancel")
    if day is None or (left := (day - today).days) > SEEN_FROM:
        return None
    formats = formats_for(language())
    if left < 0:
        ends = labelled(ContractSchema.field("ends_on").label, formats.day_long(row["ends_on"]))
        return Note(labelled(_("Deadline passed"), formats.day_long(day)), ends, None, "clock")
    title = _n(
        "Can be cancelled until {weekday} {day}: {n} day left",
        "Can be cancelled until {weekday} {day}: {n} days left",
        left,
        weekday=formats.weekday(day),
        day=formats.day_long(day),
    )
    if left == 0:
        title = _("Today is the last day to give notice")
    text = _("Notice must reach the insurer no later than {date}.", date=formats.day_long(day))
    if row["annual_due_on"] is not None:
        text = f"{text} " + _("After that the contract renews for a year.")
    return Note(title, text, "warning" if left <= NEAR else "info", "clock")
