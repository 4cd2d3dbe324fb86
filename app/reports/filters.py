"""The conditions of an overview as its address gives them: `status=own,quote`, `ends_on.le=2027-06-30`, several of them
nested in `match={"any":[["status","own"],{"all":[…]}]}`, and any of them switched off in `off=status=own`."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from app.core.text import LazyText, _l
from app.reports.columns import Column

LIST_KINDS = ("code", "currency", "country", "words", "flag")
LONGEST = 200
MOST_FILTERS = 30
DEEPEST = 4
VALUELESS = ("is_empty", "is_not_empty")
SPAN = re.compile(r"([1-9][0-9]{0,2})([dwmy])")
"""So many days, weeks, months or years, as `last` and `next` take them."""


@dataclass(frozen=True)
class Filter:
    """One condition: a column, an operator of its kind, and the values it compares with."""

    key: str
    operator: str
    values: tuple[Any, ...]
    given: str
    """The values as they stood in the address."""
    is_off: bool = False

    @property
    def name(self) -> str:
        return self.key if self.operator == "is" else f"{self.key}.{self.operator}"

    @property
    def word(self) -> tuple[str, str]:
        return _switched(self.name, self.given, self.is_off)


@dataclass(frozen=True)
class Nest:
    """Conditions of which `any` or `all` must hold."""

    join: str
    parts: tuple[Filter | Nest, ...]
    is_off: bool = False

    @property
    def word(self) -> tuple[str, str]:
        return _switched("match", orjson.dumps(self.document()).decode(), self.is_off)

    def document(self) -> dict[str, Any]:
        return {
            self.join: [
                one.document() if isinstance(one, Nest) else [one.name, one.given] for one in self.parts
            ]
        }

    def leaves(self) -> Iterator[Filter]:
        for one in self.parts:
            if isinstance(one, Nest):
                yield from one.leaves()
            else:
                yield one


def _switched(name: str, value: str, is_off: bool) -> tuple[str, str]:
    return ("off", f"{name}={value}") if is_off else (name, value)


class Wrong(Exception):
    """Why a condition is not understood."""

    def __init__(self, sentence: LazyText) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def read_filter(name: str, text: str, columns: Mapping[str, Column]) -> Filter:
    """The condition of one word of an address; Wrong if the viewer has no such column, or the value does not fit."""
    key, _, operator = name.partition(".")
    column, operator = columns.get(key), operator or "is"
    if column is None or operator not in column.operators:
        raise Wrong(_l("This overview cannot be filtered by ‘{name}’.", name=name[:60]))
    values = values_of(column, operator, text)
    if values is None:
        raise Wrong(_l("‘{value}’ does not fit the filter ‘{name}’.", value=text[:60], name=column.label))
    return Filter(key, operator, values, text)


def read_filters(
    given: Iterable[tuple[str, str]], columns: Mapping[str, Column], *, is_off: bool = False
) -> tuple[list[Filter], list[LazyText]]:
    found: list[Filter] = []
    wrong: list[LazyText] = []
    for name, text in given:
        if len(found) == MOST_FILTERS:
            wrong.append(_l("Use at most {n} filters.", n=MOST_FILTERS))
            break
        try:
            found.append(replace(read_filter(name, text, columns), is_off=is_off))
        except Wrong as error:
            wrong.append(error.sentence)
    return found, wrong


def read_nests(
    given: Iterable[str], columns: Mapping[str, Column], *, is_off: bool = False
) -> tuple[list[Nest], list[LazyText]]:
    found: list[Nest] = []
    wrong: list[LazyText] = []
    for text in given:
        try:
            if len(text) > 20 * LONGEST:
                raise ValueError
            nest = _nest(orjson.loads(text), columns, 1)
            if sum(1 for one in (*found, nest) for _leaf in one.leaves()) > MOST_FILTERS:
                raise Wrong(_l("Use at most {n} filters.", n=MOST_FILTERS))
            found.append(replace(nest, is_off=is_off))
        except Wrong as error:
            wrong.append(error.sentence)
        except (ValueError, TypeError, RecursionError):
            wrong.append(_l("This group of filters is not understood."))
    return found, wrong


def _nest(told: Any, columns: Mapping[str, Column], depth: int) -> Nest:
    if not isinstance(told, dict) or len(told) != 1:
        raise ValueError
    [(join, parts)] = told.items()
    if join not in ("any", "all") or not isinstance(parts, list) or not parts:
        raise ValueError
    if depth > DEEPEST:
        raise Wrong(_l("Filters nest at most {n} deep.", n=DEEPEST))
    found: list[Filter | Nest] = []
    for one in parts:
        if isinstance(one, dict):
            found.append(_nest(one, columns, depth + 1))
        else:
            name, value = one
            if not isinstance(name, str) or not isinstance(value, str):
                raise ValueError
            found.append(read_filter(name, value, columns))
    return Nest(join, tuple(found))


def values_of(column: Column, operator: str, text: str) -> tuple[Any, ...] | None:
    """The values a filter compares with, in the column's own type; None when the text is none of them."""
    if operator in VALUELESS:
        return ()
    if not text or len(text) > LONGEST * 5:
        return None
    kind = column.kind
    try:
        if operator in ("last", "next"):
            span = SPAN.fullmatch(text)
            return (int(span[1]), span[2]) if span else None
        if operator in ("in", "not_in"):
            return _texts(text)
        if kind in LIST_KINDS:
            return _codes(column, text)
        if kind == "reference" and operator in ("is", "not"):
            return tuple(dict.fromkeys(uuid.UUID(one) for one in text.split(",")))
        if column.is_numeric:
            several = text.split(",") if operator in ("is", "not") else [text]
            return tuple(dict.fromkeys(_number(one) for one in several))
        if kind == "day":
            several = text.split(",") if operator in ("is", "not") else [text]
            return tuple(dict.fromkeys(datetime.date.fromisoformat(one) for one in several))
        if kind == "moment":
            moment = datetime.datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC),)
    except (ValueError, InvalidOperation):
        return None
    return (text,) if len(text) <= LONGEST else None


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValueError
    return number


def _texts(text: str) -> tuple[str, ...]:
    """A JSON list: a text may hold any sign that could part it from the next."""
    found = orjson.loads(text)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
        raise ValueError
    return tuple(dict.fromkeys(found))


def _codes(column: Column, text: str) -> tuple[Any, ...] | None:
    values = tuple(dict.fromkeys(part for part in text.split(",") if part))
    if column.kind == "flag":
        return (values == ("true",),) if values in (("true",), ("false",)) else None
    if column.kind == "code" and column.field.is_closed and not set(values) <= set(column.field.codes):
        return None
    return values or None


def span_from(
    today: datetime.date, operator: str, count: int, unit: str
) -> tuple[datetime.date, datetime.date]:
    """The days that „in the last 3 months“ or „in the next 30 days“ means, both ends among them."""
    moved = _moved(today, -count if operator == "last" else count, unit)
    return min(today, moved), max(today, moved)


def _moved(day: datetime.date, count: int, unit: str) -> datetime.date:
    if unit in "dw":
        return day + datetime.timedelta(days=count * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    following = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return datetime.date(year, month + 1, min(day.day, (following - datetime.timedelta(days=1)).day))
