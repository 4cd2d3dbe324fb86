"""The first figure of an overview's groups as bars: one for each value of the first column, cut by the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from app.core.db import transaction
from app.core.formats import Formats, formats_for
from app.core.text import _, _n, labelled, language
from app.reports.columns import Column, columns_of
from app.reports.group_words import behind, by_label, figure_label, in_order, teller, value_said, value_words
from app.reports.grouping import By, Figure, Grouping
from app.reports.groups import Group, Groups, groups
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

MOST_BARS = 25
"""What can be taken in at a glance; the table has them all."""
MOST_SERIES = 8
"""As many colours as every theme keeps apart."""
GAP = 0.3
"""Between the parts of a bar, in per cent of the width."""

Part = tuple[int, float, float, str]
"""The number of its colour, where it starts and how wide it is in per cent, and what it says."""
Bar = tuple[str, str | None, Markup, list[Part]]
"""Its name, the way to its rows, its figure, its parts."""


@dataclass(frozen=True)
class Chart:
    title: str
    series: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    note: str | None = None


def chart(person: Viewer, source: Source, state: State, known: Groups | None) -> Chart:
    """The chart of a state's first figure, whose groups are known. Where it cannot be drawn, it says why."""
    grouping, columns = state.grouping, columns_of(source, person.rights)
    assert grouping is not None
    figure = next((one for one in grouping.figures if not _is_day(one, columns)), None)
    if figure is None:
        return Chart(_("Chart"), note=_("Choose a figure that is a number."))
    by = (*grouping.by, *grouping.across)[: 2 if figure.function in ("count", "sum") else 1]
    title = _(
        "{figure} by {columns}",
        figure=figure_label(figure, columns),
        columns=", ".join(by_label(one, columns) for one in by),
    )

    def gathered(by: tuple[By, ...]) -> Groups:
        if known is not None and by == grouping.by:
            place = grouping.figures.index(figure)
            return replace(known, found=[replace(one, values=(one.values[place],)) for one in known.found])
        asked = replace(grouping, by=by, across=(), figures=(figure,), order="")
        return groups(transaction(), person, source, replace(state, grouping=asked))

    whole = gathered(by[:1])
    currencies = {group.values[0].currency for group in whole.found if group.values[0].value is not None}
    if len(currencies) > 1 or any(
        group.values[0].value is None and group.values[0].left_out for group in whole.found
    ):
        mixed = _("Amounts in several currencies cannot stand in one chart. Filter by one currency.")
        return Chart(title, note=mixed)
    drawn, left = _chosen(whole, figure, grouping, columns)
    cut = gathered(by) if len(by) == 2 else None
    if cut is not None and cut.is_cut:
        cut = None
    rest = _n("{n} more is in the table below.", "{n} more are in the table below.", left, n=left)
    return _Drawing(state, f"/{source.plural}", columns, figure, by, drawn, cut).chart(
        title, rest if left else None
    )


def _is_day(figure: Figure, columns: Mapping[str, Column]) -> bool:
    return figure.key in columns and columns[figure.key].kind == "day"


def _chosen(
    whole: Groups, figure: Figure, grouping: Grouping, columns: Mapping[str, Column]
) -> tuple[list[Group], int]:
    """The groups to draw, and how many are left: days in their order, the latest if there are too many; others by
    what they come to, or as the table is sorted."""
    first = grouping.by[0]
    name, is_descending = grouping.order.removeprefix("-"), grouping.order.startswith("-")
    is_time = columns[first.key].kind == "day"
    order = grouping.order if name in (str(first), str(figure)) else str(first) if is_time else f"-{figure}"
    asked = replace(grouping, by=(first,), figures=(figure,), order=order)
    ordered = in_order(whole, asked, columns)
    left = max(0, len(ordered) - MOST_BARS)
    if is_time and name != str(figure) and not is_descending:
        return ordered[left:], left
    return ordered[:MOST_BARS], left


