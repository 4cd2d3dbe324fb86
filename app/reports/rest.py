"""The API every record type has: a list with filters, cursors and sparse fields, its groups, and one record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from flask import Blueprint, Response

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.reports import query
from app.reports.address import address_read, of_title
from app.reports.columns import Column, columns_of
from app.reports.computed import Computed, columns_with
from app.reports.cursors import write_cursor
from app.reports.group_rest import groups_told
from app.reports.reader import reader_of
from app.reports.record import one_row
from app.reports.source import Source
from app.reports.state import State
from app.reports.table import spots
from permissions import Rights, Viewer
from permissions.door import allow, the_viewer


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
        return answer(listing(reader_of(source), source))

    @api.get(f"/{source.plural}/<uuid:record_id>")
    @allow(source.area)
    def record(record_id: uuid.UUID) -> Response:
        return answer(single(the_viewer(), source, record_id))

    return api


def asked(person: Viewer, source: Source) -> State:
    """The state an API call asks for; Unacceptable with every parameter that is not understood."""
    state, problems = address_read(person, source)
    if problems:
        raise Unacceptable(problems.by_control)
    return _told(source, person.rights, state)


@lru_cache(maxsize=1024)
def _told(source: Source, rights: Rights, state: State) -> State:
    """The state with the columns that a list of the API has."""
    columns = state.columns_in(source, rights)
    chosen = (
        state.columns
        if state.are_columns_chosen
        else [k for k, c in columns.items() if c.is_listable and not c.is_far]
    )
    return replace(state, columns=tuple(k for k in chosen if columns[k].kind != "references"))


def listing(person: Viewer, source: Source) -> dict[str, Any]:
    state = asked(person, source)
    of_title(person, state)
    if state.grouping:
        return groups_told(person, source, state)
    page = query.page(transaction(), person, source, state, is_plain=True)
    return {
        source.plural: items_of(source, person.rights, state, page) if page.rows else [],
        "next": write_cursor(state.sorts, page.keys(page.rows[-1]), page.rows[-1][0])
        if page.has_next
        else None,
    }


def items_of(source: Source, rights: Rights, state: State, page: query.Page) -> list[dict[str, Any]]:
    """The rows as objects, made a column at a time: an amount stands with its currency."""
    values = list(zip(*page.rows, strict=True))
    names: list[str] = ["id"]
    said: list[Sequence[Any]] = [values[0]]
    for key, place, is_amount in _places(source, rights, state.columns, state.computed):
        names.append(key)
        column = values[1 + page.key_count + place]
        said.append(_amounts(column, values[2 + page.key_count + place]) if is_amount else column)
    if currency := page.currency:
        names.append("converted")
        said.append(
            [
                amount and {"amount": amount, "currency": currency, "rate_on": day}
                for amount, day in zip(values[-2], values[-1], strict=True)
            ]
        )
    return [dict(zip(names, row, strict=True)) for row in zip(*said, strict=True)]


def _amounts(amounts: Sequence[Any], currencies: Sequence[Any]) -> list[dict[str, Any] | None]:
    return [
        None if amount is None else {"amount": amount, "currency": currency}
        for amount, currency in zip(amounts, currencies, strict=True)
    ]


@lru_cache(maxsize=2048)
def _places(
    source: Source, rights: Rights, chosen: tuple[str, ...], computed: tuple[Computed, ...]
) -> list[tuple[str, int, bool]]:
    """Each chosen column, where its value stands among the values of a row, and whether its currency follows."""
    return [
        (spot.column.key, spot.place, has_currency(spot.column))
        for spot in spots(columns_with(source, rights, computed), chosen)
    ]


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
