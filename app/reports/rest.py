"""The API every record type has: a list with filters, cursors and sparse fields, and one record."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

import orjson
from flask import Blueprint, Response, request

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.reports import query
from app.reports.columns import Column, columns_of
from app.reports.detail import one_row
from app.reports.pages import of_title, relations_of
from app.reports.shape import shape_of
from app.reports.source import Source
from app.reports.state import Problems, State, read, write_cursor
from app.reports.table import spots
from permissions import Rights, Viewer
from permissions.door import allow, viewer


def plain(value: Any) -> Any:
    """What JSON cannot say by itself: an amount is a text, so that no reader makes a float of it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(type(value))


def answer(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body, default=plain), status=status, mimetype="application/json")


def api_of(source: Source) -> Blueprint:
    """The API of one record type, signed with its area like its pages."""
    api = Blueprint(f"{source.plural}_api", __name__, url_prefix="/api/v1")

    @api.get(f"/{source.plural}")
    @allow(source.area)
    def index() -> Response:
        return answer(listing(viewer._get_current_object(), source))  # type: ignore[attr-defined]

    @api.get(f"/{source.plural}/<uuid:record_id>")
    @allow(source.area)
    def record(record_id: uuid.UUID) -> Response:
        return answer(single(viewer._get_current_object(), source, record_id))  # type: ignore[attr-defined]

    return api


def asked(person: Viewer, source: Source) -> State:
    """The state an API call asks for; Unacceptable with every parameter that is not understood."""
    problems = Problems()
    columns = columns_of(source, person.rights)
    state = read(
        request.args.items(multi=True), columns, source.sort, relations_of(source, person.rights), problems
    )
    if problems:
        raise Unacceptable(dict(problems.by_control))
    if not state.are_columns_chosen:
        state = replace(state, columns=tuple(k for k, c in columns.items() if c.is_listable))
    return replace(state, columns=tuple(k for k in state.columns if columns[k].kind != "references"))


def listing(person: Viewer, source: Source) -> dict[str, Any]:
    state = asked(person, source)
    of_title(person, state)
    page = query.page(transaction(), person, source, state, is_plain=True)
    item = teller(source, person.rights, state.columns, 1 + page.key_count)
    items = [item(row) for row in page.rows]
    if currency := shape_of(person, source, state).currency:
        for said, row in zip(items, page.rows, strict=True):
            amount, day = row[-2:]
            said["converted"] = amount and {"amount": amount, "currency": currency, "rate_on": day}
    return {
        source.plural: items,
        "next": write_cursor(state, page.keys(page.rows[-1]), page.rows[-1][0]) if page.has_next else None,
    }


@lru_cache(maxsize=2048)
def teller(
    source: Source, rights: Rights, chosen: tuple[str, ...], start: int
) -> Callable[[tuple[Any, ...]], dict[str, Any]]:
    """What makes an item of a row whose chosen columns begin at `start`. Made once for each choice."""
    placed = spots(columns_of(source, rights), chosen)
    names = ("id", *(spot.column.key for spot in placed))
    pick = itemgetter(0, *(start + spot.place for spot in placed))
    amounts = [(spot.column.key, start + spot.place + 1) for spot in placed if has_currency(spot.column)]

    def item(row: tuple[Any, ...]) -> dict[str, Any]:
        said = dict(zip(names, pick(row), strict=True))
        for key, currency in amounts:
            if said[key] is not None:
                said[key] = {"amount": said[key], "currency": row[currency]}
        return said

    return item


def has_currency(column: Column) -> bool:
    return column.kind == "money" and not column.is_masked


def single(person: Viewer, source: Source, record_id: uuid.UUID) -> dict[str, Any]:
    row = one_row(transaction(), person, source, record_id)
    item: dict[str, Any] = {"id": row["id"]}
    for key, column in columns_of(source, person.rights).items():
        if column.kind == "references":
            continue
        value = row[key]
        if has_currency(column) and value is not None:
            value = {"amount": value, "currency": row[f"currency:{key}"]}
        item[key] = value
        if f"id:{key}" in row:
            item[f"{key}_id"] = row[f"id:{key}"]
    return item
