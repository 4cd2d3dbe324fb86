"""What surrounds the rows of an overview and stays while one turns its pages: headings, menus, forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.packing import Piece
from app.core.text import _
from app.reports import typed
from app.reports.as_of import tool
from app.reports.chips import chips
from app.reports.columns import Column, columns_of
from app.reports.far import by_reference, far_columns, in_menus
from app.reports.meaning import meaning_of
from app.reports.menus import Link, column_links
from app.reports.outputs import outputs_of
from app.reports.shares import share_heads
from app.reports.source import Source
from app.reports.state import SIZES, State, Variants
from app.reports.switches import (
    ACTIONS,
    AS_OF,
    BAR,
    COLUMNS,
    COMPUTE,
    FILTER,
    HIGHLIGHT,
    ROWS,
    SEARCH,
    SORT,
    is_on,
    switched_off,
)
from app.reports.views import views_of
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
    popovers: Piece
    density: str
    action: str
    entrance: tuple[str, str, str] | None
    """The way to a new record: label, address, icon."""
    ways: list[Way]
    """Those to pages beside it."""


Way = tuple[str, str, str]
"""Label, address and icon."""
offered: list[Callable[[Source, Rights, State], Iterable[Way]]] = []
"""What other slices offer beside the overview of any record type; filled by the factory."""


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
    heads = _heads(state, [columns[key] for key in shown], path, rights)
    is_sortable = has_rows and any(head[5] for head in heads)
    if is_converted:
        heads += [
            ("profile_currency", _("Profile currency"), "currency", False, *([None] * 5), False),
            ("converted", _("Converted amount"), "money", True, *([None] * 5), True),
        ]
    heads += share_heads(state, columns, shown, path)
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
        sizes=SIZES if is_on(rights, ROWS) else (),
        column_choices=[
            (key, str(column.label), key in shown)
            for key, column in in_menus(columns, shown).items()
            if column.is_listable
        ],
        column_links=column_links(state, columns, shown, path, rights),
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
    may = partial(is_on, rights)
    report = SimpleNamespace(
        columns=heads,
        is_empty=not has_rows,
        is_sortable=is_sortable,
        action=path,
        hidden=state.words(),
        search=state.search,
        is_searchable=may(SEARCH) and any(column.can_search for column in columns.values()),
        search_columns=[
            (key, str(column.label))
            for key, column in columns.items()
            if may(FILTER) and column.can_search and "contains" in column.operators
        ],
        conditions_url=state.address(f"{path}/conditions"),
        rule_url=state.address(f"{path}/rule"),
        is_search_wrong=is_search_wrong,
        chips=chips(source, state, columns, path, of_name, switched_off(rights)) if may(BAR) else [],
        column_choices=column_choices if may(COLUMNS) else None,
        has_column_tools=column_choices is not None and any(map(may, (COLUMNS, COMPUTE, HIGHLIGHT))),
        column_links=column_links,
        columns_url=state.address(f"{path}/columns"),
        compute_url=state.address(f"{path}/compute") if may(COMPUTE) else None,
        mark_url=state.address(f"{path}/mark") if may(HIGHLIGHT) else None,
        widths=dict(state.layout.widths),
        is_table=not state.layout.view,
        far_columns=[str(label) for label, _some in by_reference(columns)],
        filters=_filters(source, rights, language, state) if may(FILTER) and may(BAR) else Markup(),
        filter_only=[
            key
            for key, one in columns.items()
            if may(FILTER) and may(BAR) and one.operators and not one.can_group
        ],
        sizes=sizes,
        size=state.size,
        outputs=outputs_of(state, source.plural, rights) if may_export else [],
        views=views_of(source, state, columns, path, rights),
        grouped_by=grouped_by,
        grouping=grouping,
        past=tool(source, state, may(AS_OF)),
    )
    return Tools(
        heads=_drawn("_heads", table=report),
        actions=_drawn("_actions", report=report) if may(ACTIONS) else Markup(),
        bar=_drawn("_bar", report=report, locale=language, place=PLACE) if may(BAR) else Markup(),
        sizes=_drawn("_sizes", report=report) if sizes else Markup(),
        popovers=Piece(_drawn("_tools", report=report, place=PLACE)),
        density=state.layout.density,
        action=path,
        entrance=_entrance(source, rights, state),
        ways=[way for ways in offered for way in ways(source, rights, state)],
    )


def _entrance(source: Source, rights: Rights, state: State) -> tuple[str, str, str] | None:
    door = source.entrance
    if door is None or door.function.key not in rights.functions:
        return None
    return str(door.label), state.address(f"/{source.plural}/{door.path}"), door.icon


def _drawn(name: str, **known: Any) -> Markup:
    return Markup(current_app.jinja_env.get_template(f"report/{name}.html").render(known))


def _heads(state: State, shown: list[Column], path: str, rights: Rights) -> list[tuple[Any, ...]]:
    """The headings, with the ways to sort by each and to hide it."""
    variants, keys = Variants(state, path), [column.key for column in shown]
    may_sort, may_hide = is_on(rights, SORT), is_on(rights, COLUMNS) and len(keys) > 1
    directions = {sort.key: "descending" if sort.is_descending else "ascending" for sort in state.sorts}
    return [
        (
            column.key,
            str(column.label),
            column.kind,
            column.is_numeric,
            directions.get(column.key),
            variants.sorted_by(column.key, False) if may_sort and column.can_sort else None,
            variants.sorted_by(column.key, True) if may_sort and column.can_sort else None,
            variants.showing(key for key in keys if key != column.key) if may_hide else None,
            meaning_of(column) or None,
            False,
        )
        for column in shown
    ]


def _filters(source: Source, rights: Rights, language: str, state: State) -> Markup:
    """The forms to add a filter. Of what stands one step further, those of columns that are shown."""
    known = far_columns(source, rights)
    return _filter_forms(source, rights, language, tuple(key for key in state.columns if key in known))


@lru_cache(maxsize=1024)
def _filter_forms(source: Source, rights: Rights, language: str, further: tuple[str, ...]) -> Markup:
    """The same for everybody of a profile and language."""
    known = far_columns(source, rights)
    fields = [
        (column.key, str(column.label), column.kind, typed.operators_of(column), typed.options_of(column))
        for column in (*columns_of(source, rights).values(), *(known[key] for key in further))
        if column.operators
    ]
    return _drawn("_filters", fields=fields, action=f"/{source.plural}", state=PLACE) if fields else Markup()
