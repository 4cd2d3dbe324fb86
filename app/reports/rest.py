"""The API every record type has: a list with filters, cursors and sparse fields, and one record."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import orjson
from flask import Blueprint, Response, request

from app.core.db import db
from app.core.errors import Unacceptable
from app.reports import query
from app.reports.columns import columns_of
from app.reports.detail import one_row
from app.reports.pages import of_title, relations_of
from app.reports.source import Source
from app.reports.state import Problems, State, read, write_cursor
from app.reports.table import Spot, spots
from permissions import Viewer
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
    state = read(request.args.items(multi=True), columns, source.sort, relations_of(source), problems)
    if problems:
        raise Unacceptable(dict(problems.by_control))
    if not state.are_columns_chosen:
        state = State(**{**state.__dict__, "columns": tuple(k for k, c in columns.items() if c.is_listable)})
    return State(
        **{**state.__dict__, "columns": tuple(k for k in state.columns if columns[k].kind != "references")}
    )


def listing(person: Viewer, source: Source) -> dict[str, Any]:
    state = asked(person, source)
    of_title(person, state)
    page = query.page(db.session(), person, source, state)
    placed = spots(columns_of(source, person.rights), state.columns)
    start = 1 + page.key_count
    currency = query.shape_of(person, source, state).currency
    end = start + (placed[-1].place + 1 + _has_currency(placed[-1]) if placed else 0)
    items = []
    for row in page.rows:
        item: dict[str, Any] = {"id": row[0]}
        for spot in placed:
            put(item, spot, row, start)
        if currency:
            item["converted"] = None if row[end] is None else {
                "amount": row[end], "currency": currency, "rate_on": row[end + 1],
            }  # fmt: skip
        items.append(item)
    return {
        source.plural: items,
        "next": write_cursor(state, page.keys(page.rows[-1]), page.rows[-1][0]) if page.has_next else None,
    }


def _has_currency(spot: Spot) -> bool:
    return spot.column.kind == "money" and not spot.column.is_masked


def put(item: dict[str, Any], spot: Spot, row: tuple[Any, ...], start: int) -> None:
    value = row[start + spot.place]
    if _has_currency(spot) and value is not None:
        value = {"amount": value, "currency": row[start + spot.place + 1]}
    item[spot.column.key] = value


def single(person: Viewer, source: Source, record_id: uuid.UUID) -> dict[str, Any]:
    row = one_row(db.session(), person, source, record_id)
    item: dict[str, Any] = {"id": row["id"]}
    for key, column in columns_of(source, person.rights).items():
        if column.kind == "references":
            continue
        value = row[key]
        if column.kind == "money" and not column.is_masked and value is not None:
            value = {"amount": value, "currency": row[f"currency:{key}"]}
        item[key] = value
        if f"id:{key}" in row:
            item[f"{key}_id"] = row[f"id:{key}"]
    return item
