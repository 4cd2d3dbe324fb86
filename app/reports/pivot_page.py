"""A pivot table as HTML: two rows of headings, deeper colours for greater values, from each cell the way to its rows."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.columns import Column
from app.reports.group_words import behind, kind_of, muted, value_words
from app.reports.grouping import By, Figure
from app.reports.groups import Group, Value
from app.reports.pivot import Pivot, named
from app.reports.pivot_words import PivotWords
from app.reports.state import State

SHADES = 5


@dataclass
class PivotTable(PivotWords):
    """The parts of the page's table. `heads` are the headings of a table of groups, with their ways to sort."""

    state: State
    path: str
    columns: Mapping[str, Column]
    pivot: Pivot
    heads: list[tuple[Any, ...]]
    has_ways: bool = True
    """Whether its reader may go to the rows behind it."""

    def heads_html(self) -> Markup:
        down, figures = len(self.grouping.by), len(self.grouping.figures)
        sides = [
            (self.name(column, self.grouping.across), self._way(column, self.grouping.across))
            for column in self.pivot.columns
        ]
        template = current_app.jinja_env.get_template("report/_pivot_heads.html")
        return Markup(
            template.render(
                rows=self.heads[:down],
                sides=[*sides, (_("Total"), None)],
                figures=[self.figure_words(place) for place in range(figures)],
                totals=self.heads[down:],
            )
        )

    def rows_html(self) -> Markup:
        found, lines = self.pivot.found, []
        for row in self.pivot.rows:
            first, *more = (
                html.escape(one) or self._without for one in named(row, self.grouping.by, self.columns)
            )
            cells = [f'<th scope="row">{_linked(first, self._way(row, self.grouping.by))}</th>']
            cells += [f"<td>{one}</td>" for one in more]
            for column in self.pivot.columns:
                cells += self._cell(row, column, found.cells.get((row.keys, column.keys)))
            cells += self._totals(row.values)
            lines.append(f"<tr>{''.join(cells)}</tr>")
        return Markup("".join(lines))

    def foot_html(self) -> Markup:
        total = html.escape(_("Total"))
        cells = [f'<th scope="row">{total}</th>', *["<td></td>"] * (len(self.grouping.by) - 1)]
        for column in (*self.pivot.columns, self.pivot.found.total):
            cells += self._totals(column.values)
        return Markup(f"<tr>{''.join(cells)}</tr>")

    def _cell(self, row: Group, column: Group, cell: Group | None) -> Iterator[str]:
        dash, href = muted("–"), None
        if cell is not None:
            ways = [behind(one, self.columns[one.key], key) for one, key in zip(
                (*self.grouping.by, *self.grouping.across), cell.keys, strict=True)]  # fmt: skip
            href = self._address(ways)
        for place in range(len(self.grouping.figures)):
            value = cell.values[place] if cell is not None else Value(None)
            said = self._said(place, value)
            start = " gs" if place == 0 else ""
            if said and href:
                # One way a cell is enough to reach its rows.
                said, href = _linked(said, href), None
            yield f'<td class="num{start}{self._shade(place, value)}">{said or dash}</td>'

    def _totals(self, values: Sequence[Value]) -> Iterator[str]:
        for place, value in enumerate(values):
            yield f'<td class="num{" gs" if place == 0 else ""}">{self._said(place, value)}</td>'

    def _said(self, place: int, value: Value) -> str:
        currency = self.currencies[place]
        if currency and value.value is not None:
            return formats_for(language()).amount(value.value, currency)
        figure = self.grouping.figures[place]
        return value_words(figure, self.columns.get(figure.key), value, formats_for(language()))

    @cached_property
    def shaded(self) -> int | None:
        """The figure whose size is coloured: that of the order, or the last one that is a number."""
        names = [str(one) for one in self.grouping.figures]
        ordered = self.grouping.order.removeprefix("-")
        numbers = [n for n, one in enumerate(self.grouping.figures) if self._is_number(one)]
        if ordered in names and names.index(ordered) in numbers:
            return names.index(ordered)
        return numbers[-1] if numbers else None

    def _is_number(self, figure: Figure) -> bool:
        return kind_of(figure, self.columns.get(figure.key)) != "day"

    @cached_property
    def _greatest(self) -> Decimal:
        place = self.shaded or 0
        sizes = (Decimal(cell.values[place].value or 0) for cell in self.pivot.found.cells.values())
        return max(sizes, default=Decimal(0))

    def _shade(self, place: int, value: Value) -> str:
        if place != self.shaded or value.value is None or value.value <= 0 or len(self._said_currencies) > 1:
            return ""
        return f" heat{ceil(Decimal(value.value) * SHADES / self._greatest)}"

    @cached_property
    def _said_currencies(self) -> set[str | None]:
        """Of the shaded figure: amounts in several currencies have no common measure."""
        place = self.shaded or 0
        return {cell.values[place].currency for cell in self.pivot.found.cells.values()} - {None}

    @cached_property
    def _without(self) -> str:
        return muted(_("Without a value"))

    def _way(self, group: Group, by: tuple[By, ...]) -> str | None:
        return self._address(
            [behind(one, self.columns[one.key], key) for one, key in zip(by, group.keys, strict=True)]
        )

    def _address(self, ways: list[list[tuple[str, str]] | None]) -> str | None:
        known = [way for way in ways if way is not None]
        if len(known) < len(ways) or not self.has_ways:
            return None
        return self.state.address(self.path, *(word for way in known for word in way), grouping=None)


def _linked(words: str, href: str | None) -> str:
    return f'<a href="{html.escape(href)}">{words}</a>' if href else words
