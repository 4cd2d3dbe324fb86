"""Figures over time: every time between the first and the last, and what is there when nothing is stored."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.text import _, _n
from app.reports.charts.given import ADDITIVE, CannotDraw, Given, size
from app.reports.charts.series import Series
from app.reports.group_words import MONTHS
from app.reports.grouping import By, Figure
from app.reports.groups import Groups, Value

MOST_TIMES = 400
"""From the first to the last; more points than that are no line."""


@dataclass
class Course:
    """What is drawn over time: for each series its value at each time."""

    times: list[datetime.date]
    names: list[str]
    values: list[list[Value | None]]
    sizes: list[list[Decimal | None]]
    notes: list[str] = field(default_factory=list)


def course_of(given: Given, figure: Figure, time: By, whole: Groups, cut: Series | None) -> Course:
    known = {group.keys[0]: group.values[0] for group in whole.found if group.keys[0] is not None}
    if not known:
        raise CannotDraw(_("None of these rows has a date to draw it at."))
    if whole.is_cut:
        raise CannotDraw(_too_many(given, time, min(known), max(known)))
    times = [min(known)]
    while times[-1] < max(known):
        times.append(_after(times[-1], time.step))
        if len(times) > MOST_TIMES:
            raise CannotDraw(_too_many(given, time, min(known), max(known)))
    values = (
        [[known.get(one) for one in times]]
        if cut is None
        else [[cut.values.get(one, {}).get(place) for one in times] for place in range(1, len(cut.names) + 1)]
    )
    is_nought = figure.function in (*ADDITIVE, "distinct")
    course = Course(
        times, cut.names if cut else [""], values, [[size(one, is_nought) for one in some] for some in values]
    )
    if cut and cut.left:
        course.notes.append(
            _n("{n} more is in the table below.", "{n} more are in the table below.", cut.left)
        )
    if len(known) < len(whole.found):
        name = given.columns[time.key].label
        course.notes.append(_("Rows without a value in ‘{name}’ are in the table below only.", name=name))
    return course


def _too_many(given: Given, time: By, first: datetime.date, last: datetime.date) -> str:
    return _(
        "From {first} to {last} there are more than {n} points. Group by month, quarter or year, or filter.",
        first=given.name(time, first, None),
        last=given.name(time, last, None),
        n=MOST_TIMES,
    )


def _after(day: datetime.date, step: str) -> datetime.date:
    if not step:
        return day + datetime.timedelta(days=1)
    years, month = divmod(day.month - 1 + MONTHS[step], 12)
    return datetime.date(day.year + years, month + 1, 1)


def piled(sizes: list[list[Decimal | None]]) -> list[list[Decimal | None]]:
    """Each series upon those before it."""
    found: list[list[Decimal | None]] = []
    for some in sizes:
        below = found[-1] if found else [Decimal(0)] * len(some)
        found.append(
            [(low or Decimal(0)) + (one or Decimal(0)) for low, one in zip(below, some, strict=True)]
        )
    return found


def runs(sizes: list[Decimal | None]) -> list[list[int]]:
    """The stretches without a gap."""
    found: list[list[int]] = [[]]
    for place, one in enumerate(sizes):
        if one is not None:
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]
