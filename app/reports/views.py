"""The ways to look at an overview, as its switcher offers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.core.text import _
from app.reports.columns import Column
from app.reports.grouping import CHARTS, as_groups, as_pivot, first_grouping
from app.reports.source import Source
from app.reports.state import State

View = tuple[str, str, str, bool]
"""Address, name, icon, and whether it is this one."""


def views_of(source: Source, state: State, columns: Mapping[str, Column], path: str) -> list[View]:
    """The table first, then other looks at its rows, then their groups where there is something to group by."""
    look = state.layout.view
    table = replace(state, layout=replace(state.layout, view=""))

    def looked_at(view: str) -> str:
        return table.address(path, grouping=None, layout=replace(table.layout, view=view))

    is_grouped = state.grouping is not None
    views = [
        (looked_at(view), name, icon, not is_grouped and look == view)
        for view, name, icon in (
            ("", _("Table"), "table"),
            ("tiles", _("Tiles"), "tiles"),
            ("row", _("Single row"), "contract"),
        )
    ]
    groups = state.grouping or first_grouping(source, columns)
    if groups is None:
        return views
    is_listed = is_grouped and not groups.chart and not groups.across
    views += [
        (table.address(path, grouping=as_groups(groups)), _("Groups"), "sigma", is_listed),
        (
            table.address(path, grouping=as_groups(groups, groups.chart or CHARTS[0])),
            _("Chart"),
            "chart",
            bool(groups.chart),
        ),
    ]
    if pivot := as_pivot(groups, columns):
        is_pivot = bool(groups.across) and not groups.chart
        views.append((table.address(path, grouping=pivot), _("Pivot table"), "pivot", is_pivot))
    return views
