"""Rows gathered into groups by equal values, each with figures over its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import Connection

from app.core.formats import currency_digits
from app.reports.group_sql import PARTS, group_sql
from app.reports.grouping import By, Figure
from app.reports.shape import shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

MOST_GROUPS = 1000
"""Beyond this nobody reads them; the largest are shown, and it is said."""


@dataclass(frozen=True)
class Value:
    """A figure of a group; an amount with its currency. `left_out` names the currencies that are not in it: those
    without a rate, or all of them when they are mixed and nobody said what to convert to. `came` are the currencies
    it was converted from."""

    value: Any
    currency: str | None = None
    left_out: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


def came_of(values: Iterable[Value]) -> set[str]:
    """The currencies that figures were converted from."""
    return {currency for one in values for currency in one.came}


@dataclass(frozen=True)
class Group:
    """`keys` are the values that its rows share, a reference's id among them; `titles` the names of these references
    and texts as one of the rows writes them."""

    keys: tuple[Any, ...]
    titles: tuple[Any, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Groups:
    found: list[Group]
    total: Group
    is_cut: bool
    """Whether there are more groups than are here."""


@dataclass(frozen=True)
class Crossed:
    """Groups of two sides: those of the rows alone, those of the columns alone, and where they meet, by both keys."""

    rows: list[Group]
    columns: list[Group]
    cells: dict[tuple[tuple[Any, ...], tuple[Any, ...]], Group]
    total: Group


def groups(connection: Connection, viewer: Viewer, source: Source, state: State) -> Groups:
    """The largest groups a state asks for, and all of them taken together."""
    (_bits, total), *found = _gathered(connection, viewer, source, state, (), MOST_GROUPS + 1)
    return Groups([group for _bits, group in found[:MOST_GROUPS]], total, len(found) > MOST_GROUPS)


def crossed(
    connection: Connection, viewer: Viewer, source: Source, state: State, most: int, most_columns: int
) -> Crossed | tuple[int, int]:
    """The groups of a state where its rows meet its columns. If they are more than `most` values, or more than
    `most_columns` columns: how many rows and columns there are, as far as that was counted."""
    assert state.grouping is not None
    grouping = state.grouping
    down, wide = len(grouping.by), len(grouping.across)
    limit = most_columns + 1 + 2 * most
    (_bits, total), *found = _gathered(connection, viewer, source, state, grouping.across, limit)
    columns = [
        replace(group, keys=group.keys[down:], titles=group.titles[down:])
        for bits, group in found
        if bits >= 1 << wide
    ]
    rows = [
        replace(group, keys=group.keys[:down], titles=group.titles[:down])
        for bits, group in found
        if bits == (1 << wide) - 1
    ]
    if len(columns) > most_columns or len(rows) * len(columns) * len(grouping.figures) > most:
        return len(rows), len(columns)
    cells = {(group.keys[:down], group.keys[down:]): group for bits, group in found if bits == 0}
    return Crossed(rows, columns, cells, total)


def _gathered(
    connection: Connection, viewer: Viewer, source: Source, state: State, across: tuple[By, ...], most: int
) -> list[tuple[int, Group]]:
    """All rows as one group and then `most` others, each after the columns it is not by, as bits."""
    assert state.grouping is not None
    by, figures = state.grouping.by, state.grouping.figures
    plain = replace(state, cursor=None, is_backwards=False, columns=(), size=1, grouping=None)
    shape = shape_of(viewer, source, plain)
    values = {**values_for(viewer, source, plain), "currency": shape.currency}
    lines = group_sql(shape, by, figures, across, most).run(connection, values).fetchall()
    titles = 1 + len(by) + len(across)
    parts = 2 * titles - 1
    whole = lines[0][parts:]
    return [
        (line[0], Group(line[1:titles], line[titles:parts], _values(line[parts:], whole, figures)))
        for line in lines
    ]


def _values(line: Sequence[Any], whole: Sequence[Any], figures: tuple[Figure, ...]) -> tuple[Value, ...]:
    """The figures of a group from its parts, and from those of all rows."""
    places = range(0, PARTS * len(figures), PARTS)
    return tuple(
        _figure(figure, line[place : place + PARTS], whole[place : place + PARTS])
        for figure, place in zip(figures, places, strict=True)
    )


def _figure(figure: Figure, parts: Sequence[Any], whole: Sequence[Any]) -> Value:
    value, currency, left_out, came = parts
    if figure.function == "share":
        value = Decimal(value) / Decimal(whole[0]) * 100 if value is not None and whole[0] else None
        left_out = left_out or (None if currency == whole[1] else whole[2])
    if isinstance(value, Decimal) and (unit := _unit(figure, currency)) is not None:
        value = value.quantize(unit, ROUND_HALF_EVEN)
    return Value(value, currency, *(tuple(sorted(filter(None, some or ()))) for some in (left_out, came)))


def _unit(figure: Figure, currency: str | None) -> Decimal | None:
    """What a figure is rounded to; nothing where it is exact."""
    if figure.function == "share":
        return Decimal("0.1")
    if currency:
        return Decimal(1).scaleb(-currency_digits(currency))
    return Decimal("0.01") if figure.function == "avg" else None
