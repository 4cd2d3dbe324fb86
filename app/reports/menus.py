"""What the menu of a column's heading offers beyond sorting and hiding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from app.core.text import _
from app.reports.columns import Column
from app.reports.computed import KEY
from app.reports.group_words import function_words
from app.reports.grouping import Figure
from app.reports.layout import MOST_BREAKS, can_break
from app.reports.state import Sort, State
from app.reports.switches import BREAKS, COLUMNS, COMPUTE, FILTER, SORT, TOTALS, is_on
from permissions import Function, Rights

Link = tuple[str, str, str, bool]
"""Address, words, icon, and whether it is so already."""


def column_links(
    state: State, columns: Mapping[str, Column], shown: Sequence[str], path: str, rights: Rights
) -> dict[str, list[Link]]:
    may = partial(is_on, rights)
    return {key: list(_links(state, columns[key], list(shown), path, may)) for key in shown}


def _links(
    state: State, column: Column, shown: list[str], path: str, may: Callable[[Function], bool]
) -> Iterator[Link]:
    key, layout = column.key, state.layout
    sort = next((one for one in state.sorts if one.key == key), None)
    if may(SORT) and sort is not None and key not in layout.break_keys:
        turned = replace(sort, are_empty_first=not sort.are_empty_first)
        sorts = tuple(turned if one is sort else one for one in state.own_sorts)
        yield _sorted(state, sorts, path), _("Empty first"), "up", sort.are_empty_first
    elif may(SORT) and column.can_sort and state.own_sorts and state.is_sort_chosen:
        more = (*state.own_sorts, Sort(key, False))
        yield _sorted(state, more, path), _("Then sort by this too"), "swap", False
    if may(FILTER) and column.can_group:
        yield state.address(f"{path}/values", ("of_column", key)), _("Filter by values …"), "filter", False
    if (
        may(BREAKS)
        and can_break(column)
        and key not in layout.break_keys
        and len(layout.breaks) < MOST_BREAKS
    ):
        kept = tuple(one for one in state.own_sorts if one.key != key)
        broken = replace(layout, breaks=(*layout.breaks, key))
        sorts = (*state.sorts[: len(layout.breaks)], Sort(key, False), *kept)
        yield state.address(path, layout=broken, sorts=sorts), _("Break by this column"), "group", False
    for function in column.functions if may(TOTALS) else ():
        figure = Figure(function, key)
        is_there = figure in layout.totals
        totals = (
            tuple(one for one in layout.totals if one != figure) if is_there else (*layout.totals, figure)
        )
        words = str(function_words(column, function))
        yield state.address(path, layout=replace(layout, totals=totals)), words, "sigma", is_there
    place = shown.index(key)
    for step, words, symbol in ((-1, _("Move left"), "left"), (1, _("Move right"), "right")):
        if may(COLUMNS) and 0 <= place + step < len(shown):
            moved = list(shown)
            moved[place], moved[place + step] = moved[place + step], moved[place]
            yield (
                state.address(path, columns=tuple(moved), are_columns_chosen=True),
                words,
                symbol,
                False,
            )
    if may(COMPUTE) and KEY.fullmatch(key):
        yield state.address(f"{path}/compute", ("edit", key)), _("Edit computed column"), "edit", False


def _sorted(state: State, own: tuple[Sort, ...], path: str) -> str:
    sorts = (*state.sorts[: len(state.layout.breaks)], *own)
    return state.address(path, sorts=sorts, is_sort_chosen=True)
