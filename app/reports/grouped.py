"""An overview as groups: a row for each, its figures, and the way to the rows behind it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from flask import render_template
from markupsafe import Markup

from app.core.db import transaction
from app.core.formats import Formats, formats_for
from app.core.text import _, _n, language
from app.reports.charts import chart
from app.reports.columns import Column
from app.reports.group_form import choice
from app.reports.group_words import (
    behind,
    by_label,
    figure_label,
    in_order,
    muted,
    teller,
    value_words,
)
from app.reports.grouping import Grouping, as_groups
from app.reports.groups import Group, Groups, Value, came_of, groups
from app.reports.pivot import pivot
from app.reports.pivot_page import PivotTable
from app.reports.rates import rates_used
from app.reports.reader import told_without_bar
from app.reports.source import Source
from app.reports.state import State, first_page
from app.reports.switches import is_on, may_look_behind, view_of
from app.reports.table import table
from app.reports.tools import Tools, around
from permissions import Rights, Viewer


def grouped(
    person: Viewer,
    source: Source,
    state: State,
    errors: dict[str, str],
    *,
    of_name: str | None,
    may_export: bool,
) -> str:
    """The page of an overview's groups."""
    view = (_crossed if state.grouping and state.grouping.across else _listed)(person, source, state)
    report = SimpleNamespace(
        title=str(source.area.label),
        sub=view.sub,
        tools=_tools(person, source, state, view.table is not None, of_name, may_export, "search" in errors),
        errors=errors,
        notes=[*told_without_bar(person, source, state), *view.notes],
        range=None,
        chart=None,
        rates=None,
        rates_title=None,
        rates_source=_("ECB euro reference rate"),
        empty=view.empty,
    )
    came = came_of(view.total) - {person.profile_currency}
    if came and person.profile_currency:
        report.rates = rates_used(transaction(), person, came, state.day(person.today)).lines
        report.rates_title = _("Converted to {currency}", currency=person.profile_currency)
    if state.grouping and state.grouping.chart:
        report.chart = chart(person, source, state, view.found)
    shown = view.table or table([], Markup(), report.title)
    shown.heads = shown.heads or report.tools.heads
    return render_template("report/index.html", report=report, table=shown)


@dataclass
class View:
    """What a view of groups shows below the tools. `found` are the groups, where they are those of a chart, too."""

    sub: str | None = None
    total: Sequence[Value] = ()
    found: Groups | None = None
    table: Any = None
    notes: list[str] = field(default_factory=list)
    empty: tuple[str, str, tuple[str, str] | None] | None = None


def _listed(person: Viewer, source: Source, state: State) -> View:
    assert state.grouping is not None
    columns, path, formats = (
        state.columns_in(source, person.rights),
        f"/{source.plural}",
        formats_for(language()),
    )
    found = groups(transaction(), person, source, state)
    ordered = in_order(found, state.grouping, columns)
    view = View(
        _n("{n} group", "{n} groups", len(ordered), n=formats.integer(len(ordered))),
        found.total.values,
        found,
    )
    view.notes += notes_of(found, formats)
    if not ordered:
        view.empty = _nothing()
        return view
    rows = _rows_html(state, columns, ordered, path, formats, may_look_behind(person, state.grouping))
    foot = _foot(state.grouping, columns, found.total, formats)
    view.table = table([], rows, str(source.area.label), foot=foot)
    return view


def _crossed(person: Viewer, source: Source, state: State) -> View:
    assert state.grouping is not None
    columns, path = state.columns_in(source, person.rights), f"/{source.plural}"
    found = pivot(person, source, state)
    if isinstance(found, str):
        way = (_("Groups"), state.address(path, grouping=as_groups(state.grouping)))
        return View(empty=(_("This pivot table would be too large"), found, way))
    view = View(total=found.found.total.values)
    view.notes += unrated(view.total)
    if not found.rows:
        view.empty = _nothing()
        return view
    heads = _heads(state, columns, path, person.rights)
    drawn = PivotTable(state, path, columns, found, heads, may_look_behind(person, state.grouping))
    view.sub = drawn.sub
    view.table = table(
        [], drawn.rows_html(), str(source.area.label), drawn.heads_html(), drawn.foot_html(), stack=False
    )
    return view


def _nothing() -> tuple[str, str, None]:
    return _("No results"), _("Nothing matches this search and these filters."), None


def notes_of(found: Groups, formats: Formats) -> Iterator[str]:
    """What a reader of groups must know besides."""
    if found.is_cut:
        yield _(
            "There are more than {n} groups; these are the largest. Filter, or group by a column with fewer values.",
            n=formats.integer(len(found.found)),
        )
    yield from unrated(found.total.values)