@dataclass
class _Drawing:
    state: State
    path: str
    columns: Mapping[str, Column]
    figure: Figure
    by: tuple[By, ...]
    drawn: list[Group]
    cut: Groups | None

    @property
    def formats(self) -> Formats:
        return formats_for(language())

    def chart(self, title: str, note: str | None) -> Chart:
        cuts = self._cuts()
        names = self._series(cuts)
        places = {key: number for number, key in enumerate(names, 1)}
        summed = [self._summed(group, cuts, places) for group in self.drawn]
        low = min([Decimal(0), *(sum((v for v in one.values() if v < 0), Decimal(0)) for one in summed)])
        high = max([Decimal(0), *(sum((v for v in one.values() if v > 0), Decimal(0)) for one in summed)])
        says = [*names.values()]
        bars = [
            self._bar(group, one, low, high - low, says)
            for group, one in zip(self.drawn, summed, strict=True)
        ]
        return Chart(title, says if self.cut else [], bars, note)

    def _cuts(self) -> dict[Any, list[Group]]:
        found: dict[Any, list[Group]] = {}
        for group in self.cut.found if self.cut else ():
            found.setdefault(group.keys[0], []).append(group)
        return found

    def _series(self, cuts: Mapping[Any, list[Group]]) -> dict[Any, str]:
        """The values of the second column in the order of what they come to, the smallest taken together."""
        if self.cut is None:
            return {None: ""}
        sizes: dict[Any, Decimal] = {}
        titles: dict[Any, str] = {}
        tell = teller(self.by[1], self.columns[self.by[1].key], self.formats)
        for group in (one for some in cuts.values() for one in some):
            key = group.keys[1]
            sizes[key] = sizes.get(key, Decimal(0)) + abs(Decimal(group.values[0].value or 0))
            titles[key] = _("Without a value") if key is None else tell(key, group.titles[1])
        ranked = sorted(sizes, key=lambda key: -sizes[key])
        if len(ranked) <= MOST_SERIES:
            return {key: titles[key] for key in ranked}
        return {**{key: titles[key] for key in ranked[: MOST_SERIES - 1]}, OTHERS: _("Others")}

    def _summed(
        self, group: Group, cuts: Mapping[Any, list[Group]], places: Mapping[Any, int]
    ) -> dict[int, Decimal]:
        if self.cut is None:
            return {1: Decimal(group.values[0].value or 0)}
        found: dict[int, Decimal] = {}
        for one in cuts.get(group.keys[0], ()):
            place = places.get(one.keys[1], MOST_SERIES)
            found[place] = found.get(place, Decimal(0)) + Decimal(one.values[0].value or 0)
        return dict(sorted(found.items()))

    def _bar(
        self, group: Group, parts: Mapping[int, Decimal], low: Decimal, span: Decimal, says: list[str]
    ) -> Bar:
        first = self.by[0]
        column, formats = self.columns[first.key], self.formats
        key, title, value = group.keys[0], group.titles[0], group.values[0]
        name = _("Without a value") if key is None else teller(first, column, formats)(key, title)
        filters = behind(first, column, key)
        href = self.state.address(self.path, *filters, grouping=None) if filters else None
        ahead, back, drawn = -low, -low, []
        measured = self.columns.get(self.figure.key)
        for place, part in parts.items():
            if not part or not span:
                continue
            if part > 0:
                start, ahead = ahead, ahead + part
            else:
                back += part
                start = back
            said = value_said(self.figure, measured, replace(value, value=part), formats)
            whose = f"{name} · {says[place - 1]}" if self.cut else name
            width = max(0.15, float(abs(part) / span * 100) - (GAP if self.cut else 0))
            drawn.append((place, round(float(start / span * 100), 2), round(width, 2), labelled(whose, said)))
        return name, href, Markup(value_words(self.figure, measured, value, formats)), drawn


OTHERS = object()
"""Stands for the values of the second column that have no colour of their own."""
