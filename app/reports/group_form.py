"""The form that chooses groups and their figures: what it offers, and what it asks for as an address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from app.core.text import _
from app.reports.columns import Column
from app.reports.far import in_menus
from app.reports.group_words import FUNCTION_WORDS, by_label, function_words
from app.reports.grouping import COUNT, MOST_ACROSS, MOST_COLUMNS, SHARE, By, Figure, Grouping, names_of
from app.reports.state import State


def choice(state: State, grouping: Grouping, columns: Mapping[str, Column]) -> Any:
    """What the form offers: the columns to group by, and the figures of each column."""
    grouped = (one.key for one in (*grouping.by, *grouping.across))
    columns = in_menus(columns, {*state.columns, *grouped, *(one.key for one in grouping.figures)})
    bys = [By(*name.split(".")) for column in columns.values() for name in names_of(column)]
    return SimpleNamespace(
        columns=[(str(one), by_label(one, columns)) for one in bys],
        chosen=[*map(str, grouping.by), *[""] * MOST_COLUMNS][:MOST_COLUMNS],
        across=[*map(str, grouping.across), *[""] * MOST_ACROSS][:MOST_ACROSS],
        hidden=replace(state, grouping=None).words(),
        chart=grouping.chart,
        counts=[
            (str(COUNT), _("Number"), COUNT in grouping.figures),
            (str(SHARE), str(FUNCTION_WORDS["share"]), SHARE in grouping.figures),
        ],
        figures=[
            (str(column.label), [_offered(column, Figure(name, key), grouping) for name in column.functions])
            for key, column in sorted(columns.items(), key=lambda item: -len(item[1].functions))
            if column.functions
        ],
    )


def _offered(column: Column, figure: Figure, grouping: Grouping) -> tuple[str, str, bool]:
    return str(figure), str(function_words(column, figure.function)), figure in grouping.figures


def form_words(by: list[str], across: list[str], show: list[str], chart: list[str]) -> dict[str, list[str]]:
    """The form of groups as an address says it."""
    words = {"by": [",".join(filter(None, by))], "across": [",".join(filter(None, across))], "chart": chart}
    return words | {"show": [",".join(show)]} if show else words
