"""Amounts in the profile currency, in SQL: the rate, its day, the cross rate through the euro, the rounding."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CHAR, ColumnElement, Date, bindparam, case, cast, func, literal, select

from app.core.formats import currency_digits
from app.core.money import ExchangeRate
from app.reports.source import Source

if TYPE_CHECKING:
    from app.reports.rows import Rows

CURRENCY = bindparam("currency", type_=CHAR(3))
VALUED_ON = bindparam("valued_on", type_=Date())
"""Today, or the past day whose data is shown."""
RATES = ExchangeRate.__table__


def last_year_end(today: datetime.date) -> datetime.date:
    """The last 31 December on or before a day."""
    return today if (today.month, today.day) == (12, 31) else datetime.date(today.year - 1, 12, 31)


def valuation_day(source: Source, rows: Rows, valuation: str) -> ColumnElement[Any]:
    """The day whose rate counts: today, the last year end, or the start of the contract where the source has one.
    A contract that starts later is valued today; no rate is known for its day."""
    if valuation == "year_end":
        return cast(func.date_trunc("year", VALUED_ON + literal(1)), Date()) - literal(1)
    if valuation == "contract_start" and source.valued_on:
        return func.least(func.coalesce(rows.column(source.valued_on), VALUED_ON), VALUED_ON)
    return VALUED_ON


def _latest(column: Any, currency: Any, day: Any, name: str) -> ColumnElement[Any]:
    rates = RATES.alias(name)
    return (
        select(rates.c[column])
        .where(rates.c.currency == currency, rates.c.day <= day)
        .order_by(rates.c.day.desc())
        .limit(1)
        .scalar_subquery()
    )


def rate_of(currency: Any, day: Any, name: str) -> ColumnElement[Any]:
    """Units of a currency for one euro on the last published day on or before `day`; empty when there is none."""
    return case((currency == literal("EUR"), literal(1)), else_=_latest("rate", currency, day, name))


def converted(source: Source, rows: Rows, currency: str, valuation: str) -> list[ColumnElement[Any]]:
    """The source's amount in the profile currency, rounded half to even at its digits, and the rate's day.
    Empty when a rate is missing: never guessed, never one."""
    amount = rows.column(source.money or "")
    own = rows.column(source.schema.field(source.money or "").currency)
    day = valuation_day(source, rows, valuation)
    across = amount / rate_of(own, day, "rate_from") * rate_of(CURRENCY, day, "rate_to")
    value = case(
        (own == CURRENCY, func.trim_scale(amount)),
        else_=func.half_even(across, literal(currency_digits(currency))),
    )
    # What both rates were published on: the older of the two days, empty for the euro itself.
    days = func.least(
        case((own == literal("EUR"), None), else_=_latest("day", own, day, "day_from")),
        case((literal("EUR") == CURRENCY, None), else_=_latest("day", CURRENCY, day, "day_to")),
    )
    return [value, case((own == CURRENCY, None), else_=days)]
