"""Groups of two columns as series: a colour for each value of the second, the smallest taken together."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.text import _
from app.reports.charts.given import ADDITIVE, Given, size
from app.reports.grouping import By, Figure
from app.reports.groups import Group, Value

MOST_SERIES = 8
"""As many colours as every theme keeps apart."""
OTHERS = object()
"""Stands for the values of the second column that have no colour of their own."""


@dataclass
class Series:
    """The names of the colours, which value of the second column each is, and what there is of each by first value."""

    names: list[str] = field(default_factory=list)
    keys: list[Any] = field(default_factory=list)
    values: dict[Any, dict[int, Value]] = field(default_factory=dict)
    left: int = 0
    """Values of the second column that are in none of them."""

    def way(self, given: Given, by: tuple[By, ...], first: Any, place: int) -> str | None:
        """The address of the rows of one colour; of those taken together there is none."""
        key = self.keys[place - 1]
        return None if key is OTHERS else given.way(by, (first, key))


def series(given: Given, figure: Figure, by: tuple[By, ...], *, is_dated: bool = False) -> Series | None:
    """The series of two columns, with `is_dated` only where the first has a value; None where there are more groups
    than can be gathered."""
    found = given.gathered(by, figure)
    if found.is_cut:
        return None
    drawable = [group for group in found.found if not is_dated or group.keys[0] is not None]
    sizes: dict[Any, Decimal] = {}
    titles: dict[Any, str] = {}
    for group in drawable:
        key = group.keys[1]
        sizes[key] = sizes.get(key, Decimal(0)) + abs(Decimal(group.values[0].value or 0))
        titles[key] = given.name(by[1], key, group.titles[1])
    ranked = sorted(sizes, key=lambda key: -sizes[key])
    drawn = Series(left=max(0, len(ranked) - MOST_SERIES))
    if drawn.left and figure.function in ADDITIVE:
        drawn.keys, drawn.left = [*ranked[: MOST_SERIES - 1], OTHERS], 0
    else:
        drawn.keys = ranked[:MOST_SERIES]
    drawn.names = [_("Others") if key is OTHERS else titles[key] for key in drawn.keys]
    places = {key: place for place, key in enumerate(drawn.keys, 1)}
    for group in drawable:
        place = places.get(group.keys[1], places.get(OTHERS))
        if place is not None:
            _add(drawn.values.setdefault(group.keys[0], {}), place, group)
    return drawn


def _add(values: dict[int, Value], place: int, group: Group) -> None:
    value, known = group.values[0], values.get(place)
    if known is not None:
        parts = (size(known, False), size(value, False))
        whole = sum((one for one in parts if one is not None), Decimal(0))
        left_out = tuple(sorted({*known.left_out, *value.left_out}))
        is_known = any(one is not None for one in parts)
        value = Value(whole if is_known else None, known.currency or value.currency, left_out)
    values[place] = value
