"""The state of an overview, as it stands in its address: read from a query string, written back into one.

`q` search · `columns` a,b,c · `sort` -ends_on,number · `rows` per page · `after`/`before` a row · `of` record:id, what
belongs to another record · `by`, `show`, `order` groups (app/reports/grouping.py) · every other word is a filter:
`status=own,quote` or `ends_on.le=2027-06-30`.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

import orjson

from app.core.text import LazyText, _l
from app.core.web import is_clean
from app.reports.columns import Column
from app.reports.grouping import WORDS as GROUP_WORDS
from app.reports.grouping import Grouping, read_grouping

SIZES = (25, 50, 100, 200)
LARGEST = 200
LIST_KINDS = ("code", "currency", "country", "words", "flag")
LONGEST = 200
MOST_FILTERS = 30


@dataclass(frozen=True)
class Filter:
    """One condition: a column, an operator of its kind, and the values it compares with."""

    key: str
    operator: str
    values: tuple[Any, ...]
    given: str
    """The values as they stood in the address."""

    @property
    def name(self) -> str:
        return self.key if self.operator == "is" else f"{self.key}.{self.operator}"


@dataclass(frozen=True)
class Sort:
    key: str
    is_descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.is_descending else self.key


@dataclass(frozen=True)
class State:
    columns: tuple[str, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...] = ()
    search: str = ""
    size: int = 50
    cursor: tuple[Any, ...] | None = None
    is_backwards: bool = False
    of: tuple[str, uuid.UUID] | None = None
    are_columns_chosen: bool = False
    is_sort_chosen: bool = False
    grouping: Grouping | None = None

    def words(self) -> list[tuple[str, str]]:
        """The state as words of an address, without the row it stands at."""
        words = []
        if self.search:
            words.append(("q", self.search))
        if self.of:
            words.append(("of", f"{self.of[0]}:{self.of[1]}"))
        if self.are_columns_chosen:
            words.append(("columns", ",".join(self.columns)))
        if self.is_sort_chosen:
            words.append(("sort", ",".join(map(str, self.sorts))))
        if self.size != 50:
            words.append(("rows", str(self.size)))
        words.extend((one.name, one.given) for one in self.filters)
        if self.grouping:
            words.extend(self.grouping.words())
        return words

    def address(
        self, path: str, *more: tuple[str, str], without: Filter | None = None, **changes: Any
    ) -> str:
        """An address with this state, changed a little; always from its first page unless `more` says so."""
        state = replace(self, **changes)
        if without is not None:
            state = replace(state, filters=tuple(one for one in state.filters if one is not without))
        words = [*state.words(), *more]
        return f"{path}?{urlencode(words)}" if words else path


class Variants:
    """Many addresses of one state that differ in columns or order only; what they share is encoded once."""

    def __init__(self, state: State, path: str) -> None:
        kept = [word for word in state.words() if word[0] not in ("columns", "sort")]
        self.start = f"{path}?{urlencode(kept)}&" if kept else f"{path}?"
        self.columns = f"columns={','.join(state.columns)}" if state.are_columns_chosen else ""
        self.sort = f"sort={','.join(map(str, state.sorts))}" if state.is_sort_chosen else ""

    def sorted_by(self, key: str, is_descending: bool) -> str:
        sort = f"sort={Sort(key, is_descending)}"
        return f"{self.start}{self.columns}&{sort}" if self.columns else self.start + sort

    def showing(self, columns: Iterable[str]) -> str:
        shown = f"columns={','.join(columns)}"
        return f"{self.start}{shown}&{self.sort}" if self.sort else self.start + shown


@dataclass
class Problems:
    """What could not be understood, by the control it belongs to. Nothing is silently left out."""

    by_control: dict[str, str | LazyText] = field(default_factory=dict)

    def add(self, control: str, sentence: LazyText) -> None:
        self.by_control.setdefault(control, sentence)

    def __bool__(self) -> bool:
        return bool(self.by_control)


KNOWN = {"q", "columns", "fields", "sort", "rows", "limit", "after", "before", "of", *GROUP_WORDS}


def read(
    words: Iterable[tuple[str, str]],
    columns: dict[str, Column],
    default_sort: str,
    relations: Iterable[str],
    problems: Problems,
    *,
    money: str | None = None,
) -> State:
    """The state that an address asks for, within what the viewer has. What is unknown, forbidden or not
    understood is noted in `problems`; a forbidden column and an unknown one are told alike. `money` is what groups
    sum up unless they say otherwise."""
    given: dict[str, list[str]] = {}
    for name, value in words:
        given.setdefault(name, []).append(value)
    shown, are_chosen = _columns(given.get("columns") or given.get("fields"), columns, problems)
    sorts, is_sort_chosen = _sorts(given.get("sort"), columns, default_sort, problems)
    state = State(
        columns=shown,
        sorts=sorts,
        search=_search(given.get("q"), problems),
        size=_size(given.get("rows") or given.get("limit"), problems),
        of=_of(given.get("of"), set(relations), problems),
        filters=tuple(_filters(given, columns, problems)),
        are_columns_chosen=are_chosen,
        is_sort_chosen=is_sort_chosen,
    )
    grouping, wrong = read_grouping(given, columns, money)
    if wrong:
        problems.add("group", wrong)
    if grouping:
        state = replace(state, grouping=grouping)
    for name in ("after", "before"):
        if name in given:
            cursor = read_cursor(given[name][-1], state, columns)
            if cursor is None:
                problems.add("cursor", _l("This page cannot be found again. Start from the first page."))
            state = replace(state, cursor=cursor, is_backwards=name == "before")
    return state


def _columns(
    given: list[str] | None, columns: dict[str, Column], problems: Problems
) -> tuple[tuple[str, ...], bool]:
    names = [name for text in given or [] for name in text.split(",") if name]
    unknown = [name for name in names if name not in columns]
    if unknown:
        problems.add("columns", _l("There is no column ‘{name}’ here.", name=unknown[0][:60]))
    names = [name for name in dict.fromkeys(names) if name in columns]
    if names:
        return tuple(names), True
    return tuple(key for key, column in columns.items() if column.field.listed), False


def _sorts(
    given: list[str] | None, columns: dict[str, Column], default: str, problems: Problems
) -> tuple[tuple[Sort, ...], bool]:
    sorts: list[Sort] = []
    for name in [name for text in given or [] for name in text.split(",") if name]:
        sort = Sort(name.removeprefix("-"), name.startswith("-"))
        column = columns.get(sort.key)
        if column is None or not column.can_sort:
            problems.add("sort", _l("This overview cannot be sorted by ‘{name}’.", name=sort.key[:60]))
        elif len(sorts) < 3 and sort.key not in [one.key for one in sorts]:
            sorts.append(sort)
    if sorts:
        return tuple(sorts), True
    standard = Sort(default.removeprefix("-"), default.startswith("-"))
    column = columns.get(standard.key)
    return ((standard,) if column is not None and column.can_sort else ()), False


def _search(given: list[str] | None, problems: Problems) -> str:
    text = " ".join((given or [""])[-1].split())
    if len(text) > LONGEST:
        problems.add("search", _l("Search for at most {n} characters.", n=LONGEST))
        return ""
    return text


def _size(given: list[str] | None, problems: Problems) -> int:
    if not given:
        return 50
    text = given[-1]
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= LARGEST:
        problems.add("rows", _l("Choose between 1 and {n} rows per page.", n=LARGEST))
        return 50
    return int(text)


def _of(given: list[str] | None, relations: set[str], problems: Problems) -> tuple[str, uuid.UUID] | None:
    if not given:
        return None
    record, _, text = given[-1].partition(":")
    try:
        if record in relations:
            return record, uuid.UUID(text)
    except ValueError:
        pass
    problems.add("filter", _l("This overview cannot be limited to ‘{name}’.", name=given[-1][:60]))
    return None


def _filters(given: dict[str, list[str]], columns: dict[str, Column], problems: Problems) -> Iterable[Filter]:
    count = 0
    for name, texts in given.items():
        if name in KNOWN:
            continue
        key, _, operator = name.partition(".")
        column = columns.get(key)
        operator = operator or "is"
        if column is None or operator not in column.operators:
            problems.add("filter", _l("This overview cannot be filtered by ‘{name}’.", name=name[:60]))
            continue
        for text in texts:
            count += 1
            if count > MOST_FILTERS:
                problems.add("filter", _l("Use at most {n} filters.", n=MOST_FILTERS))
                return
            values = values_of(column, operator, text)
            if values is None:
                problems.add(
                    "filter",
                    _l("‘{value}’ does not fit the filter ‘{name}’.", value=text[:60], name=column.label),
                )
            else:
                yield Filter(key, operator, values, text)


def values_of(column: Column, operator: str, text: str) -> tuple[Any, ...] | None:
    """The values a filter compares with, in the column's own type; None when the text is none of them."""
    if operator in ("is_empty", "is_not_empty"):
        return ()
    if not text or len(text) > LONGEST * 5:
        return None
    kind = column.kind
    try:
        if kind in LIST_KINDS:
            return _codes(column, text)
        if kind == "reference" and operator == "is":
            return (uuid.UUID(text),)
        if column.is_numeric:
            number = Decimal(text)
            if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
                return None
            return (number,)
        if kind == "day":
            return (datetime.date.fromisoformat(text),)
        if kind == "moment":
            moment = datetime.datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC),)
    except (ValueError, InvalidOperation):
        return None
    return (text,) if len(text) <= LONGEST else None


