"""An overview: from its address, or a form that changes it, to the rows or groups it shows."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.reports import typed
from app.reports.access import EXPORT
from app.reports.address import address_read, of_title
from app.reports.columns import Column
from app.reports.downloads import download
from app.reports.facts import rows_in
from app.reports.group_form import form_words
from app.reports.grouped import grouped
from app.reports.grouping import read_grouping
from app.reports.listed import listed
from app.reports.making import MOST
from app.reports.printed import TooManyRows
from app.reports.saved import menu
from app.reports.single import address_of_row
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

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
"""What the forms of an overview send besides the words of its address."""
CHANGES = frozenset(FORM_WORDS) - {"row"}


def overview(
    person: Viewer, source: Source, refused: Unacceptable | None = None
) -> str | BaseResponse | tuple[str, int]:
    """The page of an overview, or the way to it where a form asked for a change; 422 with what was not understood."""
    path = f"/{source.plural}"
    if refused is None and not request.query_string and (default := menu.default_of(person, source)):
        return redirect(f"{path}?report={default}")
    state, problems = address_read(person, source, FORM_WORDS)
    for control, sentence in refused.problems.items() if refused else ():
        problems.by_control.setdefault(control, sentence)
    g.overview = (source, state)
    if not CHANGES.isdisjoint(request.args):
        words, wrong = _form(state, state.columns_in(source, person.rights), source.money)
        if wrong is None and not problems:
            return redirect(state.address(path, *words[0], **words[1]), 303)
        if wrong is not None:
            problems.add("filter", wrong)
    of_name = of_title(person, state)
    if "row" in request.args and not problems:
        return redirect(address_of_row(transaction(), person, source, state, request.args["row"], path), 303)
    errors = {control: str(text) for control, text in problems.by_control.items()}
    if state.grouping:
        page = grouped(person, source, state, errors, of_name=of_name, may_export=person.may(EXPORT))
    else:
        page = listed(person, source, state, errors, of_name)
    return (page, 422) if problems else page


def printed_overview(person: Viewer, source: Source) -> Any:
    """The overview as a PDF; where there can be none, its page with the reason beside the control."""
    state, problems = address_read(person, source, FORM_WORDS)
    if problems:
        return overview(person, source)
    of_name = of_title(person, state)
    try:
        answer = download(person, source, state, of_name, "pdf")
        # Who asks for more than there can be is told here, beside the ways out.
        if answer.status_code == 303 and rows_in(transaction(), person, source, state) > MOST["pdf"]:
            raise TooManyRows(MOST["pdf"])
    except Unacceptable as refusal:
        return overview(person, source, refusal)
    return answer


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