def unrated(total: Sequence[Value]) -> Iterator[str]:
    missing = {name for one in total if one.currency for name in one.left_out}
    if missing:
        yield _(
            "No exchange rate for {currencies}: these amounts are not part of the figures.",
            currencies=", ".join(sorted(missing)),
        )


def _tools(
    person: Viewer,
    source: Source,
    state: State,
    has_rows: bool,
    of_name: str | None,
    may_export: bool,
    is_search_wrong: bool,
) -> Tools:
    assert state.grouping is not None
    columns, path, grouping = state.columns_in(source, person.rights), f"/{source.plural}", state.grouping
    return around(
        source,
        person.rights,
        language(),
        first_page(state),
        _heads(state, columns, path, person.rights),
        of_name=of_name,
        has_rows=has_rows,
        is_sortable=has_rows and person.may(view_of(grouping)),
        may_export=may_export,
        is_search_wrong=is_search_wrong,
        grouped_by=" × ".join(
            ", ".join(by_label(one, columns) for one in side)
            for side in (grouping.by, grouping.across)
            if side
        ),
        grouping=choice(state, grouping, columns) if person.may(view_of(grouping)) else None,
    )


def _heads(state: State, columns: Mapping[str, Column], path: str, rights: Rights) -> list[tuple[Any, ...]]:
    """The headings of groups, with the ways to sort by each."""
    grouping = state.grouping
    assert grouping is not None
    may_sort = is_on(rights, view_of(grouping))
    name, is_descending = grouping.order.removeprefix("-"), grouping.order.startswith("-")

    def head(word: str, label: str, kind: str, is_numeric: bool, place: str) -> tuple[Any, ...]:
        up, down = (
            state.address(path, grouping=replace(grouping, order=f"{sign}{word}")) if may_sort else None
            for sign in ("", "-")
        )
        sorted_by = ("descending" if is_descending else "ascending") if word == name else None
        return (place, label, kind, is_numeric, sorted_by, up, down, None, None, False)

    heads = [
        head(str(one), by_label(one, columns), "text", False, f"g{n}") for n, one in enumerate(grouping.by)
    ]
    return heads + [
        head(str(one), figure_label(one, columns), "number", True, f"f{n}")
        for n, one in enumerate(grouping.figures)
    ]


def _rows_html(
    state: State,
    columns: Mapping[str, Column],
    found: Sequence[Group],
    path: str,
    formats: Formats,
    has_ways: bool,
) -> Markup:
    grouping = state.grouping
    assert grouping is not None
    tellers = [teller(one, columns[one.key], formats) for one in grouping.by]
    empty = muted(_("Without a value"))
    labels = [html.escape(by_label(one, columns)) for one in grouping.by]
    heads = [html.escape(figure_label(one, columns)) for one in grouping.figures]
    lines = []
    for group in found:
        said = [
            empty if key is None else html.escape(tell(key, title)) or empty
            for tell, key, title in zip(tellers, group.keys, group.titles, strict=True)
        ]
        filters = [
            behind(one, columns[one.key], key) for one, key in zip(grouping.by, group.keys, strict=True)
        ]
        first = said[0]
        if has_ways and all(one is not None for one in filters):
            words = [word for one in filters if one is not None for word in one]
            href = html.escape(state.address(path, *words, grouping=None))
            first = f'<a href="{href}">{first}</a>'
        cells = [f'<th scope="row" role="rowheader">{first}</th>']
        cells += [
            f'<td role="cell" data-l="{label}">{text}</td>'
            for label, text in zip(labels[1:], said[1:], strict=True)
        ]
        cells += _figures(grouping, columns, group, heads, formats)
        lines.append(f'<tr role="row">{"".join(cells)}</tr>')
    return Markup("".join(lines))


def _figures(
    grouping: Grouping, columns: Mapping[str, Column], group: Group, heads: list[str], formats: Formats
) -> list[str]:
    return [
        f'<td role="cell" class="num" data-l="{head}">'
        f"{value_words(figure, columns.get(figure.key), value, formats)}</td>"
        for figure, value, head in zip(grouping.figures, group.values, heads, strict=True)
    ]


def _foot(grouping: Grouping, columns: Mapping[str, Column], total: Group, formats: Formats) -> Markup:
    heads = [html.escape(figure_label(one, columns)) for one in grouping.figures]
    total_words = html.escape(_("Total"))
    cells = [f'<th scope="row" role="rowheader">{total_words}</th>']
    cells += ['<td role="cell"></td>'] * (len(grouping.by) - 1)
    cells += _figures(grouping, columns, total, heads, formats)
    return Markup(f'<tr role="row">{"".join(cells)}</tr>')
