"""The functions of expressions: what each takes and gives, and how the database computes it. There are no others."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    Numeric,
    Text,
    case,
    cast,
    func,
    literal,
)

from app.reports.source import TODAY
from tenants.visibility import BERLIN

SQL = ColumnElement[Any]
FIRST_DAY, LAST_DAY = datetime.date(1, 1, 1), datetime.date(9999, 12, 31)
LONGEST_TEXT = 2000
"""Characters of a text that was put together, so that none grows without end."""
MOST_DAYS, MOST_MONTHS = 4_000_000, 120_000


@dataclass(frozen=True)
class Function:
    """`takes` names the kind of each argument, alternatives by `|`; `same` are kinds that must agree, `places` and
    `count` are whole numbers written out. `gives` is a kind, or `same`. The last one repeats where there is `more`;
    `least` arguments must be there."""

    takes: tuple[str, ...]
    gives: str
    build: Callable[..., SQL]
    least: int
    more: bool = False


def whole(value: SQL, most: int) -> SQL:
    """A number as an integer the server can count with, whatever it was."""
    return cast(func.round(func.greatest(func.least(value, most), -most)), Integer())


def later(day: SQL, days: SQL) -> SQL:
    """So many days later; none where the calendar people use has no such day."""
    count = func.round(days, type_=Numeric())
    first, last = (cast(literal(end).op("-")(day), Numeric()) for end in (FIRST_DAY, LAST_DAY))
    return case((count.between(first, last), day.op("+", return_type=Date())(whole(days, MOST_DAYS))))


def months_later(day: SQL, months: SQL) -> SQL:
    """So many months later, on the month's last day where it has no such day."""
    count = part("year")(day) * 12 + part("month")(day) - 1 + func.round(months, type_=Numeric())
    moved = day.op("+")(cast(func.make_interval(0, whole(months, MOST_MONTHS)), Interval()))
    return case((count.between(12, 12 * 9999 + 11), cast(moved, Date())))


def quotient(left: SQL, right: SQL) -> SQL:
    """To twelve decimals, whatever the size of the numbers; nothing is divided by zero."""
    return func.round(func.round(left, 20) / func.nullif(right, 0), 12, type_=Numeric())


def part(name: str) -> Callable[[SQL], SQL]:
    return lambda day: cast(func.date_part(name, day), Numeric())


def local(moment: SQL) -> SQL:
    """A moment on the broker's clock, as it is shown."""
    return func.timezone(str(BERLIN), moment, type_=DateTime())


def start_of(step: str) -> Callable[[SQL], SQL]:
    return lambda day: cast(func.date_trunc(step, day), Date())


def end_of_month(day: SQL) -> SQL:
    next_month = months_later(start_of("month")(day), literal(Decimal(1)))
    return next_month.op("-", return_type=Date())(literal(1))


def months_between(start: SQL, end: SQL) -> SQL:
    """Whole calendar months; one that has not come round to its day is not counted."""
    year, month, day = part("year"), part("month"), part("day")
    months = (year(end) - year(start)) * 12 + month(end) - month(start)
    return months - case((day(end) < day(start), 1), else_=0)


def short(text: SQL) -> SQL:
    return func.left(text, LONGEST_TEXT, type_=Text())


def joined(*texts: SQL) -> SQL:
    return short(func.concat(*texts))


def either(condition: SQL, then: SQL, otherwise: SQL) -> SQL:
    return case((condition, then), else_=otherwise)


def rounded(number: SQL, places: SQL | None = None) -> SQL:
    """As merchants do: half a unit goes up, away from zero."""
    return func.round(number, places if places is not None else literal(0), type_=Numeric())


def middle(text: SQL, start: SQL, count: SQL) -> SQL:
    return func.substr(text, func.greatest(start, 1), count, type_=Text())


def _numeric(name: str) -> Callable[..., SQL]:
    return lambda *given: getattr(func, name)(*given, type_=Numeric())


def _text(name: str) -> Callable[..., SQL]:
    return lambda *given: getattr(func, name)(*given, type_=Text())


def _alike(name: str) -> Callable[..., SQL]:
    return lambda *given: getattr(func, name)(*given, type_=given[0].type)


FUNCTIONS: dict[str, Function] = {
    "round": Function(("same:number|money", "places"), "same", rounded, 1),
    "floor": Function(("same:number|money",), "same", _numeric("floor"), 1),
    "ceil": Function(("same:number|money",), "same", _numeric("ceil"), 1),
    "abs": Function(("same:number|money",), "same", _numeric("abs"), 1),
    "min": Function(("same:number|money|day|moment",), "same", _alike("least"), 2, more=True),
    "max": Function(("same:number|money|day|moment",), "same", _alike("greatest"), 2, more=True),
    "if": Function(("flag", "same", "same"), "same", either, 3),
    "if_empty": Function(("same",), "same", _alike("coalesce"), 2, more=True),
    "upper": Function(("text",), "text", _text("upper"), 1),
    "lower": Function(("text",), "text", _text("lower"), 1),
    "trim": Function(("text",), "text", _text("btrim"), 1),
    "length": Function(("text",), "number", lambda text: cast(func.length(text), Numeric()), 1),
    "left": Function(("text", "count"), "text", _text("left"), 2),
    "right": Function(("text", "count"), "text", _text("right"), 2),
    "middle": Function(("text", "count", "count"), "text", middle, 3),
    "replace": Function(
        ("text", "text", "text"), "text", lambda *given: short(func.replace(*given, type_=Text())), 3
    ),
    "concat": Function(("text|number|day",), "text", joined, 1, more=True),
    "today": Function((), "day", lambda: TODAY, 0),
    "date": Function(("moment",), "day", lambda moment: cast(local(moment), Date()), 1),
    "hour": Function(("moment",), "number", lambda moment: part("hour")(local(moment)), 1),
    "minute": Function(("moment",), "number", lambda moment: part("minute")(local(moment)), 1),
    "year": Function(("day",), "number", part("year"), 1),
    "quarter": Function(("day",), "number", part("quarter"), 1),
    "month": Function(("day",), "number", part("month"), 1),
    "day": Function(("day",), "number", part("day"), 1),
    "weekday": Function(("day",), "number", part("isodow"), 1),
    "days_between": Function(
        ("day", "day"), "number", lambda start, end: cast(end.op("-")(start), Numeric()), 2
    ),
    "months_between": Function(("day", "day"), "number", months_between, 2),
    "add_days": Function(("day", "number"), "day", later, 2),
    "add_months": Function(("day", "number"), "day", months_later, 2),
    "start_of_month": Function(("day",), "day", start_of("month"), 1),
    "end_of_month": Function(("day",), "day", end_of_month, 1),
    "start_of_year": Function(("day",), "day", start_of("year"), 1),
    # Needs the rates, see sql.py.
    "convert": Function(("money", "currency"), "money", lambda *given: given[0], 2),
}
