"""What surrounds the rows of an overview and stays while one turns its pages: headings, menus, forms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.core.formats import formats_for
from app.core.text import _
from app.core.text import language as spoken
from app.reports import typed
from app.reports.columns import Column, columns_of
from app.reports.grouping import first_grouping
from app.reports.outputs import outputs_of
from app.reports.source import SOURCES, Source
from app.reports.state import SIZES, State, Variants
from app.reports.table import words_of
from permissions import Rights

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
    columns, path = columns_of(source, rights), f"/{source.plural}"
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
    grouped_by: str | None = None,
    grouping: Any = None,
) -> Tools:
    """Draws what every view of an overview has around it, and what one view has beyond that."""
    columns, path = columns_of(source, rights), f"/{source.plural}"
    report = SimpleNamespace(
        columns=heads,
        is_empty=not has_rows,
        is_sortable=is_sortable,
        action=path,
        hidden=state.words(),
        search=state.search,
        is_searchable=any(column.can_search for column in columns.values()),
        is_search_wrong=is_search_wrong,
        chips=chips(source, state, columns, path, of_name),
        column_choices=column_choices,
        filters=_filters(source, rights, language),
        sizes=sizes,
        size=state.size,
        outputs=outputs_of(state, source.plural) if may_export else [],
        views=_views(source, state, columns, path),
        grouped_by=grouped_by,
        grouping=grouping,
    )
    return Tools(
        heads=_drawn("_heads", table=report),
        actions=_drawn("_actions", report=report),
        bar=_drawn("_bar", report=report, locale=language),
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
    return _drawn("_filter", fields=fields, action=f"/{source.plural}", state=PLACE) if fields else Markup()


def _views(
    source: Source, state: State, columns: dict[str, Column], path: str
) -> list[tuple[str, str, str, bool]]:
    """The ways to look at an overview: address, name, icon, and whether it is this one. None where there is one only."""
    groups = state.grouping or first_grouping(source, columns)
    if groups is None:
        return []
    is_grouped = state.grouping is not None
    return [
        (state.address(path, grouping=None), _("Table"), "table", not is_grouped),
        (
            state.address(path, grouping=replace(groups, chart="")),
            _("Groups"),
            "sigma",
            is_grouped and not groups.chart,
        ),
        (
            state.address(path, grouping=replace(groups, chart="bars")),
            _("Chart"),
            "chart",
            bool(groups.chart),
        ),
    ]


def chips(
    source: Source, state: State, columns: dict[str, Column], path: str, of_name: str | None
) -> list[tuple[str, str, str]]:
    chips = []
    if state.of:
        chips.append((str(SOURCES[state.of[0]].schema.noun), of_name or "", state.address(path, of=None)))
    if state.search:
        chips.append((_("Search"), state.search, state.address(path, search="")))
    for one in state.filters:
        column = columns[one.key]
        chips.append((str(column.label), _said(column, one), state.address(path, without=one)))
    return chips


def _said(column: Column, one: Any) -> str:
    """A filter in words: „bis 30.06.2027“, „Police, Angebot“."""
    formats = formats_for(spoken())
    words = str(typed.operator_words(column, one.operator))
    if not one.values:
        return words
    if column.kind == "reference":
        said = ", ".join(str(value) for value in one.values)
    elif column.kind == "money":
        said = formats.number(one.values[0])
    else:
        said = ", ".join(words_of(column, value, None, formats) for value in one.values)
    return said if one.operator == "is" else f"{words} {said}"
