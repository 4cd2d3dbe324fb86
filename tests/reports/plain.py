"""Reports in plain Python: which rows are found, in which order they stand, and what their totals come to."""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from statistics import median
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""A record's values by field; a reference by its title, its id beside it under `…_id`."""
NUMBERS = ("money", "number", "percent", "whole", "size")


@dataclass(frozen=True)
class Field:
    """A column as the plain side knows it. `codes` are what its codes are called; `currency` is where an amount's
    stands."""

    key: str
    kind: str
    label: str
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)
    currency: str = ""
    is_searched: bool = False
    is_masked: bool = False

    def words(self, value: Any) -> str:
        return self.codes.get(value, value)


def folded(text: str) -> str:
    """How texts are compared: without case and accents."""
    plain = re.sub("[\u0300-\u036f]", "", normalize("NFD", text.replace("ß", "ss")))
    return "".join(sign.lower() for sign in plain)


# Filters


def holds(one: Field, operator: str, given: Sequence[Any], row: Row, today: datetime.date) -> bool:
    """Whether a row meets a condition. What has no value is not like any, and so it is unlike all."""
    value = row[f"{one.key}_id"] if one.kind == "reference" and operator in ("is", "not") else row[one.key]
    if operator in ("is_empty", "is_not_empty"):
        return (value is None) == (operator == "is_empty")
    if value is None:
        return operator in ("not", "not_in", "not_contains")
    if operator in ("last", "next"):
        first, last = days_of(operator, *given, today)
        return first <= (day_in_berlin(value) if one.kind == "moment" else value) <= last
    if one.kind == "words":
        return bool(set(value) & set(given))
    if one.kind in ("text", "long_text") or (one.kind == "reference" and isinstance(value, str)):
        value, given = folded(value), [folded(text) for text in given]
    compare: dict[str, Callable[[], bool]] = {
        "is": lambda: value in given,
        "in": lambda: value in given,
        "not": lambda: value not in given,
        "not_in": lambda: value not in given,
        "contains": lambda: given[0] in value,
        "not_contains": lambda: given[0] not in value,
        "starts": lambda: value.startswith(given[0]),
        "matches": lambda: (
            re.fullmatch(re.escape(given[0]).replace(r"\*", ".*").replace(r"\?", "."), value, re.S)
            is not None
        ),
        "ge": lambda: value >= given[0],
        "le": lambda: value <= given[0],
        "gt": lambda: value > given[0],
        "lt": lambda: value < given[0],
    }
    return compare[operator]()


def is_found(text: str, fields: Sequence[Field], row: Row) -> bool:
    """Whether the search finds a row: the text stands in any column it looks through."""
    wanted = folded(" ".join(text.split()))
    return any(
        one.is_searched and row[one.key] is not None and wanted in folded(one.words(row[one.key]))
        for one in fields
    )


def days_of(
    operator: str, count: int, unit: str, today: datetime.date
) -> tuple[datetime.date, datetime.date]:
    count = -count if operator == "last" else count
    if unit in "dw":
        other = today + datetime.timedelta(days=count * {"d": 1, "w": 7}[unit])
    else:
        year, month = divmod(today.year * 12 + today.month - 1 + count * {"m": 1, "y": 12}[unit], 12)
        other = datetime.date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    return min(today, other), max(today, other)


