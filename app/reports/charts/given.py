"""What a chart is drawn from: the groups of an overview, how they are named, and the ways to their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from markupsafe import Markup

from app.core.db import transaction
from app.core.formats import Formats, formats_for
from app.core.text import _, language
from app.reports.columns import Column
from app.reports.group_words import (
    behind,
    by_label,
    figure_label,
    kind_of,
    teller,
    value_said,
    value_words,
)
from app.reports.grouping import By, Figure, Grouping
from app.reports.groups import Group, Groups, Value, groups
from app.reports.source import Source
from app.reports.state import State
from app.reports.switches import may_look_behind
from permissions import Viewer

ADDITIVE = ("count", "sum", "share")
"""Functions whose parts come to the whole."""


class CannotDraw(Exception):
    """A chart that would be wrong or unreadable; the sentence says what to do."""


@dataclass
class Given:
    person: Viewer
    source: Source
    state: State
    columns: Mapping[str, Column]
    known: Groups | None

    @cached_property
    def grouping(self) -> Grouping:
        assert self.state.grouping is not None
        return self.state.grouping

    @property
    def by(self) -> tuple[By, ...]:
        """All it is grouped by; the columns of a pivot table are like any other here."""
        return (*self.grouping.by, *self.grouping.across)

    @property
    def path(self) -> str:
        return f"/{self.source.plural}"

    @property
    def formats(self) -> Formats:
        return formats_for(language())

    @cached_property
    def figures(self) -> list[Figure]:
        """Those that are numbers."""
        return [one for one in self.grouping.figures if self.kind(one) != "day"]

    @property
    def figure(self) -> Figure:
        if not self.figures:
            raise CannotDraw(_("Choose a figure that is a number."))
        return self.figures[0]

    def kind(self, figure: Figure) -> str:
        return kind_of(figure, self.columns.get(figure.key))

    def gathered(self, by: tuple[By, ...], *figures: Figure) -> Groups:
        """The groups by these columns with these figures; amounts of several currencies are in no chart."""
        if self.known is not None and by == self.grouping.by and not self.grouping.across:
            places = [self.grouping.figures.index(one) for one in figures]

            def part(group: Group) -> Group:
                return replace(group, values=tuple(group.values[place] for place in places))

            found = Groups([part(one) for one in self.known.found], part(self.known.total), self.known.is_cut)
        else:
            asked = replace(self.grouping, by=by, across=(), figures=figures, order="")
            found = groups(transaction(), self.person, self.source, replace(self.state, grouping=asked))
        for place, figure in enumerate(figures):
            # A share is comparable if what it is of is one amount.
            some = [found.total] if figure.function == "share" else found.found
            _comparable([group.values[place] for group in some])
        return found

    def name(self, one: By, key: Any, title: Any) -> str:
        if key is None:
            return _("Without a value")
        return teller(one, self.columns[one.key], self.formats)(key, title) or _("Without a value")

    def way(self, by: Iterable[By], keys: Iterable[Any]) -> str | None:
        """The address of the rows of a group, where there is one."""
        if not may_look_behind(self.person, self.grouping):
            return None
        words: list[tuple[str, str]] = []
        for one, key in zip(by, keys, strict=True):
            way = behind(one, self.columns[one.key], key)
            if way is None:
                return None
            words += way
        return self.state.address(self.path, *words, grouping=None)

    def said(self, figure: Figure, value: Value) -> str:
        return value_said(figure, self.columns.get(figure.key), value, self.formats)

    def painted(self, figure: Figure, value: Value) -> Markup:
        return Markup(value_words(figure, self.columns.get(figure.key), value, self.formats))

    def label(self, figure: Figure, found: Groups | None = None, place: int = 0) -> str:
        """A figure's name, with the currency where there are groups to tell it."""
        label = figure_label(figure, self.columns)
        if found is None or self.kind(figure) != "money":
            return label
        currency = next(
            (one.values[place].currency for one in found.found if one.values[place].currency), None
        )
        return f"{label} ({currency})" if currency else label

    def title(self, label: str, by: Iterable[By]) -> str:
        columns = ", ".join(by_label(one, self.columns) for one in by)
        return _("{figure} by {columns}", figure=label, columns=columns)


def _comparable(values: list[Value]) -> None:
    currencies = {one.currency for one in values if one.value is not None}
    if len(currencies) > 1 or any(
        one.value is None and one.left_out and one.currency is None for one in values
    ):
        raise CannotDraw(
            _("Amounts in several currencies cannot stand in one chart. Filter by one currency.")
        )


def size(value: Value | None, is_nought: bool) -> Decimal | None:
    """How large a mark is. Where there are no rows, a sum is nought and an average is not; what lacks an exchange
    rate is not nought."""
    if value is not None and value.value is not None:
        return Decimal(value.value)
    return Decimal(0) if is_nought and not (value and value.left_out) else None
