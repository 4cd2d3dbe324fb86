"""The figures of an overview's groups as a chart drawn by the server; a module for each way to draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.core.text import LazyText, _, _l
from app.reports.charts.bars import bars, stacked
from app.reports.charts.given import CannotDraw, Given
from app.reports.charts.lines import area, line
from app.reports.charts.parts import Chart
from app.reports.charts.points import scatter
from app.reports.charts.ring import donut
from app.reports.groups import Groups
from app.reports.source import Source
from app.reports.state import State
from app.reports.switches import CHART
from permissions import Viewer

KINDS: dict[str, tuple[LazyText, Callable[[Given], Chart]]] = {
    "bars": (_l("Bar chart"), bars),
    "stacked": (_l("Stacked bars"), stacked),
    "line": (_l("Line chart"), line),
    "area": (_l("Area chart"), area),
    "donut": (_l("Doughnut chart"), donut),
    "scatter": (_l("Scatter chart"), scatter),
}


def chart(person: Viewer, source: Source, state: State, known: Groups | None) -> Chart:
    """The chart a state asks for; `known` are the groups its page has already. Where it cannot be drawn, it says why."""
    grouping = state.grouping
    assert grouping is not None
    given = Given(person, source, state, state.columns_in(source, person.rights), known)
    words, draw = KINDS[grouping.chart]
    try:
        drawn = draw(given)
    except CannotDraw as reason:
        drawn = Chart(_("Chart"), notes=[str(reason)])
    drawn.kind = str(words)
    drawn.kinds = [
        (
            state.address(given.path, grouping=replace(grouping, chart=name)),
            str(label),
            name == grouping.chart,
        )
        for name, (label, _draw) in KINDS.items()
        if person.may(CHART)
    ]
    return drawn
