"""What each row is of the whole, in per cent: a column beside the table's others for each total of that kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from html import escape
from typing import Any

from app.core.formats import formats_for
from app.core.text import language
from app.reports.columns import Column
from app.reports.group_words import figure_label
from app.reports.grouping import Figure
from app.reports.groups import Value
from app.reports.source import Source
from app.reports.state import State
from app.reports.table import Spot

UNIT = Decimal("0.1")
ShareOf = Callable[[tuple[Any, ...]], Decimal | None]
"""Takes a row, gives its share of the whole."""


def shares_of(state: State, shown: Sequence[str]) -> list[Figure]:
    """The shares that stand in columns: those of columns that are shown themselves."""
    return [one for one in state.layout.totals if one.function == "share" and one.key in shown]


def share_heads(
    state: State, columns: Mapping[str, Column], shown: Sequence[str], path: str
) -> list[tuple[Any, ...]]:
    """Their headings, each with the way to be rid of it; as `columns` in report/_table.html."""
    found: list[tuple[Any, ...]] = []
    for one in shares_of(state, shown):
        left = tuple(other for other in state.layout.totals if other != one)
        hide = state.address(path, layout=replace(state.layout, totals=left))
        label = figure_label(one, columns)
        found.append((f"share-{one.key}", label, "percent", True, None, None, None, hide, None, False))
    return found


def share_of(source: Source, spot: Spot, start: int, whole: Value, converted: int | None) -> ShareOf:
    """What a row is of the whole: its value by the sum of all, both as they are shown. Amounts only in the sum's
    currency: `converted` is where a row has its amount in the profile currency. `start` is where its values begin."""
    place, is_money = start + spot.place, spot.column.kind == "money"

    def amount(row: tuple[Any, ...]) -> Any:
        if not is_money or row[place + 1] == whole.currency:
            return row[place]
        return row[converted] if converted is not None and spot.column.key == source.money else None

    def share(row: tuple[Any, ...]) -> Decimal | None:
        value = amount(row)
        if value is None or not whole.value:
            return None
        return (Decimal(value) / Decimal(whole.value) * 100).quantize(UNIT, ROUND_HALF_EVEN)

    return share


def portions(
    source: Source,
    state: State,
    columns: Mapping[str, Column],
    shown: Sequence[Spot],
    start: int,
    wholes: Mapping[str, Value],
    converted: int | None,
) -> list[tuple[str, ShareOf]]:
    """The columns of shares: what each is called, and what a row has there. `wholes` are the sums, by column."""
    places = {spot.column.key: spot for spot in shown}
    return [
        (figure_label(one, columns), share_of(source, places[one.key], start, wholes[one.key], converted))
        for one in shares_of(state, list(places))
        if one.key in wholes
    ]


def share_words(share: Decimal | None) -> str:
    return "" if share is None else formats_for(language()).percent(share, 1)


def share_cells(shares: Sequence[tuple[str, ShareOf]]) -> Callable[[tuple[Any, ...]], str]:
    """The cells of a row that follow its columns."""

    def cells(row: tuple[Any, ...]) -> str:
        return "".join(
            f'<td role="cell" class="num" data-l="{escape(label)}">{words}</td>'
            if (words := share_words(share(row)))
            else '<td role="cell"></td>'
            for label, share in shares
        )

    return cells