def day_in_berlin(moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(ZoneInfo("Europe/Berlin")).date()


# Order


@dataclass(frozen=True)
class Sort:
    """A column to order by. As a heading it keeps rows of one value together, even if another is called the same."""

    field: Field
    is_descending: bool = False
    are_empty_first: bool = False
    is_heading: bool = False

    def place(self, row: Row) -> Any:
        """What a row sorts by: texts folded, codes as the words people read."""
        value = row[self.field.key]
        if value is None or self.field.kind not in ("text", "reference", "code"):
            return value
        said = folded(self.field.words(value))
        return (said, str(shared(self.field, row))) if self.is_heading else said


def in_order(rows: Sequence[Row], sorts: Sequence[Sort]) -> list[Row]:
    found = list(rows)
    for sort in reversed(sorts):
        empty = [row for row in found if sort.place(row) is None]
        known = [row for row in found if sort.place(row) is not None]
        known.sort(key=sort.place, reverse=sort.is_descending)
        found = [*empty, *known] if sort.are_empty_first else [*known, *empty]
    return found


# Money


@dataclass(frozen=True)
class Money:
    """What a reader's amounts are converted to, on which day, and the rates: by currency, day and units for a euro."""

    currency: str | None
    valuation: str
    rates: Mapping[str, Sequence[tuple[datetime.date, Decimal]]]
    today: datetime.date

    def day(self, row: Row, valued_on: str | None) -> datetime.date:
        if self.valuation == "year_end":
            return max(
                day for year in (self.today.year - 1, self.today.year)
                if (day := datetime.date(year, 12, 31)) <= self.today
            )  # fmt: skip
        if self.valuation == "contract_start" and valued_on:
            return min(row[valued_on] or self.today, self.today)
        return self.today

    def rate(self, currency: str, day: datetime.date) -> tuple[Fraction, datetime.date | None] | None:
        if currency == "EUR":
            return Fraction(1), None
        known = [(when, rate) for when, rate in self.rates.get(currency, ()) if when <= day]
        return (Fraction(max(known)[1]), max(known)[0]) if known else None

    def converted(
        self, row: Row, one: Field, valued_on: str | None
    ) -> tuple[Fraction, datetime.date | None] | None:
        """An amount before it is rounded, and the older of the days its rates are of; None where there is no rate."""
        amount, own = Fraction(row[one.key]), row[one.currency]
        if own == self.currency:
            return amount, None
        day = self.day(row, valued_on)
        from_, into = self.rate(own, day), self.rate(str(self.currency), day)
        if from_ is None or into is None:
            return None
        return amount / from_[0] * into[0], min(filter(None, (from_[1], into[1])))


def rounded(number: Fraction | Decimal | int, digits: int) -> Decimal:
    """Half to even."""
    return Decimal(round(Fraction(number) * 10**digits)).scaleb(-digits)


def digits_of(currency: str) -> int:
    return {"VUV": 0, "XPF": 0, "TND": 3}.get(currency, 2)


# Totals


def figure(rows: Sequence[Row], function: str, one: Field, money: Money, valued_on: str | None) -> Any:
    """A total over rows: a number, an amount with its currency, None where there is nothing, or MIXED."""
    known = [row for row in rows if row[one.key] is not None]
    if function == "distinct":
        return len({distinct(one, row) for row in known})
    values: list[Any] = [row[one.key] for row in known]
    currency = None
    if one.kind == "money":
        currencies = {row[one.currency] for row in known}
        if money.currency:
            found = [money.converted(row, one, valued_on) for row in known]
            values, currency = [each[0] for each in found if each is not None], money.currency
        elif len(currencies) > 1:
            return MIXED
        else:
            currency = next(iter(currencies), None)
    if not values:
        return MIXED if known else None
    compute: dict[str, Callable[[], Any]] = {
        "sum": lambda: sum(values),
        "avg": lambda: sum(map(Fraction, values)) / len(values),
        "median": lambda: median(map(Fraction, values)),
        "min": lambda: min(values),
        "max": lambda: max(values),
    }
    value = compute[function]()
    if currency:
        return rounded(value, digits_of(currency)), currency
    return rounded(value, 2) if function == "avg" else value


MIXED = "several currencies"


def distinct(one: Field, row: Row) -> Any:
    """What makes the value of a row another than that of the next."""
    if one.kind == "money":
        return row[one.key], row[one.currency]
    return shared(one, row)


def shared(one: Field, row: Row) -> Any:
    """What rows have in common under a heading."""
    if one.kind == "reference":
        return row[f"{one.key}_id"]
    return folded(row[one.key]) if one.kind == "text" and row[one.key] is not None else row[one.key]


def half_even(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
