"""An overview as a CSV file: written by PostgreSQL itself, row after row, never held in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import orjson
import psycopg
from sqlalchemy import ColumnElement, Engine, Text, any_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.core.text import _, labelled, language
from app.reports.columns import Column
from app.reports.convert import converted
from app.reports.query import COUNTED_UP_TO, Compiled, compiled, count, found_rows, ordered
from app.reports.rows import Rows
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer
from tenants import current

PIECE = 1 << 16
"""Bytes of rows that are sent together."""
FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r"]
"""A cell that begins so would be run by a spreadsheet."""


def harmless(value: ColumnElement[Any]) -> ColumnElement[str]:
    text = cast(value, Text())
    return case(
        (func.left(text, 1) == any_(literal(FORMULA_STARTS, ARRAY(Text()))), literal("'") + text), else_=text
    )


def harmless_text(text: str) -> str:
    return "'" + text if text[:1] in FORMULA_STARTS else text


def number(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A number as spreadsheets of the reader's language take it."""
    if language() == "en":
        return value
    return func.replace(cast(value, Text()), ".", ",")


def _cell(rows: Rows, column: Column) -> list[ColumnElement[Any]]:
    value = rows.value(column)
    if column.is_masked:
        return [value]
    match column.kind:
        case "money":
            return [number(func.trim_scale(value)), rows.currency(column)]
        case "number" | "percent":
            return [number(func.trim_scale(value))]
        case "whole" | "size" | "day" | "moment":
            return [value]
        case "flag":
            return [case((value, literal(_("Yes"))), else_=literal(_("No")))]
        case "code":
            # Looked up, not compared with one code after another: some lists hold a hundred.
            words = cast(
                orjson.dumps({code: column.field.words(code) for code in column.field.codes}).decode(), JSONB
            )
            return [func.coalesce(words[value].astext, harmless(value))]
        case "words":
            return [harmless(func.array_to_string(value, ", "))]
        case _:
            return [harmless(value)]


def written(shape: Shape, rows: Rows) -> list[ColumnElement[Any]]:
    """The values of the chosen columns as a file writes them; an amount's currency stands in a column of its own."""
    values = [value for key in shape.columns for value in _cell(rows, rows.columns[key])]
    if shape.currency:
        amount, day = converted(shape.source, rows, shape.currency, shape.valuation)
        values += [literal(shape.currency), number(amount), day]
    return values


def headings(shape: Shape, columns: dict[str, Column]) -> list[str]:
    found = []
    for key in shape.columns:
        found.append(str(columns[key].label))
        if columns[key].kind == "money" and not columns[key].is_masked:
            found.append(labelled(columns[key].label, _("Currency")))
    if shape.currency:
        found += [_("Profile currency"), _("Converted amount"), _("Rate date")]
    return found


@lru_cache(maxsize=2048)
def all_sql(shape: Shape, *, is_each: bool) -> Compiled:
    """Every row of a state, not only a page: for files. With `is_each`, made for few rows."""
    rows, keys, conditions = found_rows(shape, is_each=is_each)
    values = written(shape, rows)
    return compiled(
        select(*(value.label(f"v{n}") for n, value in enumerate(values)))
        .select_from(rows.from_clause())
        .where(*conditions)
        .order_by(*ordered(keys, shape.sorts, rows.reach.id, False))
    )


def csv_pieces(
    engine: Engine,
    viewer: Viewer,
    source: Source,
    state: State,
    tell: Callable[[int], None] = lambda rows: None,
) -> Iterator[bytes]:
    """The file in pieces, headings first; `tell` hears now and then how many rows are written. Begins with a byte
    order mark: spreadsheets else guess the encoding."""
    shape = shape_of(viewer, source, state)
    heads = headings(shape, state.columns_in(source, viewer.rights))
    values = values_for(viewer, source, state)
    delimiter = "," if language() == "en" else ";"

    def pieces() -> Iterator[bytes]:
        yield "\ufeff".encode() + (delimiter.join(_quoted(head) for head in heads) + "\r\n").encode()
        with current.acting_for(viewer.tenant_id), current.patient_for(None), engine.begin() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            # A copy is planned for its values, from statistics that may know nothing of this broker yet and promise
            # a single row. So few rows are looked up one by one, and where there are many nothing loops.
            is_few = count(connection, viewer, source, state) <= COUNTED_UP_TO
            if not is_few:
                connection.exec_driver_sql("set local enable_nestloop = off")
            query = all_sql(shape, is_each=is_few)
            copied = f"copy ({query.sql}) to stdout (format csv, delimiter '{delimiter}')"
            with raw.cursor() as cursor, cursor.copy(copied, {**query.constants, **values}) as copy:
                held, size, done = [], 0, 0
                # A piece is a row.
                for piece in copy:
                    held.append(bytes(piece))
                    size += len(piece)
                    if size > PIECE:
                        done += len(held)
                        yield b"".join(held)
                        tell(done)
                        held, size = [], 0
                yield b"".join(held)

    return pieces()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
