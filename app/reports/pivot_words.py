"""What a pivot table says in its headings and above it, wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from app.core.formats import formats_for
from app.core.text import _, labelled, language
from app.reports.columns import Column
from app.reports.group_words import figure_label, kind_of
from app.reports.grouping import By, Grouping
from app.reports.groups import Group
from app.reports.pivot import Pivot, named
from app.reports.state import State


class PivotWords:
    """For a class that has a pivot table, and the state and the columns it was made of."""

    state: State
    columns: Mapping[str, Column]
    pivot: Pivot

    @cached_property
    def grouping(self) -> Grouping:
        assert self.state.grouping is not None
        return self.state.grouping

    @cached_property
    def currencies(self) -> list[str | None]:
        """The one currency of each figure, which then stands in the heading and not beside every amount."""
        found: list[str | None] = []
        for place in range(len(self.grouping.figures)):
            all_of_it = {one.values[place].currency for one in self._everything()} - {None}
            found.append(all_of_it.pop() if self.is_money(place) and len(all_of_it) == 1 else None)
        return found

    def is_money(self, place: int) -> bool:
        figure = self.grouping.figures[place]
        return kind_of(figure, self.columns.get(figure.key)) == "money"

    @property
    def sub(self) -> str:
        """How large it is; and what it shows, where no second row of headings says so."""
        formats = formats_for(language())
        said = [
            labelled(_("Rows"), formats.integer(len(self.pivot.rows))),
            labelled(_("Columns"), formats.integer(len(self.pivot.columns))),
        ]
        if len(self.grouping.figures) == 1:
            said.append(self.figure_words(0))
        return " · ".join(said)

    def figure_words(self, place: int) -> str:
        label, currency = figure_label(self.grouping.figures[place], self.columns), self.currencies[place]
        return f"{label} ({currency})" if currency else label

    def name(self, group: Group, by: tuple[By, ...]) -> str:
        return " · ".join(one or _("Without a value") for one in named(group, by, self.columns))

    def _everything(self) -> Iterable[Group]:
        found = self.pivot.found
        return (*found.rows, *found.columns, *found.cells.values(), found.total)
