"""The state of an overview, and how it stands in an address; it is read from one in app/reports/reading.py."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from app.reports.as_of import AsOf
from app.reports.columns import Column
from app.reports.computed import Computed, Where, columns_with
from app.reports.filters import Filter, Nest
from app.reports.grouping import Grouping
from app.reports.layout import PLAIN, Layout
from app.reports.marks import Mark
from app.reports.source import Source
from permissions import Rights

SIZES = (25, 50, 100, 200)


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
        said = urlencode(replace(self, **changes).words()) if changes else written(first_page(self))
        parts = [part for part in (said, urlencode(more)) if part]
        return f"{path}?{'&'.join(parts)}" if parts else path


def first_page(state: State) -> State:
    """The state without the row it stands at: what its tools and its number of rows are the same for."""
    return replace(state, cursor=None, is_backwards=False) if state.cursor else state


@lru_cache(maxsize=1024)
def written(state: State) -> str:
    """The words of a state as they stand in an address."""
    return urlencode(state.words())


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
