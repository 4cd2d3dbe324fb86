"""The state of an overview, read from the words of its address.

`q` search · `columns` a,b,c · `sort` -ends_on,number · `rows` per page · `after`/`before` a row · `of` record:id, what
belongs to another record · `as_of` a past day or moment · `report` a saved report, under whatever else is said · `by`,
`show`, `order` groups (app/reports/grouping.py) · `break`, `total`, `titled`, `wide`, `frozen` the table
(app/reports/layout.py) · `compute` a column of its own and `where` a rule, by expressions (app/reports/computed.py) ·
`mark` a highlight (app/reports/marks.py) · `match` nested filters, `off` a condition switched off, and every other word a
filter (app/reports/filters.py): `status=own,quote` or `ends_on.le=2027-06-30`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from app.core.text import LazyText, _l
from app.reports.as_of import AsOf, read_as_of
from app.reports.columns import Column
from app.reports.computed import column_of, read_computed, read_where
from app.reports.cursors import read_cursor
from app.reports.far import in_the_past, missing_in_the_past
from app.reports.filters import LONGEST, read_filters, read_nests
from app.reports.grouping import WORDS as GROUP_WORDS
from app.reports.grouping import read_grouping
from app.reports.layout import WORDS as LAYOUT_WORDS
from app.reports.layout import read_layout
from app.reports.marks import read_marks
from app.reports.state import Sort, State

LARGEST = 200
MOST_SORTS = 3
OWN_WORDS = ("q", "columns", "fields", "sort", "rows", "limit", "after", "before", "of", "as_of", "report")
KNOWN = {*OWN_WORDS, "compute", "where", "match", "mark", "off", *GROUP_WORDS, *LAYOUT_WORDS}


@dataclass
class Problems:
    """What could not be understood, by the control it belongs to. Nothing is silently left out."""

    by_control: dict[str, str | LazyText] = field(default_factory=dict)

    def add(self, control: str, sentence: LazyText) -> None:
        self.by_control.setdefault(control, sentence)

    def __bool__(self) -> bool:
        return bool(self.by_control)


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
