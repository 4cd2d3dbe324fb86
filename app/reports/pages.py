"""The pages every record type has: its overview, its file, and the page of one record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import db, transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import formats_for
from app.core.text import _, _l, _n, language
from app.reports import query, typed
from app.reports.columns import Column, columns_of, may_follow
from app.reports.detail import detail, title_of_record
from app.reports.excel.answer import excel_answer
from app.reports.files import csv_pieces
from app.reports.group_file import groups_file
from app.reports.grouped import form_words, grouped
from app.reports.grouping import read_grouping
from app.reports.rates import currencies_of, rates_used
from app.reports.source import SOURCES, Source
from app.reports.state import Problems, State, read, write_cursor
from app.reports.table import Spot, rows_html, spots, table
from app.reports.tools import first_page, tools_of
from permissions import Function, Resource, Rights, Viewer
from permissions.door import allow, viewer

EXPORT = Function("export", _l("Export"))
REPORTS = Resource(functions=(EXPORT,))
FORM_WORDS = (
    "column",
    "filter_field",
    "filter_operator",
    "filter_value",
    "group_by",
    "group_show",
    "group_chart",
)
MORE = "+"


@lru_cache(maxsize=2048)
def relations_of(source: Source, rights: Rights) -> list[str]:
    """The record types whose pages lead here, as far as a profile may go that way."""
    return [
        other.record
        for other in SOURCES.values()
        if any(one.record == source.record and may_follow(other, one, rights) for one in other.related)
    ]


def address_read(source: Source, rights: Rights, besides: tuple[str, ...] = ()) -> tuple[State, Problems]:
    """What the address asks for of an overview, and what of it is not understood; `besides` are words of others."""
    asked = request.query_string
    reader = _read if len(asked) <= LONGEST_KEPT else _read.__wrapped__
    state, problems = reader(source, rights, asked, besides)
    return state, Problems(dict(problems.by_control))


LONGEST_KEPT = 1000
"""Bytes of an address up to which what it means is kept: menus, links and programs ask for the same again."""


@lru_cache(maxsize=2048)
def _read(source: Source, rights: Rights, asked: bytes, besides: tuple[str, ...]) -> tuple[State, Problems]:
    words = [pair for pair in parse_qsl(asked.decode(), keep_blank_values=True) if pair[0] not in besides]
    return understood(source, rights, words)


def understood(source: Source, rights: Rights, words: Iterable[tuple[str, str]]) -> tuple[State, Problems]:
    """What words mean to a profile, and what of them it does not have or nobody understands."""
    problems = Problems()
    state = read(
        words,
        columns_of(source, rights),
        source.sort,
        relations_of(source, rights),
        problems,
        money=source.money,
    )
    return state, problems


def pages_of(source: Source) -> Blueprint:
    """The blueprint of one record type, every route signed with its area."""
    pages = Blueprint(source.plural, __name__)

    @pages.get(f"/{source.plural}")
    @allow(source.area)
    def index() -> str | BaseResponse | tuple[str, int]:
        return overview(viewer._get_current_object(), source)  # type: ignore[attr-defined]

    @pages.get(f"/{source.plural}.csv")
    @allow(source.area, EXPORT)
    def file() -> Response:
        person = viewer._get_current_object()  # type: ignore[attr-defined]
        state, _of_name = asked_of_a_file(person, source)
        pieces: Any = (
            groups_file(person, source, state)
            if state.grouping
            else stream_with_context(csv_pieces(db.engine, person, source, state))
        )
        name = f"{source.plural}-{person.today}.csv"
        return Response(
            pieces,
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @pages.get(f"/{source.plural}.xlsx")
    @allow(source.area, EXPORT)
    def workbook() -> BaseResponse:
        person = viewer._get_current_object()  # type: ignore[attr-defined]
        return excel_answer(person, source, *asked_of_a_file(person, source))

    @pages.get(f"/{source.plural}/<uuid:record_id>")
    @allow(source.area)
    def record(record_id: Any) -> str:
        return detail(viewer._get_current_object(), source, record_id)  # type: ignore[attr-defined]

    return pages


def asked_of_a_file(person: Viewer, source: Source) -> tuple[State, str | None]:
    """What the address asks of a file, and the name of the record it is limited to; Unacceptable where it cannot be
    understood. As in the API, a list of other records stands in no column."""
    state, problems = address_read(source, person.rights, FORM_WORDS)
    if problems:
        raise Unacceptable(problems.by_control)
    columns = columns_of(source, person.rights)
    shown = tuple(key for key in state.columns if columns[key].kind != "references")
    if not shown and not state.grouping:
        raise NotFound
    return replace(state, columns=shown), of_title(person, state)


def of_title(person: Viewer, state: State) -> str | None:
    """The name of the record the overview is limited to; NotFound if the viewer cannot see it."""
    return title_of(transaction(), person, state)


def title_of(connection: Connection, person: Viewer, state: State) -> str | None:
    """The same, away from a request."""
    if state.of is None:
        return None
    source = SOURCES[state.of[0]]
    if not person.may(source.area):
        raise NotFound
    return title_of_record(connection, person, source, state.of[1])


def overview(person: Viewer, source: Source) -> str | BaseResponse | tuple[str, int]:
    columns = columns_of(source, person.rights)
    state, problems = address_read(source, person.rights, FORM_WORDS)
    path = f"/{source.plural}"
    if any(word in request.args for word in FORM_WORDS):
        words, wrong = _form(state, columns, source.money)
        if wrong is None and not problems:
            return redirect(state.address(path, *words[0], **words[1]), 303)
        if wrong is not None:
            problems.add("filter", wrong)
    of_name = of_title(person, state)
    if state.grouping:
        errors = {control: str(text) for control, text in problems.by_control.items()}
        page_of_groups = grouped(
            person, source, state, errors, of_name=of_name, may_export=person.may(EXPORT)
        )
        return (page_of_groups, 422) if problems else page_of_groups
    listable = [key for key, column in columns.items() if column.is_listable]
    shown_keys = tuple(key for key in state.columns if columns[key].is_listable) or tuple(listable[:1])
    if not shown_keys:
        raise NotFound
    sub = _sub(source, columns, shown_keys)
    asked = replace(state, columns=(*shown_keys, *([sub] if sub else [])))
    connection = transaction()
    page = query.page(connection, person, source, asked)
    total = query.count(connection, person, source, asked)
    placed = spots(columns, asked.columns)
    shown, sub_spot = placed[: len(shown_keys)], placed[-1] if sub else None
    currency = page.currency
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
    extra = None
    if currency:
        extra = _converted(source, columns, placed, start, currency)
    rates = None
    if currency:
        rates = rates_used(connection, person, currencies_of(source, page.rows, placed, start))
    report = SimpleNamespace(
        title=str(source.area.label),
        sub=_sentence(total),
        tools=tools,
        errors={control: str(text) for control, text in problems.by_control.items()},
        previous_url=_turn(state, page, path, "before"),
        notes=[],
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
    rows = rows_html(source, shown, sub_spot, page.rows, start, extra)
    html = render_template(
        "report/index.html", report=report, table=table([], rows, report.title, tools.heads)
    )
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
    if "filter_field" in request.args:
        words, wrong = typed.typed_filter(request.args, columns)
    if "group_by" in request.args:
        asked = form_words(*(request.args.getlist(f"group_{word}") for word in ("by", "show", "chart")))
        changes["grouping"], wrong = read_grouping(asked, columns, money)
    return (words, changes), wrong


def _sub(source: Source, columns: dict[str, Column], shown: tuple[str, ...]) -> str | None:
    name = source.subtitle
    if name and shown[0] == source.title[0] and name in columns and name not in shown:
        return name
    return None


def _converted(
    source: Source, columns: dict[str, Column], placed: list[Spot], start: int, currency: str
) -> Any:
    formats = formats_for(language())
    after = start + (
        placed[-1].place + 1 + (placed[-1].column.kind == "money" and not placed[-1].column.is_masked)
    )
    label = _("Converted amount")

    def cells(row: tuple[Any, ...]) -> str:
        value = row[after]
        if value is None:
            return '<td role="cell" class="hide-s"></td><td role="cell"></td>'
        return (
            f'<td role="cell" class="hide-s">{currency}</td>'
            f'<td role="cell" class="num{"" if row[after + 1] else " hide-s"}" data-l="{label}" data-u="{currency}">'
            f"{formats.amount(value, currency)}</td>"
        )

    return cells


def _turn(state: State, page: query.Page, path: str, way: str) -> str | None:
    if not page.rows or not (page.has_next if way == "after" else page.has_previous):
        return None
    row = page.rows[-1 if way == "after" else 0]
    return state.address(path, (way, write_cursor(state, page.keys(row), row[0])))


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
            (_("Reset all"), path),
        )
    return (_("Nothing here yet"), _("As soon as there is something for you to see, it appears here."), None)
