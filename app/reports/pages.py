"""The pages every record type has: its overview, its file, and the page of one record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import _, _l, _n, language
from app.reports import printed, query, switches, typed
from app.reports.access import PRINT_SHEETS
from app.reports.address import address_read, asked_of_a_file, of_title
from app.reports.breaks import Drawing, breaks
from app.reports.columns import Column
from app.reports.columns_page import columns_page
from app.reports.conditions import conditions_page
from app.reports.cursors import write_cursor
from app.reports.detail import detail
from app.reports.downloads import download
from app.reports.facts import facts
from app.reports.formulas import USES, formula_page
from app.reports.group_form import form_words
from app.reports.group_words import figure_label
from app.reports.grouped import grouped, unrated
from app.reports.grouping import read_grouping
from app.reports.groups import came_of
from app.reports.marks import marked_cells
from app.reports.printed import TooManyRows, pdf_file
from app.reports.rates import currencies_of, rates_used
from app.reports.reader import reader_of, told_without_bar
from app.reports.saved import menu
from app.reports.saved.access import FUNCTIONS
from app.reports.saved.opening import STANDARD
from app.reports.shares import share_cells, share_of, shares_of
from app.reports.sheet import sheet_pdf
from app.reports.shown import shown_columns
from app.reports.single import address_of_row, here
from app.reports.source import Source
from app.reports.state import State
from app.reports.table import Spot, rows_html, spots, table
from app.reports.tiles import TileHeadings, Tiles, named
from app.reports.tools import first_page, tools_of
from app.reports.values import values_page
from permissions import Function, Resource, Viewer
from permissions.door import allow, viewer

EXPORT = Function("export", _l("Export"))
REPORTS = Resource(functions=(EXPORT, PRINT_SHEETS, *FUNCTIONS, *switches.OWN))
FORM_WORDS = (
    "column",
    "filter_field",
    "filter_operator",
    "filter_value",
    "filter_count",
    "search_in",
    "group_by",
    "group_across",
    "group_show",
    "group_chart",
    "row",
)
MORE = "+"


def pages_of(source: Source) -> Blueprint:
    """The blueprint of one record type, every route signed with its area."""
    pages = Blueprint(source.plural, __name__)

    @pages.get(f"/{source.plural}")
    @allow(source.area)
    def index() -> str | BaseResponse | tuple[str, int]:
        return overview(reader_of(source), source)

    @pages.get(f"/{source.plural}.csv")
    @allow(source.area, EXPORT, switches.CSV)
    def file() -> BaseResponse:
        person = reader_of(source, switches.CSV)
        return download(person, source, *asked_of_a_file(person, source, FORM_WORDS), "csv")

    for name, page in BESIDES.items():
        pages.get(f"/{source.plural}/{name}", endpoint=name)(
            allow(source.area, *switches.of_page(name))(_beside(source, name, page))
        )

    @pages.get(f"/{source.plural}.pdf")
    @allow(source.area, EXPORT, switches.PDF)
    def paper() -> Any:
        return printed_overview(reader_of(source, switches.PDF), source)

    @pages.get(f"/{source.plural}.xlsx")
    @allow(source.area, EXPORT, switches.XLSX)
    def workbook() -> BaseResponse:
        person = reader_of(source, switches.XLSX)
        return download(person, source, *asked_of_a_file(person, source, FORM_WORDS), "xlsx")

    @pages.get(f"/{source.plural}/<uuid:record_id>")
    @allow(source.area)
    def record(record_id: Any) -> str:
        return detail(viewer._get_current_object(), source, record_id)  # type: ignore[attr-defined]

    @pages.get(f"/{source.plural}/<uuid:record_id>/sheet.pdf")
    @allow(source.area, PRINT_SHEETS)
    def sheet(record_id: Any) -> Response:
        person = viewer._get_current_object()  # type: ignore[attr-defined]
        return pdf_file(sheet_pdf(person, g.house, source, record_id), f"{source.record}-{record_id}")

    return pages


Beside = Callable[[Viewer, Source], str | BaseResponse | tuple[str, int]]
BESIDES: dict[str, Beside] = {
    "columns": columns_page,
    "conditions": conditions_page,
    "values": values_page,
    **{name: partial(formula_page, name=name) for name in USES},
}
"""The pages on which an overview is changed; each leads back to it."""


def _beside(source: Source, name: str, page: Beside) -> Callable[[], str | BaseResponse | tuple[str, int]]:
    def shown() -> str | BaseResponse | tuple[str, int]:
        return page(reader_of(source, *switches.of_page(name)), source)

    return shown


def printed_overview(person: Viewer, source: Source) -> Any:
    """The overview as a PDF; where there can be none, its page with the reason beside the control."""
    state, problems = address_read(person, source, FORM_WORDS)
    if problems:
        return overview(person, source)
    of_name = of_title(person, state)
    try:
        answer = download(person, source, state, of_name, "pdf")
        # Who asks for more than there can be is told here, beside the ways out.
        if answer.status_code == 303 and facts(transaction(), person, source, state).rows > printed.MOST_ROWS:
            raise TooManyRows(printed.MOST_ROWS)
    except Unacceptable as refusal:
        return overview(person, source, refusal)
    return answer


def overview(
    person: Viewer, source: Source, refused: Unacceptable | None = None
) -> str | BaseResponse | tuple[str, int]:
    path = f"/{source.plural}"
    if refused is None and not request.query_string and (default := menu.default_of(person, source)):
        return redirect(f"{path}?report={default}")
    state, problems = address_read(person, source, FORM_WORDS)
    for control, sentence in refused.problems.items() if refused else ():
        problems.by_control.setdefault(control, sentence)
    columns = state.columns_in(source, person.rights)
    g.overview = (source, state)
    if any(word in request.args for word in FORM_WORDS if word != "row"):
        words, wrong = _form(state, columns, source.money)
        if wrong is None and not problems:
            return redirect(state.address(path, *words[0], **words[1]), 303)
        if wrong is not None:
            problems.add("filter", wrong)
    of_name = of_title(person, state)
    if "row" in request.args and not problems:
        return redirect(address_of_row(transaction(), person, source, state, request.args["row"], path), 303)
    if state.grouping:
        errors = {control: str(text) for control, text in problems.by_control.items()}
        page_of_groups = grouped(
            person, source, state, errors, of_name=of_name, may_export=person.may(EXPORT)
        )
        return (page_of_groups, 422) if problems else page_of_groups
    broken, view = state.layout.break_keys, state.layout.view
    shown_keys, sub = shown_columns(source, state, person.rights)
    drawn_keys = (*broken, *shown_keys) if view == "row" else shown_keys
    besides = named(source, columns, (*drawn_keys, *broken)) if view else (sub,) if sub else ()
    asked = replace(
        state,
        columns=(*drawn_keys, *besides, *(() if view == "row" else broken)),
        size=1 if view == "row" else state.size,
    )
    connection = transaction()
    page = query.page(connection, person, source, asked)
    is_whole = not (page.has_next or page.has_previous)
    total = len(page.rows) if is_whole else query.count(connection, person, source, asked)
    placed = spots(columns, asked.columns)
    shown, sub_spot = placed[: len(drawn_keys)], placed[len(drawn_keys)] if sub else None
    currency = page.currency
    shares = shares_of(state, drawn_keys)
    width = len(shown) + (2 if currency else 0) + len(shares)
    # A row by itself has no headings above it, and no totals but those it is a share of.
    alone = replace(state.layout, breaks=(), totals=tuple(shares))
    gathered = replace(state, layout=alone) if view == "row" else state
    look = TileHeadings if view else Drawing
    between = breaks(connection, person, source, gathered, columns, page, placed, shown, width, look)
    tools = tools_of(
        source,
        person.rights,
        language(),
        first_page(state),
        shown_keys,
        of_name=of_name,
        is_converted=bool(currency),
        has_rows=bool(page.rows),
        may_export=person.may(EXPORT),
        is_search_wrong="search" in problems.by_control,
    )
    start = 1 + page.key_count
    converted = start + _end(placed) if currency else None
    portions = [
        (
            figure_label(one, columns),
            share_of(source, shown[drawn_keys.index(one.key)], start, between.wholes[one.key], converted),
        )
        for one in shares
        if one.key in between.wholes
    ]
    extra = share_cells(portions) if portions else None
    rates = None
    if currency and converted:
        extra = _converted(converted, currency, extra)
        used = currencies_of(source, page.rows, placed, start) | came_of(between.total)
        rates = rates_used(connection, person, used, state.day(person.today))
    report = SimpleNamespace(
        title=str(source.area.label),
        sub=_sentence(total),
        tools=tools,
        errors={control: str(text) for control, text in problems.by_control.items()},
        previous_url=_turn(state, page, path, "before"),
        notes=[*told_without_bar(person, source, state), *unrated(between.total)],
        chart=None,
        next_url=_turn(state, page, path, "after"),
        range=_range(len(page.rows), total),
        empty=None if page.rows else _empty(source, state, path),
        rates=rates.lines if rates else None,
        rates_title=_("Converted to {currency}", currency=currency) if currency else None,
        rates_source=_("ECB euro reference rate"),
    )
    if rates and rates.missing:
        report.errors["rates"] = rates.missing
    marked = marked_cells(state, page, drawn_keys)
    if view != "row":
        report.row_form = [*state.words(), *here(state)]
    if view:
        tiles = Tiles(source, placed, drawn_keys, page, marked, converted, portions)
        report.table_url = state.address(path, *here(state), layout=replace(state.layout, view=""))
        headings = {number: Markup(line) for number, line in between.lines.items()}
        html = render_template(
            f"report/{view}.html", report=report, tiles=tiles, headings=headings, foot=between.foot
        )
        return (html, 422) if problems else html
    rows = rows_html(source, shown, sub_spot, page.rows, start, extra, between.lines, marked)
    body = table([], rows, report.title, tools.heads, between.foot, frozen=state.layout.frozen)
    html = render_template("report/index.html", report=report, table=body)
    return (html, 422) if problems else html


def _form(
    state: State, columns: dict[str, Column], money: str | None
) -> tuple[tuple[list[tuple[str, str]], dict[str, Any]], Any]:
    """What the filter form or the column form asks for: words to add, parts of the state to change."""
    changes: dict[str, Any] = {}
    if "column" in request.args:
        keys = tuple(key for key in request.args.getlist("column") if key in columns)
        changes = {"columns": keys, "are_columns_chosen": bool(keys)}
    words: list[tuple[str, str]] = []
    wrong = None
    within = columns.get(request.args.get("search_in", ""))
    if within is not None and state.search and "contains" in within.operators:
        # Looking in one column is a filter like any other.
        words, changes["search"] = [(f"{within.key}.contains", state.search)], ""
    if "filter_field" in request.args:
        words, wrong = typed.typed_filter(request.args, columns)
    if "group_by" in request.args:
        asked = form_words(
            *(request.args.getlist(f"group_{word}") for word in ("by", "across", "show", "chart"))
        )
        changes["grouping"], wrong = read_grouping(asked, columns, money)
    return (words, changes), wrong


def _end(placed: list[Spot]) -> int:
    """How many values the columns of a row take."""
    last = placed[-1]
    return last.place + 1 + (last.column.kind == "money" and not last.column.is_masked)


def _converted(after: int, currency: str, then: Any) -> Any:
    """The cells of the amount converted, whose place is `after` the columns, and of what comes `then`."""
    formats = formats_for(language())
    label = _("Converted amount")

    def cells(row: tuple[Any, ...]) -> str:
        value, more = row[after], then(row) if then else ""
        if value is None:
            return f'<td role="cell" class="hide-s"></td><td role="cell"></td>{more}'
        return (
            f'<td role="cell" class="hide-s">{currency}</td>'
            f'<td role="cell" class="num{"" if row[after + 1] else " hide-s"}" data-l="{label}" data-u="{currency}">'
            f"{formats.amount(value, currency)}</td>{more}"
        )

    return cells


def _turn(state: State, page: query.Page, path: str, way: str) -> str | None:
    if not page.rows or not (page.has_next if way == "after" else page.has_previous):
        return None
    row = page.rows[-1 if way == "after" else 0]
    return state.address(path, (way, write_cursor(state.sorts, page.keys(row), row[0])))


def _sentence(total: int) -> str:
    formats = formats_for(language())
    if total > query.COUNTED_UP_TO:
        return _("More than {n} entries", n=formats.integer(query.COUNTED_UP_TO))
    return _n("{n} entry", "{n} entries", total, n=formats.integer(total))


def _range(shown: int, total: int) -> str:
    formats = formats_for(language())
    said = formats.integer(min(total, query.COUNTED_UP_TO)) + (MORE if total > query.COUNTED_UP_TO else "")
    return _("{shown} of {total} shown", shown=formats.integer(shown), total=said)


def _empty(source: Source, state: State, path: str) -> tuple[str, str, tuple[str, str] | None]:
    if state.filters or state.search or state.of:
        return (
            _("No results"),
            _("Nothing matches this search and these filters. Remove one or reset them all."),
            (_("Reset all"), f"{path}?report={STANDARD}" if state.base else path),
        )
    return (_("Nothing here yet"), _("As soon as there is something for you to see, it appears here."), None)
