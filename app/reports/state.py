"""The state of an overview, as it stands in its address: read from a query string, written back into one.

`q` search · `columns` a,b,c · `sort` -ends_on,number · `rows` per page · `after`/`before` a row · `of` record:id, what
belongs to another record · `as_of` a past day or moment · `report` a saved report, under whatever else is said · `by`,
`show`, `order` groups (app/reports/grouping.py) · `break`, `total`, `titled`, `wide`, `frozen` the table
(app/reports/layout.py) · `compute` a column of its own and `where` a rule, by expressions (app/reports/computed.py) ·
`mark` a highlight (app/reports/marks.py) · `match` nested filters, `off` a condition switched off, and every other word a
filter (app/reports/filters.py): `status=own,quote` or `ends_on.le=2027-06-30`.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from app.core.text import LazyText, _l
from app.reports.as_of import AsOf, read_as_of
from app.reports.columns import Column
from app.reports.computed import Computed, Where, column_of, columns_with, read_computed, read_where
from app.reports.cursors import read_cursor
from app.reports.far import in_the_past, missing_in_the_past
from app.reports.filters import LONGEST, Filter, Nest, read_filters, read_nests
from app.reports.grouping import WORDS as GROUP_WORDS
from app.reports.grouping import Grouping, read_grouping
from app.reports.layout import PLAIN, Layout, read_layout
from app.reports.layout import WORDS as LAYOUT_WORDS
from app.reports.marks import Mark, read_marks
from app.reports.source import Source
from permissions import Rights

SIZES = (25, 50, 100, 200)
LARGEST = 200
MOST_SORTS = 3


@dataclass(frozen=True)
class Sort:
    key: str
    is_descending: bool
    are_empty_first: bool = False
    is_heading: bool = False

    def __str__(self) -> str:
        word = f"{self.key}.first" if self.are_empty_first else self.key
        return f"-{word}" if self.is_descending else word


Condition = Filter | Nest | Where | Mark


@dataclass(frozen=True)
class Base:
    """The saved report that an address starts from. What it says and the state does not is said as empty."""

    report: str
    names: tuple[str, ...] = ()

    def under(self, words: list[tuple[str, str]]) -> list[tuple[str, str]]:
        said = {name for name, _value in words}
        return [("report", self.report), *words, *((name, "") for name in self.names if name not in said)]


@dataclass(frozen=True)
class State:
    columns: tuple[str, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[Filter, ...] = ()
    nests: tuple[Nest, ...] = ()
    where: tuple[Where, ...] = ()
    computed: tuple[Computed, ...] = ()
    marks: tuple[Mark, ...] = ()
    layout: Layout = PLAIN
    search: str = ""
    size: int = 50
    cursor: tuple[Any, ...] | None = None
    is_backwards: bool = False
    of: tuple[str, uuid.UUID] | None = None
    are_columns_chosen: bool = False
    is_sort_chosen: bool = False
    grouping: Grouping | None = None
    as_of: AsOf | None = None
    base: Base | None = None

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
            words.append(("sort", ",".join(map(str, self.own_sorts))))
        if self.size != 50:
            words.append(("rows", str(self.size)))
        words.extend(one.word for one in (*self.computed, *self.conditions(), *self.marks))
        if self.as_of:
            words.append(("as_of", self.as_of.given))
        words.extend(self.layout.words())
        if self.grouping:
            words.extend(self.grouping.words())
        return self.base.under(words) if self.base else words

    @property
    def own_sorts(self) -> tuple[Sort, ...]:
        """The order within the breaks."""
        return self.sorts[len(self.layout.breaks) :]

    def conditions(self) -> tuple[Condition, ...]:
        """What narrows the overview, in the order of its address; some of it may be switched off."""
        return (*self.filters, *self.nests, *self.where)

    def leaves(self) -> Iterator[Filter]:
        """The filters that are on, those within nests after the others."""
        yield from (one for one in self.filters if not one.is_off)
        for nest in self.nests:
            if not nest.is_off:
                yield from nest.leaves()

    def columns_in(self, source: Source, rights: Rights) -> dict[str, Column]:
        """The columns a viewer has in this report."""
        return columns_with(source, rights, self.computed, self.layout.titles, self.as_of is not None)

    def instead(self, old: Condition, new: Condition | None) -> State:
        """The state with one condition changed or removed."""
        changed: dict[str, Any] = {}
        for name in ("filters", "nests", "where", "marks"):
            kept = (new if one is old else one for one in getattr(self, name))
            changed[name] = tuple(one for one in kept if one is not None)
        return replace(self, **changed)

    def day(self, today: datetime.date) -> datetime.date:
        """The day whose data is shown."""
        return self.as_of.day if self.as_of else today

    def address(self, path: str, *more: tuple[str, str], **changes: Any) -> str:
        """An address with this state, changed a little; always from its first page unless `more` says so."""
        state = replace(self, **changes)
        words = [*state.words(), *more]
        return f"{path}?{urlencode(words)}" if words else path


class Variants:
    """Many addresses of one state that differ in columns or order only; what they share is encoded once."""

    def __init__(self, state: State, path: str) -> None:
        words = state.words()
        kept = [word for word in words if word[0] not in ("columns", "sort")]
        self.start = f"{path}?{urlencode(kept)}&" if kept else f"{path}?"
        self.columns, self.sort = (
            next((f"{name}={value}" for name, value in words if name == wanted), "")
            for wanted in ("columns", "sort")
        )

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


OWN_WORDS = ("q", "columns", "fields", "sort", "rows", "limit", "after", "before", "of", "as_of", "report")
KNOWN = {*OWN_WORDS, "compute", "where", "match", "mark", "off", *GROUP_WORDS, *LAYOUT_WORDS}


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
    as_of = _as_of(given.get("as_of"), problems)
    if as_of is not None:
        if missing := missing_in_the_past((*given, *chain(*given.values())), columns):
            problems.add("columns", missing)
        columns = in_the_past(columns)
    computed, wrong_ones = read_computed(given.get("compute", ()), columns)
    columns = {**columns, **{one.key: column_of(one) for one in computed}}
    shown, are_chosen = _columns(given.get("columns") or given.get("fields"), columns, problems)
    layout, wrong_layout = read_layout(given, columns)
    sorts, is_sort_chosen = _sorts(given.get("sort"), columns, default_sort, problems)
    broken = tuple(Sort(one.removeprefix("-"), one.startswith("-"), is_heading=True) for one in layout.breaks)
    sorts = (*broken, *(one for one in sorts if one.key not in layout.break_keys))
    state = State(
        columns=shown,
        sorts=sorts,
        search=_search(given.get("q"), problems),
        size=_size(given.get("rows") or given.get("limit"), problems),
        of=_of(given.get("of"), set(relations), problems),
        computed=computed,
        layout=layout,
        as_of=as_of,
        are_columns_chosen=are_chosen,
        is_sort_chosen=is_sort_chosen,
    )
    for sentence in wrong_ones:
        problems.add("compute", sentence)
    for sentence in wrong_layout:
        problems.add("columns", sentence)
    state = _conditions(state, given, columns, problems)
    grouping, wrong = read_grouping(given, columns, money)
    if wrong:
        problems.add("group", wrong)
    if grouping:
        state = replace(state, grouping=grouping)
    for name in ("after", "before"):
        if name in given:
            cursor = read_cursor(given[name][-1], state.sorts, columns)
            if cursor is None:
                problems.add("cursor", _l("This page cannot be found again. Start from the first page."))
            state = replace(state, cursor=cursor, is_backwards=name == "before")
    return state


def _conditions(
    state: State, given: Mapping[str, list[str]], columns: Mapping[str, Column], problems: Problems
) -> State:
    """The state with what narrows it: plain filters, nested ones and rules, and those that are switched off."""
    words = [(name, text) for name, texts in given.items() if name not in KNOWN for text in texts]
    switched: dict[str, list[tuple[str, str]]] = {"where": [], "match": [], "mark": [], "": []}
    for text in given.get("off", ()):
        name, _sign, value = text.partition("=")
        switched[name if name in switched else ""].append((name, value))
    found: dict[str, list[Any]] = {"filters": [], "nests": [], "where": [], "marks": []}
    for is_off in (False, True):
        rules = [text for _name, text in switched["where"]] if is_off else given.get("where", ())
        nests = [text for _name, text in switched["match"]] if is_off else given.get("match", ())
        marks = [text for _name, text in switched["mark"]] if is_off else given.get("mark", ())
        for name, control, (some, wrong) in (
            ("filters", "filter", read_filters(switched[""] if is_off else words, columns, is_off=is_off)),
            ("nests", "filter", read_nests(nests, columns, is_off=is_off)),
            ("where", "where", read_where(rules, columns, is_off=is_off)),
            ("marks", "mark", read_marks(marks, columns, is_off=is_off)),
        ):
            found[name] += some
            for sentence in wrong:
                problems.add(control, sentence)
    return replace(
        state,
        filters=tuple(found["filters"]),
        nests=tuple(found["nests"]),
        where=tuple(found["where"]),
        marks=tuple(found["marks"]),
    )


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
        key, _dot, place = name.removeprefix("-").partition(".")
        sort = Sort(key, name.startswith("-"), place == "first")
        column = columns.get(sort.key) if place in ("", "first") else None
        if column is None or not column.can_sort:
            problems.add(
                "sort", _l("This overview cannot be sorted by ‘{name}’.", name=name.removeprefix("-")[:60])
            )
        elif len(sorts) < MOST_SORTS and sort.key not in [one.key for one in sorts]:
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


def _as_of(given: list[str] | None, problems: Problems) -> AsOf | None:
    if not given or not given[-1]:
        return None
    found = read_as_of(given[-1])
    if found is None:
        problems.add(
            "as_of", _l("‘{value}’ is no day. Choose one, such as 2026-01-31.", value=given[-1][:60])
        )
    return found
