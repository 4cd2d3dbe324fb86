"""What surrounds the rows of an overview and stays while one turns its pages: headings, menus, forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.text import _
from app.reports import typed
from app.reports.as_of import tool
from app.reports.chips import chips
from app.reports.columns import Column, columns_of
from app.reports.grouping import CHARTS, as_groups, as_pivot, first_grouping
from app.reports.menus import Link, column_links
from app.reports.outputs import outputs_of
from app.reports.source import Source
from app.reports.state import SIZES, State, Variants
from permissions import Rights

NO_LINKS: Mapping[str, list[Link]] = {}
PLACE = "\0"
"""Stands in a drawing for what is filled in later; no text of an address can hold it."""


@dataclass(frozen=True)
class Tools:
    """The parts, drawn."""

    heads: Markup
    actions: Markup
    bar: Markup
    sizes: Markup
    popovers: Markup


def first_page(state: State) -> State:
    """The state without the row it stands at: what the tools are the same for."""
    return replace(state, cursor=None, is_backwards=False) if state.cursor else state


@lru_cache(maxsize=256)
def tools_of(
    source: Source,
    rights: Rights,
    language: str,
    state: State,
    shown: tuple[str, ...],
    *,
    of_name: str | None,
    is_converted: bool,
    has_rows: bool,
    may_export: bool,
    is_search_wrong: bool,
) -> Tools:
    """The tools of an overview. Drawn once for a state, profile version and language: that takes longer than
    reading the rows, and all who turn pages or open the same view want the same. All that decides how they look
    is among the arguments; `of_name` is the title of the record the overview is limited to."""
    columns, path = state.columns_in(source, rights), f"/{source.plural}"
    heads = _heads(state, [columns[key] for key in shown], path)
    is_sortable = has_rows and any(head[5] for head in heads)
    if is_converted:
        heads += [
            ("profile_currency", _("Profile currency"), "currency", False, *([None] * 5), False),
            ("converted", _("Converted amount"), "money", True, *([None] * 5), True),
        ]
    return around(
        source,
        rights,
        language,
        state,
        heads,
        of_name=of_name,
        has_rows=has_rows,
        is_sortable=is_sortable,
        may_export=may_export,
        is_search_wrong=is_search_wrong,
        sizes=SIZES,
        column_choices=[
            (key, str(column.label), key in shown) for key, column in columns.items() if column.is_listable
        ],
        column_links=column_links(state, columns, shown, path),
    )


def around(
    source: Source,
    rights: Rights,
    language: str,
    state: State,
    heads: list[tuple[Any, ...]],
    *,
    of_name: str | None,
    has_rows: bool,
    is_sortable: bool,
    may_export: bool,
    is_search_wrong: bool,
    sizes: tuple[int, ...] = (),
    column_choices: list[tuple[str, str, bool]] | None = None,
    column_links: Mapping[str, list[Link]] = NO_LINKS,
    grouped_by: str | None = None,
    grouping: Any = None,
) -> Tools:
    """Draws what every view of an overview has around it, and what one view has beyond that."""
    columns, path = state.columns_in(source, rights), f"/{source.plural}"
    report = SimpleNamespace(
        columns=heads,
        is_empty=not has_rows,
        is_sortable=is_sortable,
        action=path,
        hidden=state.words(),
        search=state.search,
        is_searchable=any(column.can_search for column in columns.values()),
        search_columns=[
            (key, str(column.label))
            for key, column in columns.items()
            if column.can_search and "contains" in column.operators
        ],
        conditions_url=state.address(f"{path}/conditions"),
        rule_url=state.address(f"{path}/rule"),
        is_search_wrong=is_search_wrong,
        chips=chips(source, state, columns, path, of_name),
        column_choices=column_choices,
        column_links=column_links,
        columns_url=state.address(f"{path}/columns"),
        compute_url=state.address(f"{path}/compute"),
        mark_url=state.address(f"{path}/mark"),
        widths=dict(state.layout.widths),
        filters=_filters(source, rights, language),
        filter_only=[key for key, one in columns.items() if one.operators and not one.can_group],
        sizes=sizes,
        size=state.size,
        outputs=outputs_of(state, source.plural) if may_export else [],
        views=_views(source, state, columns, path),
        grouped_by=grouped_by,
        grouping=grouping,
        past=tool(source, state),
    )
    return Tools(
        heads=_drawn("_heads", table=report),
        actions=_drawn("_actions", report=report),
        bar=_drawn("_bar", report=report, locale=language, place=PLACE),
        sizes=_drawn("_sizes", report=report) if sizes else Markup(),
        popovers=_drawn("_tools", report=report, place=PLACE),
    )


def _drawn(name: str, **known: Any) -> Markup:
    return Markup(current_app.jinja_env.get_template(f"report/{name}.html").render(known))


def _heads(state: State, shown: list[Column], path: str) -> list[tuple[Any, ...]]:
    """The headings, with the ways to sort by each and to hide it."""
    variants, keys = Variants(state, path), [column.key for column in shown]
    directions = {sort.key: "descending" if sort.is_descending else "ascending" for sort in state.sorts}
    return [
        (
            column.key,
            str(column.label),
            column.kind,
            column.is_numeric,
            directions.get(column.key),
            variants.sorted_by(column.key, False) if column.can_sort else None,
            variants.sorted_by(column.key, True) if column.can_sort else None,
            variants.showing(key for key in keys if key != column.key) if len(keys) > 1 else None,
            str(column.field.help) if column.field.help else None,
            False,
        )
        for column in shown
    ]


@lru_cache(maxsize=1024)
def _filters(source: Source, rights: Rights, language: str) -> Markup:
    """The forms to add a filter: the same for everybody of a profile and language."""
    fields = [
        (key, str(column.label), column.kind, typed.operators_of(column), typed.options_of(column))
        for key, column in columns_of(source, rights).items()
        if column.operators
    ]
    return _drawn("_filters", fields=fields, action=f"/{source.plural}", state=PLACE) if fields else Markup()


def _views(
    source: Source, state: State, columns: dict[str, Column], path: str
) -> list[tuple[str, str, str, bool]]:
    """The ways to look at an overview: address, name, icon, and whether it is this one. None where there is one only."""
    groups = state.grouping or first_grouping(source, columns)
    if groups is None:
        return []
    is_grouped = state.grouping is not None
    views = [
        (state.address(path, grouping=None), _("Table"), "table", not is_grouped),
        (
            state.address(path, grouping=as_groups(groups)),
            _("Groups"),
            "sigma",
            is_grouped and not groups.chart and not groups.across,
        ),
        (
            state.address(path, grouping=as_groups(groups, groups.chart or CHARTS[0])),
            _("Chart"),
            "chart",
            bool(groups.chart),
        ),
    ]
    if pivot := as_pivot(groups, columns):
        is_pivot = bool(groups.across) and not groups.chart
        views.append((state.address(path, grouping=pivot), _("Pivot table"), "pivot", is_pivot))
    return views
