"""The ways to look at an overview, as its switcher offers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.core.text import _
from app.reports.columns import Column
from app.reports.grouping import CHARTS, as_groups, as_pivot, first_grouping
from app.reports.source import Source
from app.reports.state import State
from app.reports.switches import CHART, GROUPS, PIVOT, TILES, is_on, view_of
from permissions import Function, Rights

View = tuple[str, str, str, bool]
"""Address, name, icon, and whether it is this one."""


def views_of(
    source: Source, state: State, columns: Mapping[str, Column], path: str, rights: Rights
) -> list[View]:
    """The table first, then other looks at its rows, then their groups where there is something to group by. None
    where there is one only, or the report is shown in a way that its reader may not leave."""
    look, table = state.layout.view, replace(state, layout=replace(state.layout, view=""))
    own = view_of(state.grouping) if state.grouping else TILES if look else None
    if own and not is_on(rights, own):
        return []

    def looked_at(view: str) -> str:
        return table.address(path, grouping=None, layout=replace(table.layout, view=view))

    is_grouped = state.grouping is not None
    ways: list[tuple[Function | None, str, str, str, bool]] = [
        (function, looked_at(view), name, icon, not is_grouped and look == view)
        for function, view, name, icon in (
            (None, "", _("Table"), "table"),
            (TILES, "tiles", _("Tiles"), "tiles"),
            (TILES, "row", _("Single row"), "contract"),
        )
    ]
    groups = state.grouping or first_grouping(source, columns)
    if groups is not None:
        is_pivot = bool(groups.across) and not groups.chart
        for function, shown, name, icon, is_current in (
            (GROUPS, as_groups(groups), _("Groups"), "sigma", not groups.chart and not is_pivot),
            (CHART, as_groups(groups, groups.chart or CHARTS[0]), _("Chart"), "chart", bool(groups.chart)),
            (PIVOT, as_pivot(groups, columns), _("Pivot table"), "pivot", is_pivot),
        ):
            if shown:
                address = table.address(path, grouping=shown)
                ways.append((function, address, name, icon, is_grouped and is_current))
    views = [way[1:] for way in ways if way[0] is None or is_on(rights, way[0])]
    return views if len(views) > 1 else []
