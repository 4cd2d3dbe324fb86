"""Groups as points: the first figure to the right, the second upwards."""

from __future__ import annotations

from decimal import Decimal

from app.core.text import _, _n, labelled
from app.reports.charts.axis import Axis, axis, tick_words
from app.reports.charts.given import CannotDraw, Given
from app.reports.charts.parts import Chart, drawing, mark, text
from app.reports.groups import Group, Groups

MOST_POINTS = 500
WIDTH, HEIGHT = 860, 380
LEFT, RIGHT, TOP, BOTTOM = 84, 812, 30, 320


def scatter(given: Given) -> Chart:
    if len(given.figures) < 2:
        raise CannotDraw(_("Points need two figures that are numbers. Choose a second one."))
    right, up = given.figures[:2]
    found = given.gathered(given.by, right, up)
    whole = [one for one in found.found if all(value.value is not None for value in one.values)]
    points = whole[:MOST_POINTS]
    if not points:
        raise CannotDraw(_("No group has both figures."))
    wide, high = (_axis(given, place, points) for place in range(2))
    inner = '<g aria-hidden="true">'
    for tick in high.ticks:
        y = BOTTOM - high.share(tick) * (BOTTOM - TOP)
        inner += f'<path class="{"axis" if tick == 0 else "gridline"}" d="M{LEFT} {y:.1f}H{RIGHT}"/>'
        inner += text(LEFT - 10, y + 4, tick_words(tick, given.kind(up), given.formats), "end")
    for tick in wide.ticks:
        x = LEFT + wide.share(tick) * (RIGHT - LEFT)
        inner += f'<path class="{"axis" if tick == 0 else "gridline"}" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
        inner += text(x, BOTTOM + 20, tick_words(tick, given.kind(right), given.formats))
    labels = [given.label(figure, found, place) for place, figure in enumerate((right, up))]
    inner += (
        text(RIGHT, BOTTOM + 44, labels[0], "end", "lab") + text(4, 16, labels[1], "start", "lab") + "</g>"
    )
    for one in points:
        place, height = (Decimal(value.value) for value in one.values)
        name = " · ".join(
            given.name(by, key, title) for by, key, title in zip(given.by, one.keys, one.titles, strict=True)
        )
        said = "; ".join(
            labelled(label, given.said(figure, value))
            for label, figure, value in zip(labels, (right, up), one.values, strict=True)
        )
        at = f'cx="{LEFT + wide.share(place) * (RIGHT - LEFT):.1f}" cy="{BOTTOM - high.share(height) * (BOTTOM - TOP):.1f}"'
        inner += mark(
            f'<circle class="s1 point" {at} r="5"/>', f"{name} – {said}", given.way(given.by, one.keys)
        )
    title = given.title(" / ".join(labels), given.by)
    label = _("Scatter chart: {title}. The numbers are in the table below.", title=title)
    return Chart(title, drawing=drawing(WIDTH, HEIGHT, label, inner), notes=_notes(found, whole, points))


def _axis(given: Given, place: int, points: list[Group]) -> Axis:
    values = [Decimal(0), *(Decimal(one.values[place].value) for one in points)]
    return axis(min(values), max(values), is_whole=given.kind(given.figures[place]) == "count")


def _notes(found: Groups, whole: list[Group], points: list[Group]) -> list[str]:
    notes = []
    if len(points) < len(whole) or found.is_cut:
        notes.append(
            _("Only the {n} largest groups are drawn. Filter, or group by fewer columns.", n=len(points))
        )
    if lacking := len(found.found) - len(whole):
        notes.append(
            _n("{n} group lacks one of the two figures.", "{n} groups lack one of the two figures.", lacking)
        )
    return notes