def _codes(column: Column, text: str) -> tuple[Any, ...] | None:
    values = tuple(dict.fromkeys(part for part in text.split(",") if part))
    if column.kind == "flag":
        return (values == ("true",),) if values in (("true",), ("false",)) else None
    if column.kind == "code" and column.field.is_closed and not set(values) <= set(column.field.codes):
        return None
    return values or None


def write_cursor(state: State, keys: Iterable[Any], record_id: uuid.UUID) -> str:
    """A row's place in an overview: what it sorts by, and its id."""
    payload = [
        [str(sort) for sort in state.sorts],
        [None if k is None else str(k) for k in keys],
        str(record_id),
    ]
    return base64.urlsafe_b64encode(orjson.dumps(payload)).rstrip(b"=").decode()


def _is_plain(number: Decimal) -> bool:
    """Whether the database can hold it."""
    return number.is_finite() and -30 < number.adjusted() < 30


def _fits(column: Column, key: str) -> bool:
    """Whether a text can be the sort key of a column's value: the database would stumble over another."""
    try:
        match column.kind:
            case "day":
                return str(datetime.date.fromisoformat(key)) == key
            case "moment":
                return str(datetime.datetime.fromisoformat(key)) == key
            case "flag":
                return key in ("True", "False")
            case "code":
                # Codes are ordered by the place of their words.
                return key.isdecimal() and key.isascii()
            case _:
                return is_clean(key) and (not column.is_numeric or _is_plain(Decimal(key)))
    except (ValueError, InvalidOperation):
        return False


def read_cursor(text: str, state: State, columns: dict[str, Column]) -> tuple[Any, ...] | None:
    """The place a cursor names: sort keys as text, and the id. None if it is no cursor of this order."""
    try:
        if len(text) > 4000:
            return None
        sorts, keys, record_id = orjson.loads(
            base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        )
        if sorts != [str(sort) for sort in state.sorts] or len(keys) != len(sorts):
            return None
        for sort, key in zip(state.sorts, keys, strict=True):
            if key is not None and not (isinstance(key, str) and _fits(columns[sort.key], key)):
                return None
        return (*keys, uuid.UUID(record_id))
    except (ValueError, TypeError, AttributeError, binascii.Error, UnicodeEncodeError):
        return None
