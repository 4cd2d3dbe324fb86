"""The last day to cancel a contract: the rule, once, as SQL; and how the contract's page says it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    or_,
)

from app.contracts.schemas import ContractSchema
from app.core.formats import formats_for
from app.core.text import _, _n, labelled, language
from app.reports.source import TODAY, Note

WITHOUT = ("inquiry", "quote", "cancelled")
"""What is not agreed yet, and what is over already, has no day to be cancelled by."""
LONGEST_NOTICE = 120
"""Months. A longer notice period is a slip: the law allows one to three (§ 11 VVG), old contracts twelve or more."""

SOON, NEAR, SEEN_FROM = 14, 30, 90
"""Days before a deadline from which it is critical, from which it is a warning, and from which it is told at all."""


ONE: ColumnElement[int] = literal_column("1", Integer())
ZERO: ColumnElement[int] = literal_column("0", Integer())


def last_day_to_cancel(column: Callable[[str], Any]) -> ColumnElement[Any]:
    """The next last day on which notice can still arrive at the insurer.

    A contract renews by a year at its annual renewal date, unless notice arrives so many months before the insurance
    period ends (§ 11 VVG); that date and its anniversaries end a period each. An expiry date ends one, too, and counts
    if it is the next. The first end counts that can still be met; once its day has passed, the year's after it. With
    an expiry date alone nothing says that the contract renews: its one day is told until the contract has ended, even
    when it has passed. There is none without a notice period, without a date, and for inquiries, quotes and what is
    cancelled. Third-party, dormant and blocked contracts are contracts, and have one.

    Dates name the day on which one period follows the other (a car policy renews on 1 January and is cancelled by
    30 November), but for a month's end: that is the last insured day (31 December, 24:00). Other last insured days
    cannot be told apart from such dates; read so they give the day before, and notice a day early is in time, one a day
    late costs a year. Months are counted back from the last insured day to the same day (§§ 187, 188 BGB), and from a
    month's end to a month's end: three months before 31 May is the last of February, before 30 June it is 31 March.
    """
    months = column("notice_period_months")
    notice = func.make_interval(ZERO, months, type_=Interval())
    # A period that begins on this day or before it can no longer be kept from beginning.
    too_soon = TODAY + notice
    renewal, expiry = _next_period(column("annual_due_on")), _next_period(column("ends_on"))
    years = cast(extract("year", func.age(too_soon, cast(renewal, DateTime()))), Integer())
    renewal = cast(
        renewal
        + func.make_interval(case((renewal > too_soon, ZERO), else_=years + ONE), ZERO, type_=Interval()),
        Date(),
    )
    is_last = and_(column("annual_due_on").is_(None), column("ends_on") >= TODAY)
    begins = func.least(renewal, case((or_(expiry > too_soon, is_last), expiry)), type_=Date())
    # From the first of a month, which follows a month's end; and from any other day.
    day = func.greatest(
        cast(begins - notice, Date()) - ONE, cast(begins - ONE - notice, Date()), type_=Date()
    )
    has_one = and_(
        column("status").not_in([literal(one) for one in WITHOUT]), months.between(0, LONGEST_NOTICE)
    )
    return case((has_one, day))


def _next_period(date: Any) -> ColumnElement[Any]:
    """The day on which the insurance period after this date begins."""
    return case((extract("day", date + ONE) == ONE, date + ONE), else_=date)


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
