"""Headings, totals and shares on paper: what stands between the rows of an overview, as cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import labelled, language
from app.reports.breaks import Breaks, Drawing, breaks
from app.reports.columns import Column
from app.reports.group_words import function_words, value_said
from app.reports.groups import Group, Value
from app.reports.printed_table import Amounts, Cell, Part
from app.reports.query import Page
from app.reports.shares import portions, share_words, shares_of
from app.reports.source import Source
from app.reports.state import State
from app.reports.table import Spot
from permissions import Viewer


@dataclass
class Lines:
    """`parts` are the rows under their headings, `foot` the totals of all, `total` its figures; `shares` are further
    columns, each a name and what a row has there."""

    parts: list[Part]
    foot: list[Cell] | None
    total: Sequence[Value]
    shares: list[tuple[str, list[str]]]


@dataclass
class _Heading:
    words: str


@dataclass
class PaperDrawing(Drawing):
    """The same headings and totals as in a table on a page."""

    def heading(self, spot: Spot, page: Page, row: tuple[Any, ...], group: Group | None) -> Any:
        said = labelled(spot.column.label, self.name(spot, page, row))
        return _Heading(f"{said} · {self.counted(group)}" if group else said)

    def total(self, name: str, group: Group | None, kind: str = "") -> Any:
        """A cell for each column; figures of columns that are not shown stand with the name."""
        cells: dict[str, Amounts] = {}
        shares: dict[str, str] = {}
        formats = formats_for(language())
        for figure, value in self.valued(group):
            words, currency = value_said(figure, self.columns.get(figure.key), value, formats), ""
            if not words:
                continue
            if figure in self.shares:
                shares[figure.key] = words
                continue
            if figure.function == "sum" and value.currency and value.value is not None:
                words, currency = formats.amount(value.value, value.currency), value.currency
            elif figure.function != "sum":
                words = f"{function_words(self.columns[figure.key], figure.function)} {words}"
            cells.setdefault(figure.key, []).append((words, currency))
        keys = [spot.column.key for spot in self.shown]
        head = [labelled(self.columns[key].label, _plain(cells[key])) for key in cells if key not in keys[1:]]
        row: list[Cell] = [" · ".join([name, *head])]
        for spot in self.shown[1:]:
            said = cells.get(spot.column.key, [])
            row.append(said if said and spot.column.kind == "money" else _plain(said))
        row += [""] * (self.width - len(self.shown) - len(self.shares))
        return row + [shares.get(one.key, "") for one in self.shares]


def _plain(said: Amounts) -> str:
    return " · ".join(f"{words} {currency}".rstrip() for words, currency in said)


def lines_of(
    person: Viewer,
    source: Source,
    state: State,
    columns: Mapping[str, Column],
    page: Page,
    placed: Sequence[Spot],
    shown: Sequence[Spot],
    converted: int | None,
) -> Lines:
    """Of all rows of a state on one page. `placed` are its columns, `shown` those of the table; `converted` is the
    place of the amount in the profile currency, a column after them."""
    start, further = 1 + page.key_count, shares_of(state, [spot.column.key for spot in shown])
    width = len(shown) + (converted is not None) + len(further)
    between = breaks(transaction(), person, source, state, columns, page, placed, shown, width, PaperDrawing)
    shares = [
        (label, [share_words(share(row)) for row in page.rows])
        for label, share in portions(source, state, columns, shown, start, between.wholes, converted)
    ]
    return Lines(_parts(between, len(page.rows)), between.foot, between.total, shares)


def _parts(between: Breaks, count: int) -> list[Part]:
    """Rows from one heading to the next; totals belong to the rows before them."""
    parts: list[Part] = []
    starts = sorted(between.lines)
    for number, end in zip(starts, [*starts[1:], count], strict=False):
        lines = between.lines[number]
        if parts:
            parts[-1].sums += [one for one in lines if not isinstance(one, _Heading)]
        heads = [one.words for one in lines if isinstance(one, _Heading)]
        if heads:
            parts.append(Part(heads, end - number))
    return parts
