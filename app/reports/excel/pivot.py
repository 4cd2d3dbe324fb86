"""A pivot table as an Excel file: as on its page, in cells that can be computed with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.errors import Unacceptable
from app.core.text import _, labelled
from app.reports.columns import Column
from app.reports.excel import cells
from app.reports.excel.about import about
from app.reports.excel.book import Heading, book_of
from app.reports.excel.groups import figure_cell, shared
from app.reports.excel.overview import WIDTHS, width_of
from app.reports.group_words import by_label, kind_of
from app.reports.groups import Group, came_of
from app.reports.pivot import Pivot, named, pivot
from app.reports.pivot_words import PivotWords
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def pivot_workbook(
    connection: Connection, viewer: Viewer, source: Source, state: State, of_name: str | None
) -> Iterator[bytes]:
    """The file in pieces; Unacceptable where the table would be too large."""
    columns, found = state.columns_in(source, viewer.rights), pivot(viewer, source, state)
    if isinstance(found, str):
        raise Unacceptable({"group": found})
    sheet = _Sheet(state, columns, found)
    came = came_of(found.found.total.values) - {viewer.profile_currency}
    told = about(connection, viewer, source, state, len(found.rows), of_name, came)
    book = book_of(
        viewer,
        source,
        sheet.headings(),
        told,
        above=sheet.above(),
        named_by=len(sheet.grouping.by),
    )
    rows = "".join(map(sheet.line, found.rows)).encode()
    return book.pieces([(rows, len(found.rows))], sheet.foot())


@dataclass
class _Sheet(PivotWords):
    state: State
    columns: Mapping[str, Column]
    pivot: Pivot

    @property
    def is_alone(self) -> bool:
        """Whether each value across has one column, which then bears its name."""
        return len(self._figures()) == 1

    def _figures(self) -> list[Heading]:
        """The columns of one value across. An amount's currency stands beside it, unless all are of one."""
        found = []
        for place in range(len(self.grouping.figures)):
            label = self.figure_words(place)
            found.append(Heading(label, WIDTHS["money"]))
            if self._has_currency(place):
                found.append(Heading(labelled(label, _("Currency")), WIDTHS["currency"]))
        return found

    def _has_currency(self, place: int) -> bool:
        return self.is_money(place) and self.currencies[place] is None

    def _sides(self) -> list[str]:
        return [*(self.name(one, self.grouping.across) for one in self.pivot.columns), _("Total")]

    def headings(self) -> list[Heading]:
        columns = self.columns
        names = [Heading(by_label(one, columns), width_of(columns[one.key])) for one in self.grouping.by]
        if self.is_alone:
            return names + [Heading(side, WIDTHS["money"]) for side in self._sides()]
        return names + self._figures() * len(self._sides())

    def above(self) -> list[tuple[str, int]]:
        if self.is_alone:
            return []
        return [
            *(("", 1) for _one in self.grouping.by),
            *((side, len(self._figures())) for side in self._sides()),
        ]

    def line(self, row: Group) -> str:
        said = named(row, self.grouping.by, self.columns)
        names = (
            shared(one, self.columns[one.key], key, words)
            for one, key, words in zip(self.grouping.by, row.keys, said, strict=True)
        )
        met = (self.pivot.found.cells.get((row.keys, side.keys)) for side in self.pivot.columns)
        return cells.row([*names, *(cell for one in (*met, row) for cell in self._cells(one))])

    def foot(self) -> str:
        names = [cells.text_cell(_("Total"), cells.BOLD), *[cells.EMPTY] * (len(self.grouping.by) - 1)]
        sums = (*self.pivot.columns, self.pivot.found.total)
        return cells.row([*names, *(cell for one in sums for cell in self._cells(one, is_bold=True))])

    def _cells(self, group: Group | None, *, is_bold: bool = False) -> Iterator[str]:
        """A figure that lacks an amount stays empty, as in the CSV file."""
        for place, figure in enumerate(self.grouping.figures):
            value = group.values[place] if group else None
            is_whole = value is not None and value.value is not None and not value.left_out
            kind = kind_of(figure, self.columns.get(figure.key))
            yield figure_cell(kind, value, is_bold) if value and is_whole else cells.EMPTY
            if self._has_currency(place):
                said = value.currency if value and is_whole else None
                yield cells.text_cell(said or "", cells.BOLD * is_bold)
