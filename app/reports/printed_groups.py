"""The groups of an overview as a PDF: its chart, and below it the groups or their pivot table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.reports.charts import chart
from app.reports.charts.paper import chart_told
from app.reports.columns import Column
from app.reports.group_words import by_label, figure_label, in_order, teller
from app.reports.grouped import notes_of, unrated
from app.reports.groups import Group, Groups, Value, came_of, groups
from app.reports.pivot import Pivot, named, pivot
from app.reports.pivot_words import PivotWords
from app.reports.printed import figure_cell, list_pdf, rates_told
from app.reports.printed_table import Cell, Table
from app.reports.printed_table import Column as Printed
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer
from tenants.directory import House


@dataclass
class Content:
    """What stands on paper below the title: how much it is, tables, notes; `known` are groups a chart has use for."""

    count: str
    tables: list[Table]
    notes: list[str]
    total: Sequence[Value]
    known: Groups | None = None


def groups_pdf(person: Viewer, house: House, source: Source, state: State, of_name: str | None) -> bytes:
    """Unacceptable where a pivot table would be too large."""
    assert state.grouping is not None
    content = (_crossed if state.grouping.across else _listed)(person, source, state)
    came = came_of(content.total) - {person.profile_currency}
    if came and person.profile_currency:
        content.notes += rates_told(person, came, person.profile_currency, state.day(person.today))
    drawn = None
    if state.grouping.chart and content.tables:
        drawn = chart_told(chart(person, source, state, content.known), house, person.organization_theme)
    return list_pdf(
        person, house, source, state, of_name, content.count, content.tables, content.notes, drawn
    )


def _listed(person: Viewer, source: Source, state: State) -> Content:
    grouping, columns, formats = (
        state.grouping,
        state.columns_in(source, person.rights),
        formats_for(language()),
    )
    assert grouping is not None
    found = groups(transaction(), person, source, state)
    ordered = in_order(found, grouping, columns)
    printed: list[Printed] = []
    total: list[Cell] = []
    for place, one in enumerate(grouping.by):
        tell, empty = teller(one, columns[one.key], formats), _("Without a value")
        said: list[Cell] = [
            empty if group.keys[place] is None else tell(group.keys[place], group.titles[place]) or empty
            for group in ordered
        ]
        printed.append(Printed(by_label(one, columns), said))
        total.append("" if place else _("Total"))
    for place, figure in enumerate(grouping.figures):
        column = columns.get(figure.key)
        cells = [figure_cell(figure, column, group.values[place], formats) for group in ordered]
        kind = "money" if column is not None and column.kind == "money" else "text"
        # „Several currencies“ is not a figure.
        printed.append(Printed(figure_label(figure, columns), cells, is_numeric=True, kind=kind))
        total.append(figure_cell(figure, column, found.total.values[place], formats))
    count = _n("{n} group", "{n} groups", len(ordered), n=formats.integer(len(ordered)))
    tables = [Table(printed, total=total)] if ordered else []
    return Content(count, tables, list(notes_of(found, formats)), found.total.values, found)


def _crossed(person: Viewer, source: Source, state: State) -> Content:
    columns = state.columns_in(source, person.rights)
    found = pivot(person, source, state)
    if isinstance(found, str):
        raise Unacceptable({"group": found})
    total = found.found.total.values
    if not found.rows:
        return Content("", [], [], total)
    printed = _PrintedPivot(state, columns, found)
    return Content(printed.sub, printed.tables(), list(unrated(total)), total)


@dataclass
class _PrintedPivot(PivotWords):
    state: State
    columns: Mapping[str, Column]
    pivot: Pivot

    def tables(self) -> list[Table]:
        """One table, or as many as it takes to have room for all columns; the rows are named on each."""
        sides = [
            self._side(number, one, self.name(one, self.grouping.across))
            for number, one in enumerate(self.pivot.columns, 1)
        ]
        sides.append(self._side(0, None, _("Total")))
        for count in range(1, len(sides) + 1):
            tables = self._cut(sides, count)
            try:
                for table in tables:
                    table.told()
            except Unacceptable:
                if count == len(sides):
                    raise
            else:
                break
        return tables

    def _cut(self, sides: list[list[tuple[Printed, Cell]]], count: int) -> list[Table]:
        """So many tables with about as many columns each."""
        size, tables = -(-len(sides) // count), []
        parts = [sides[start : start + size] for start in range(0, len(sides), size)]
        names = [named(row, self.grouping.by, self.columns) for row in self.pivot.rows]
        for number, part in enumerate(parts, 1):
            title = _("Part {n} of {total}", n=number, total=len(parts)) if len(parts) > 1 else ""
            heads = [
                Printed(by_label(one, self.columns), [name[place] or _("Without a value") for name in names])
                for place, one in enumerate(self.grouping.by)
            ]
            foot: list[Cell] = [_("Total"), *[""] * (len(heads) - 1)]
            found = [one for side in part for one in side]
            columns = [*heads, *(column for column, _total in found)]
            foot += [total for _column, total in found]
            tables.append(Table(columns, total=foot, title=title, is_wide=len(parts) > 1))
        return tables

    def _side(self, number: int, side: Group | None, name: str) -> list[tuple[Printed, Cell]]:
        """The columns of a value across, or of the totals: one for each figure, with its sum."""
        found, columns = self.pivot.found, []
        for place in range(len(self.grouping.figures)):
            cells = [
                row if side is None else found.cells.get((row.keys, side.keys)) for row in self.pivot.rows
            ]
            is_alone = len(self.grouping.figures) == 1
            column = Printed(
                name if is_alone else self.figure_words(place),
                [self._cell(place, cell) for cell in cells],
                is_numeric=True,
                kind="money" if self.is_money(place) and not self.currencies[place] else "text",
                over=(0, "") if is_alone else (number, name),
            )
            columns.append((column, self._cell(place, side or found.total)))
        return columns

    def _cell(self, place: int, group: Group | None) -> Cell:
        if group is None:
            return "–"
        value, formats = group.values[place], formats_for(language())
        if (currency := self.currencies[place]) and value.value is not None:
            return formats.amount(value.value, currency)
        figure = self.grouping.figures[place]
        return figure_cell(figure, self.columns.get(figure.key), value, formats)
