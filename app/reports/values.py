"""The page of a column's values: how many rows have each, to filter by those one picks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import orjson
from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.address import address_read
from app.reports.columns import Column
from app.reports.filters import Filter, Nest, Wrong, read_filter
from app.reports.group_words import teller
from app.reports.grouping import COUNT, By, Grouping
from app.reports.groups import groups
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

MOST_VALUES = 200
"""What one can still look through; the search finds the rest."""
WORDS = ("of_column", "picked", "apply")


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    count: str
    is_picked: bool


def values_page(person: Viewer, source: Source) -> str | Response:
    state, _problems = address_read(person, source, WORDS)
    columns, path = state.columns_in(source, person.rights), f"/{source.plural}"
    column = columns.get(request.args.get("of_column", ""))
    if column is None or not column.can_group:
        raise NotFound
    # What the column itself is filtered by would leave nothing to choose from.
    others = replace(state, filters=tuple(one for one in state.filters if one.key != column.key))
    if "apply" in request.args:
        return redirect(_filtered(others, column, request.args.getlist("picked")).address(path), 303)
    asked = replace(others, grouping=Grouping((By(column.key),), (COUNT,)), of=state.of)
    found = groups(transaction(), person, source, asked)
    formats = formats_for(language())
    tell = teller(By(column.key), column, formats)
    before = {
        text
        for one in state.filters
        if one.key == column.key and one.operator in ("is", "in")
        for text in map(_told, one.values)
    }
    choices = []
    for group in found.found[:MOST_VALUES]:
        key = group.keys[0]
        value = "" if key is None else str(group.titles[0]) if column.kind == "text" else _told(key)
        words = _("Without a value") if key is None else tell(key, group.titles[0]) or _("Without a value")
        count = formats.integer(int(group.values[0].value))
        choices.append(Choice(value, words, count, value in before))
    return render_template(
        "report/values.html",
        source=source,
        label=str(column.label),
        back=state.address(path),
        action=f"{path}/values",
        hidden=[*others.words(), ("of_column", column.key)],
        choices=choices,
        is_cut=found.is_cut or len(found.found) > MOST_VALUES,
        most=MOST_VALUES,
    )


def _told(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _filtered(state: State, column: Column, picked: list[str]) -> State:
    """The state with the rows that have one of these values."""
    words: list[tuple[str, str]] = []
    values = [one for one in dict.fromkeys(picked) if one]
    if column.kind == "flag":
        words += [(column.key, value) for value in values]
    elif values and column.kind == "text":
        words.append((f"{column.key}.in", orjson.dumps(values).decode()))
    elif values:
        words.append((column.key, ",".join(values)))
    if "" in picked and "is_empty" in column.operators:
        words.append((f"{column.key}.is_empty", "1"))
    filters: list[Filter] = []
    for name, text in words:
        try:
            filters.append(read_filter(name, text, {column.key: column}))
        except Wrong:
            continue
    if len(filters) > 1:
        return replace(state, nests=(*state.nests, Nest("any", tuple(filters))))
    return replace(state, filters=(*state.filters, *filters))
