"""Groups as bars lying one below the other: one for each value of the first column, whole or cut by the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from app.core.text import _, _n, labelled
from app.reports.charts.given import ADDITIVE, CannotDraw, Given
from app.reports.charts.parts import Bar, Chart, Part
from app.reports.charts.series import Series, series
from app.reports.group_words import in_order
from app.reports.grouping import By, Figure
from app.reports.groups import Group, Groups, Value

MOST_BARS = 25
"""What can be taken in at a glance; the table has them all."""
GAP = 0.3
"""Between the parts of a bar, in per cent of the width."""


def bars(given: Given) -> Chart:
    figure, by = given.figure, given.by[:1]
    drawn, left = _chosen(given, given.gathered(by, figure), figure)
    return _drawn(given, figure, by, drawn, left, None)


def stacked(given: Given) -> Chart:
    figure, by = given.figure, given.by[:2]
    if len(by) < 2:
        raise CannotDraw(_("Group by a second column to cut the bars by."))
    if figure.function not in ADDITIVE:
        raise CannotDraw(_("Choose a number, a sum or a share first: only these have parts."))
    cut = series(given, figure, by)
    if cut is None:
        raise CannotDraw(_("There are too many groups to draw. Filter, or choose columns with fewer values."))
    drawn, left = _chosen(given, given.gathered(by[:1], figure), figure)
    return _drawn(given, figure, by, drawn, left, cut)


def _chosen(given: Given, whole: Groups, figure: Figure) -> tuple[list[Group], int]:
    """The groups to draw, and how many are left: days in their order, the latest if there are too many; others by
    what they come to, or as the table is sorted."""
    grouping, first = given.grouping, given.by[0]
    name, is_descending = grouping.order.removeprefix("-"), grouping.order.startswith("-")
    is_time = given.columns[first.key].kind == "day"
    order = grouping.order if name in (str(first), str(figure)) else str(first) if is_time else f"-{figure}"
    asked = replace(grouping, by=(first,), figures=(figure,), order=order)
    ordered = in_order(whole, asked, given.columns)
    left = max(0, len(ordered) - MOST_BARS)
    if is_time and name != str(figure) and not is_descending:
        return ordered[left:], left
    return ordered[:MOST_BARS], left


def _drawn(
    given: Given, figure: Figure, by: tuple[By, ...], groups: list[Group], left: int, cut: Series | None
) -> Chart:
    parts: list[Mapping[int, Value]] = [
        {1: group.values[0]} if cut is None else dict(sorted(cut.values.get(group.keys[0], {}).items()))
        for group in groups
    ]
    sizes = [[Decimal(one.value or 0) for one in some.values()] for some in parts]
    low = min([Decimal(0), *(sum((v for v in some if v < 0), Decimal(0)) for some in sizes)])
    high = max([Decimal(0), *(sum((v for v in some if v > 0), Decimal(0)) for some in sizes)])
    chart = Chart(given.title(given.label(figure), by), cut.names if cut else [])
    chart.bars = [
        _bar(given, figure, by, group, some, (low, high - low), cut)
        for group, some in zip(groups, parts, strict=True)
    ]
    if left:
        chart.notes.append(_n("{n} more is in the table below.", "{n} more are in the table below.", left))
    return chart


def _bar(
    given: Given,
    figure: Figure,
    by: tuple[By, ...],
    group: Group,
    parts: Mapping[int, Value],
    measure: tuple[Decimal, Decimal],
    cut: Series | None,
) -> Bar:
    (low, span), drawn = measure, list[Part]()
    name, href = given.name(by[0], group.keys[0], group.titles[0]), given.way(by[:1], group.keys[:1])
    ahead = back = -low
    for place, value in parts.items():
        part = Decimal(value.value or 0)
        if not part or not span:
            continue
        if part > 0:
            start, ahead = ahead, ahead + part
        else:
            back += part
            start = back
        whose = f"{name} · {cut.names[place - 1]}" if cut else name
        width = max(0.15, float(abs(part) / span * 100) - (GAP if cut else 0))
        said = labelled(whose, given.said(figure, value))
        way = cut.way(given, by, group.keys[0], place) if cut else href
        drawn.append((place, round(float(start / span * 100), 2), round(width, 2), said, way))
    return name, href, given.painted(figure, group.values[0]), drawn
