"""Groups of days as lines or areas over time; times without rows are nought where that is true, and gaps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.core.text import _, labelled
from app.reports.charts.axis import Axis, axis, tick_words
from app.reports.charts.course import Course, course_of, piled, runs
from app.reports.charts.given import ADDITIVE, CannotDraw, Given, size
from app.reports.charts.parts import Cell, Chart, Numbers, drawing, mark, text
from app.reports.charts.series import Series, series
from app.reports.group_words import by_label
from app.reports.grouping import By, Figure
from app.reports.groups import Value

MOST_NAMES = 8
"""Times named along the axis."""
MANY_TIMES = 150
"""Beyond this the dots on a line are small."""
WIDTH, HEIGHT = 860, 320
LEFT, RIGHT, TOP, BOTTOM = 84, 812, 14, 280


def line(given: Given) -> Chart:
    return _drawn(given, is_area=False)


def area(given: Given) -> Chart:
    return _drawn(given, is_area=True)


def _drawn(given: Given, *, is_area: bool) -> Chart:
    figure = given.figure
    time = next((one for one in given.by if given.columns[one.key].kind == "day"), None)
    if time is None:
        raise CannotDraw(_("Lines and areas run over time. Group by a date, best by month or year."))
    second = next((one for one in given.by if one != time), None)
    if is_area and figure.function not in ADDITIVE:
        second = None
    whole = given.gathered((time,), figure)
    cut = series(given, figure, (time, second), is_dated=True) if second else None
    course = course_of(given, figure, time, whole, cut)
    if second is not None and cut is None:
        column = by_label(second, given.columns)
        course.notes.append(_("There are too many groups to tell apart by {column}.", column=column))
    if is_area and len(course.names) > 1:
        if any(one is not None and one < 0 for some in course.sizes for one in some):
            raise CannotDraw(
                _("Areas lie one upon the other, and one of them is less than nought. Choose lines.")
            )
        course.sizes = piled(course.sizes)
    label = given.label(figure, whole)
    by = (time, second) if cut and second else (time,)
    title = given.title(label, by)
    said = (
        _("Area chart: {title}. The numbers are below.", title=title)
        if is_area
        else _("Line chart: {title}. The numbers are below.", title=title)
    )
    picture = _Picture(given, figure, by, course, cut)
    inner = (
        picture.frame()
        + (picture.areas() if is_area else "")
        + picture.lines(is_drawn=not is_area or cut is None)
    )
    names = course.names if cut else []
    return Chart(
        title,
        names,
        drawing=drawing(WIDTH, HEIGHT, said, inner),
        numbers=picture.numbers(label),
        notes=course.notes,
    )


@dataclass
class _Picture:
    given: Given
    figure: Figure
    by: tuple[By, ...]
    course: Course
    cut: Series | None

    def __post_init__(self) -> None:
        known = [one for some in self.course.sizes for one in some if one is not None]
        is_whole = self.given.kind(self.figure) == "count"
        self.axis: Axis = axis(min([Decimal(0), *known]), max([Decimal(0), *known]), is_whole=is_whole)

    def x(self, place: int) -> float:
        last = len(self.course.times) - 1
        return LEFT + (RIGHT - LEFT) * (place / last if last else 0.5)

    def y(self, value: Decimal) -> float:
        return BOTTOM - self.axis.share(value) * (BOTTOM - TOP)

    def frame(self) -> str:
        """The axes with their words; the table has these for whoever does not see them."""
        inner, kind = '<g aria-hidden="true">', self.given.kind(self.figure)
        for tick in self.axis.ticks:
            inner += f'<path class="{"axis" if tick == 0 else "gridline"}" d="M{LEFT} {self.y(tick):.1f}H{RIGHT}"/>'
            inner += text(LEFT - 10, self.y(tick) + 4, tick_words(tick, kind, self.given.formats), "end")
        times = self.course.times
        step = -(-len(times) // MOST_NAMES)
        for place in range(0, len(times), step):
            inner += text(self.x(place), BOTTOM + 22, self._time(place))
        return inner + "</g>"

    def _time(self, place: int) -> str:
        return self.given.name(self.by[0], self.course.times[place], None)

    def lines(self, *, is_drawn: bool) -> str:
        """A dot wherever there are rows to go to, and the lines between them unless areas show as much."""
        inner = ""
        for number, sizes in enumerate(self.course.sizes, 1):
            if is_drawn:
                inner += "".join(
                    f'<path class="ln s{number}" d="M{"L".join(self._points(run, sizes))}"/>'
                    for run in runs(sizes)
                )
        radius = 3.5 if len(self.course.times) <= MANY_TIMES else 2
        for number, sizes in enumerate(self.course.sizes, 1):
            for place, one in enumerate(sizes):
                if one is not None and self.course.values[number - 1][place] is not None:
                    at = f'cx="{self.x(place):.1f}" cy="{self.y(one):.1f}" r="{radius}"'
                    inner += mark(
                        f'<circle class="dot s{number}" {at}/>',
                        self._said(number, place),
                        self._way(number, place),
                    )
        return inner

    def areas(self) -> str:
        """Down to the series below, or to nought."""
        inner, ground = "", [Decimal(0)] * len(self.course.times)
        below: list[Decimal | None] = [*ground]
        for number, sizes in enumerate(self.course.sizes, 1):
            names = "ar s1" if self.cut is None else f"s{number}"
            for run in runs(sizes):
                edge = [*self._points(run, sizes), *reversed(self._points(run, below))]
                inner += f'<path class="{names}" d="M{"L".join(edge)}Z"/>'
            below = sizes if self.cut else below
        return inner

    def _points(self, run: list[int], sizes: list[Decimal | None]) -> list[str]:
        return [f"{self.x(place):.1f} {self.y(sizes[place] or Decimal(0)):.1f}" for place in run]

    def _said(self, number: int, place: int) -> str:
        name = self._time(place)
        if self.cut is not None:
            name = f"{name} · {self.course.names[number - 1]}"
        return labelled(name, self._figure(number, place))

    def _figure(self, number: int, place: int) -> str:
        value = self.course.values[number - 1][place]
        if value is None or value.value is None:
            is_nought = size(value, self.figure.function in (*ADDITIVE, "distinct")) is not None
            value = Value(Decimal(0), self._currency()) if is_nought else Value(None)
        return self.given.said(self.figure, value)

    def _currency(self) -> str | None:
        return next(
            (one.currency for some in self.course.values for one in some if one and one.currency), None
        )

    def _way(self, number: int, place: int) -> str | None:
        if self.course.values[number - 1][place] is None:
            return None
        time = self.course.times[place]
        if self.cut is None:
            return self.given.way(self.by, (time,))
        return self.cut.way(self.given, self.by, time, number)

    def numbers(self, label: str) -> Numbers:
        lines: list[list[Cell]] = []
        for place, time in enumerate(self.course.times):
            there = any(some[place] is not None for some in self.course.values)
            row: list[Cell] = [(self._time(place), self.given.way(self.by[:1], (time,)) if there else None)]
            for number in range(1, len(self.course.values) + 1):
                row.append((self._figure(number, place), self._way(number, place) if self.cut else None))
            lines.append(row)
        names = self.course.names if self.cut else [label]
        return Numbers([by_label(self.by[0], self.given.columns), *names], lines)
