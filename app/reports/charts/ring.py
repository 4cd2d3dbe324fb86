"""Groups as the parts of a ring, largest first, their numbers beside it."""

from __future__ import annotations

import math
from decimal import Decimal

from app.core.text import _, labelled
from app.reports.charts.axis import tick_words
from app.reports.charts.given import ADDITIVE, CannotDraw, Given
from app.reports.charts.parts import Cell, Chart, Numbers, drawing, mark, text
from app.reports.charts.series import MOST_SERIES
from app.reports.group_words import by_label
from app.reports.groups import Value

SIZE, OUTER, INNER = 240, 114, 70


def donut(given: Given) -> Chart:
    figure, first = given.figure, given.by[0]
    if figure.function not in ADDITIVE:
        raise CannotDraw(_("Choose a number, a sum or a share first: only these have parts."))
    found = given.gathered((first,), figure)
    sizes = [(Decimal(group.values[0].value or 0), group) for group in found.found]
    below = next((group for part, group in sizes if part < 0), None)
    if below is not None:
        name = given.name(first, below.keys[0], below.titles[0])
        raise CannotDraw(
            _(
                "A ring shows parts of a whole, and ‘{name}’ is less than nought. Choose another chart.",
                name=name,
            )
        )
    whole = Decimal(found.total.values[0].value or 0)
    if not whole:
        raise CannotDraw(_("All of it comes to nought: there are no parts to show."))
    ranked = sorted((one for one in sizes if one[0]), key=lambda one: -one[0])
    shown = ranked if len(ranked) <= MOST_SERIES and not found.is_cut else ranked[: MOST_SERIES - 1]
    slices: list[tuple[str, str | None, Value, Decimal]] = [
        (
            given.name(first, group.keys[0], group.titles[0]),
            given.way((first,), group.keys),
            group.values[0],
            part,
        )
        for part, group in shown
    ]
    if len(shown) < len(ranked):
        rest = whole - sum((part for part, _group in shown), Decimal(0))
        slices.append((_("Others"), None, Value(rest, found.total.values[0].currency), rest))
    lines: list[list[Cell]] = []
    inner, start = "", Decimal(0)
    for place, (name, href, value, part) in enumerate(slices, 1):
        said, per_cent = given.said(figure, value), given.formats.percent(part / whole * 100, 1)
        path = f'<path class="slice s{place}" d="{_slice(float(start / whole), float((start + part) / whole))}"/>'
        inner += mark(path, f"{labelled(name, said)} · {per_cent}", href)
        lines.append([(name, href), (said, None), (per_cent, None)])
        start += part
    title = given.title(given.label(figure, found), (first,))
    inner += '<g aria-hidden="true">' + text(
        SIZE / 2, SIZE / 2 + 5, tick_words(whole, given.kind(figure), given.formats), names="lab"
    )
    inner += text(SIZE / 2, SIZE / 2 + 24, found.total.values[0].currency or "") + "</g>"
    heads = [by_label(first, given.columns), given.label(figure), _("Percentage of total")]
    numbers = Numbers(heads, lines, list(range(1, len(slices) + 1)))
    return Chart(title, drawing=drawing(SIZE, SIZE, _drawn_as(title), inner), numbers=numbers, is_beside=True)


def _drawn_as(title: str) -> str:
    return _("Doughnut chart: {title}. The numbers stand beside it.", title=title)


def _slice(start: float, end: float) -> str:
    """The outline of a part of the ring, by shares of the whole turn; the whole ring in two halves."""
    if end - start > 0.9999:
        return f"{_slice(0, 0.5)} {_slice(0.5, 1)}"
    large = 1 if end - start > 0.5 else 0
    (x1, y1), (x2, y2) = _at(OUTER, start), _at(OUTER, end)
    (x3, y3), (x4, y4) = _at(INNER, end), _at(INNER, start)
    return (
        f"M{x1:.2f} {y1:.2f}A{OUTER} {OUTER} 0 {large} 1 {x2:.2f} {y2:.2f}"
        f"L{x3:.2f} {y3:.2f}A{INNER} {INNER} 0 {large} 0 {x4:.2f} {y4:.2f}Z"
    )


def _at(radius: float, share: float) -> tuple[float, float]:
    """From the top, clockwise."""
    turn = 2 * math.pi * share
    return SIZE / 2 + radius * math.sin(turn), SIZE / 2 - radius * math.cos(turn)
