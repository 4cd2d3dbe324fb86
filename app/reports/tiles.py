"""Rows of an overview as tiles, and one of them by itself: the same page of the same query, drawn otherwise."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from markupsafe import Markup

from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.breaks import Drawing
from app.reports.columns import Column
from app.reports.group_words import figure_label
from app.reports.groups import Group
from app.reports.query import Page
from app.reports.shares import ShareOf, share_words
from app.reports.source import Source
from app.reports.table import Spot, painted

Marked = Mapping[tuple[int, int], tuple[str, str]]
"""What stands out, by row and column (-1 for the whole row): the tone of each, and why."""


def named(source: Source, columns: Mapping[str, Column], others: Sequence[str]) -> tuple[str, ...]:
    """The columns a tile needs besides `others`: those its heading and the line below are made of."""
    wanted = (source.title[0], source.subtitle)
    return tuple(key for key in wanted if key and key in columns and key not in others)


@dataclass(frozen=True)
class Pair:
    """A column beside its name, and how it stands out."""

    key: str
    label: str
    value: Markup
    mark: str = ""
    why: str = ""


@dataclass(frozen=True)
class Tile:
    url: str
    name: Pair
    sub: Markup
    status: Pair | None
    figure: Pair | None
    pairs: list[Pair]
    mark: str
    why: str


@dataclass(frozen=True)
class Tiles:
    """The rows of a page. `asked` are its columns in the order of their values, `shown` those that were chosen;
    `converted` is where a row has its amount in the profile currency."""

    source: Source
    asked: Sequence[Spot]
    shown: Sequence[str]
    page: Page
    marked: Marked
    converted: int | None
    shares: Sequence[tuple[str, ShareOf]]

    @cached_property
    def painted(self) -> dict[str, list[str]]:
        values, formats = list(zip(*self.page.rows, strict=True)), formats_for(language())
        start = 1 + self.page.key_count
        return {spot.column.key: painted(spot, values, start, formats) for spot in self.asked}

    @cached_property
    def columns(self) -> dict[str, Column]:
        return {spot.column.key: spot.column for spot in self.asked}

    @cached_property
    def name(self) -> str:
        """The column that names a record; the first one where its own name is not to be read."""
        return self.source.title[0] if self.source.title[0] in self.columns else self.shown[0]

    @cached_property
    def status(self) -> str | None:
        return "status" if "status" in self.columns and not self.columns["status"].is_masked else None

    @cached_property
    def figure(self) -> str | None:
        """The amount that stands large: the one the source is about, or the first there is."""
        amounts = [
            key for key in self.shown if self.columns[key].kind == "money" and not self.columns[key].is_masked
        ]
        return self.source.money if self.source.money in amounts else next(iter(amounts), None)

    @cached_property
    def sub(self) -> str | None:
        """The column whose words stand below the name, unless it has a place of its own."""
        sub = self.source.subtitle
        return sub if sub in self.columns and sub not in (*self.shown, self.name, self.status) else None

    def _mark(self, number: int, place: int) -> tuple[str, str]:
        """The class of what stands out, and why; nothing for what does not."""
        tone, why = self.marked.get((number, place), ("", ""))
        return tone and f"hl-{tone}", why

    def _pair(self, number: int, key: str) -> Pair:
        place = self.shown.index(key) if key in self.shown else None
        mark, why = self._mark(number, place) if place is not None else ("", "")
        value = Markup(self.painted[key][number])
        return Pair(key, str(self.columns[key].label), value, mark, why)

    def _more(self, row: tuple[Any, ...]) -> Iterator[Pair]:
        """What follows the columns: the amount converted, and shares."""
        currency = self.page.currency
        if currency and self.converted and (amount := row[self.converted]) is not None:
            words = formats_for(language()).money(amount, currency)
            yield Pair("converted", _("Converted amount"), Markup(html.escape(words)))
        for label, share in self.shares:
            yield Pair("share", label, Markup(share_words(share(row))))

    def of(self, number: int) -> Tile:
        """One row. What has a place of its own is not said again."""
        row, apart = self.page.rows[number], {self.name, self.status, self.figure}
        mark, why = self._mark(number, -1)
        name = self._pair(number, self.name)
        return Tile(
            url=f"/{self.source.plural}/{row[0]}",
            name=name if name.value else replace(name, value=Markup(html.escape(_("Without a name")))),
            sub=Markup(self.painted[self.sub][number] if self.sub else ""),
            status=self._pair(number, self.status) if self.status else None,
            figure=self._pair(number, self.figure) if self.figure else None,
            pairs=[*(self._pair(number, key) for key in self.shown if key not in apart), *self._more(row)],
            mark=mark,
            why=why,
        )

    def __iter__(self) -> Iterator[Tile]:
        return map(self.of, range(len(self.page.rows)))


class TileHeadings(Drawing):
    """Headings and totals between tiles: they end a list, and the next begins after them."""

    def heading(self, spot: Spot, page: Page, row: tuple[Any, ...], group: Group | None) -> Any:
        label, said = html.escape(str(spot.column.label)), self._content(spot, page, row)
        return Markup(
            f'<h2 class="tiles-head"><span class="muted">{label}</span> {said}'
            f"<small>{self.counted(group)}</small></h2>"
        )

    def total(self, name: str, group: Group | None, kind: str = "") -> Any:
        pairs = []
        for figure, words in self.said(group):
            is_sum = figure.function == "sum"
            label = str(self.columns[figure.key].label) if is_sum else figure_label(figure, self.columns)
            pairs.append(f"<div><dt>{html.escape(label)}</dt><dd>{words}</dd></div>")
        return Markup(f'<div class="tiles-total"><b>{html.escape(name)}</b><dl>{"".join(pairs)}</dl></div>')
