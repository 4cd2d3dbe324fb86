"""Headings over rows that share a value, the totals under them, and the totals of the whole report."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.reports.columns import Column
from app.reports.group_words import figure_label, function_words, value_words
from app.reports.grouping import COUNT, By, Figure, Grouping
from app.reports.groups import Group, Groups, Value, groups
from app.reports.query import Page
from app.reports.shares import shares_of
from app.reports.source import Source
from app.reports.state import State
from app.reports.table import Spot, content
from permissions import Viewer


@dataclass
class Breaks:
    """`lines` stand before the row of that number, one after the last among them, as they are drawn; `foot` is the last
    of all, `total` its figures. `wholes` are the sums, by column, of which rows have a share."""

    lines: dict[int, list[Any]] = field(default_factory=dict)
    foot: Any = None
    total: Sequence[Value] = ()
    wholes: Mapping[str, Value] = field(default_factory=dict)


def breaks(
    connection: Connection,
    viewer: Viewer,
    source: Source,
    state: State,
    columns: Mapping[str, Column],
    page: Page,
    placed: Sequence[Spot],
    shown: Sequence[Spot],
    width: int,
    drawn: type[Drawing] | None = None,
) -> Breaks:
    """What stands between the rows of a page and below them. Figures are those of all rows of a heading, not only of
    this page's. `width` is the number of columns of the table, `drawn` how that looks elsewhere than in one."""
    keys, totals = state.layout.break_keys, state.layout.totals
    made = Breaks()
    if not page.rows or not (keys or totals):
        return made
    shares = shares_of(state, [spot.column.key for spot in shown])
    figures = (COUNT, *(one for one in totals if one != COUNT))
    sums = [Figure("sum", one.key) for one in shares]
    asked = tuple(dict.fromkeys((*figures, *sums)))

    def gathered(depth: int) -> Groups:
        by = tuple(By(key) for key in keys[:depth])
        return groups(connection, viewer, source, replace(state, grouping=Grouping(by, asked)))

    levels = [gathered(depth) for depth in range(1, len(keys) + 1)]
    whole = levels[-1].total if levels else gathered(0).total
    drawing = (drawn or Drawing)(columns, figures, shown, width, shares)
    if totals:
        made.foot = drawing.total(_("Total"), whole, "")
        made.total = whole.values
        made.wholes = {one.key: whole.values[asked.index(one)] for one in sums}
    known = [{group.keys: group for group in level.found} for level in levels]
    spots = {spot.column.key: spot for spot in placed}
    before: tuple[Any, ...] | None = None
    for number, row in enumerate([*page.rows, None]):
        shared = page.shared(row) if row is not None else None
        lines = []
        if before is not None:
            for depth in reversed(range(len(keys))):
                if totals and (shared is None or shared[: depth + 1] != before[: depth + 1]):
                    name = drawing.name(spots[keys[depth]], page, page.rows[number - 1])
                    lines.append(
                        drawing.total(_("Total {name}", name=name), known[depth].get(before[: depth + 1]))
                    )
        if shared is not None and row is not None:
            for depth in range(len(keys)):
                if before is None or shared[: depth + 1] != before[: depth + 1]:
                    group = known[depth].get(shared[: depth + 1])
                    lines.append(drawing.heading(spots[keys[depth]], page, row, group))
        if lines and keys:
            made.lines[number] = lines
        before = shared
    return made


@dataclass
class Drawing:
    """How headings and totals look in a table. `figures` are those that are shown, `shares` those with a column."""

    columns: Mapping[str, Column]
    figures: tuple[Figure, ...]
    shown: Sequence[Spot]
    width: int
    shares: Sequence[Figure]

    def _content(self, spot: Spot, page: Page, row: tuple[Any, ...]) -> Markup:
        start = 1 + page.key_count + spot.place
        if row[start] is None:
            return Markup('<span class="muted">{}</span>').format(_("Without a value"))
        after = row[start + 1] if spot.column.kind == "money" else None
        return content(spot.column, row[start], after, formats_for(language()))

    def name(self, spot: Spot, page: Page, row: tuple[Any, ...]) -> str:
        return str(self._content(spot, page, row).striptags())

    def counted(self, group: Group | None) -> str:
        """How many rows a heading has."""
        if group is None:
            return ""
        number = int(group.values[0].value)
        return html.escape(_n("{n} entry", "{n} entries", number, n=formats_for(language()).integer(number)))

    def heading(self, spot: Spot, page: Page, row: tuple[Any, ...], group: Group | None) -> Any:
        label, said = html.escape(str(spot.column.label)), self._content(spot, page, row)
        return Markup(
            f'<tr class="group" role="row"><th colspan="{self.width}" scope="rowgroup" role="rowheader">'
            f'<span class="muted">{label}</span> {said}<small>{self.counted(group)}</small></th></tr>'
        )

    def valued(self, group: Group | None) -> Iterator[tuple[Figure, Value]]:
        """The figures of a total with their values."""
        # Further values are asked for to compute with, not to be shown.
        for figure, value in zip(self.figures, group.values if group else (), strict=False):
            if figure != COUNT:
                yield figure, value

    def said(self, group: Group | None) -> Iterator[tuple[Figure, str]]:
        """The figures that have a value, in words."""
        formats = formats_for(language())
        for figure, value in self.valued(group):
            if words := value_words(figure, self.columns.get(figure.key), value, formats):
                yield figure, words

    def total(self, name: str, group: Group | None, kind: str = ' class="subtotal"') -> Any:
        """The row of figures, each under its column; what has none stands with the name."""
        cells: dict[str, list[str]] = {}
        shares: dict[str, str] = {}
        for figure, words in self.said(group):
            if figure in self.shares:
                shares[figure.key] = words
                continue
            if figure.function != "sum":
                label = html.escape(str(function_words(self.columns[figure.key], figure.function)))
                words = f"<small>{label}</small> {words}"
            cells.setdefault(figure.key, []).append(words)
        head = [html.escape(name)]
        keys = [spot.column.key for spot in self.shown]
        for key in [key for key in cells if key not in keys[1:]]:
            label = html.escape(str(self.columns[key].label))
            head += [f'<span class="sub">{label}</span> {words}' for words in cells[key]]
        row = [f'<th scope="row" role="rowheader">{"<br>".join(head)}</th>']
        for spot in self.shown[1:]:
            words = "<br>".join(cells.get(spot.column.key, ()))
            row.append(_cell(str(spot.column.label), words))
        row += [_cell("", "")] * (self.width - len(self.shown) - len(self.shares))
        row += [_cell(figure_label(one, self.columns), shares.get(one.key, "")) for one in self.shares]
        return Markup(f'<tr{kind} role="row">{"".join(row)}</tr>')


def _cell(label: str, words: str) -> str:
    if not words:
        return '<td role="cell"></td>'
    return f'<td role="cell" class="num" data-l="{html.escape(label)}">{words}</td>'
