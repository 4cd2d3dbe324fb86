"""An overview as an Excel file: its cells are written by PostgreSQL, row after row, and never held in memory."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq.abc import PGconn
from sqlalchemy import Connection, Engine

from app.core.errors import Refusal
from app.core.formats import currency_digits, formats_for
from app.core.text import _, labelled, language
from app.reports.columns import Column
from app.reports.excel import cells
from app.reports.excel.about import about
from app.reports.excel.book import Book, Heading, book_of
from app.reports.excel.written import rows_sql
from app.reports.facts import Facts, facts
from app.reports.query import COUNTED_UP_TO
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from app.reports.totals import Total
from permissions import Viewer
from tenants import current

PIECE = 1 << 16
"""Bytes of rows that are compressed together."""
PRECEDES_ROW = 6
"""Bytes of a binary copy before each row's one value: how many values, and how long it is."""
PRECEDES_ROWS = 19
"""And before all rows: a signature."""
ENDS_ROWS = b"\xff\xff"
"""And after them: as many values as no row has. No text of a row ends so."""
WIDTHS = {"day": 12, "moment": 17, "money": 16, "currency": 10, "flag": 10, "country": 10, "whole": 10}
"""Characters; of other numbers 12, of other texts 28."""


def width_of(column: Column) -> int:
    return WIDTHS.get(column.kind, 12 if column.is_numeric else 28)


def headings(shape: Shape, columns: dict[str, Column]) -> list[Heading]:
    found = []
    for key in shape.columns:
        found.append(Heading(str(columns[key].label), width_of(columns[key])))
        if columns[key].kind == "money" and not columns[key].is_masked:
            found.append(Heading(labelled(columns[key].label, _("Currency")), WIDTHS["currency"]))
    if shape.currency:
        labels = (_("Profile currency"), _("Converted amount"), _("Rate date"))
        found += [Heading(label, width) for label, width in zip(labels, (10, 16, 12), strict=True)]
    return found


def foot(shape: Shape, columns: dict[str, Column], found: Facts) -> str:
    """The totals under the rows: of amounts in one currency, and of converted ones. Empty where there are none."""
    line: list[str] = []

    def add(total: Total | None) -> None:
        if total is None:
            line.extend([cells.EMPTY, cells.EMPTY])
            return
        like = cells.look(cells.amount_format(currency_digits(total.currency)), is_bold=True)
        line.extend([cells.number_cell(total.amount, like), cells.text_cell(total.currency, cells.BOLD)])

    for key in shape.columns:
        if columns[key].kind == "money" and not columns[key].is_masked:
            add(found.totals.get(key))
        else:
            line.append(cells.EMPTY)
    if shape.currency:
        add(found.converted)
        line[-2:] = [line[-1], line[-2], cells.EMPTY]
    if set(line) == {cells.EMPTY}:
        return ""
    if line[0] == cells.EMPTY:
        line[0] = cells.text_cell(_("Total"), cells.BOLD)
    return cells.row(line)


def messages(copy: psycopg.Copy, connection: PGconn) -> Iterator[Any]:
    """The messages of a binary copy, one a row and one that ends it. What has arrived is taken without waiting: to
    wait for each row would take as long as compressing it."""
    for message in copy:
        yield message
        while message[-2:] != ENDS_ROWS:
            size, message = connection.get_copy_data(1)
            if size <= 0:
                break
            yield message


@dataclass(frozen=True)
class Workbook:
    """An overview as one viewer sees it, ready to be written."""

    tenant_id: uuid.UUID
    rows: int
    book: Book
    foot: str
    sql: str
    values: Mapping[str, Any]

    def pieces(self, engine: Engine, tell: Callable[[int], None] = lambda rows: None) -> Iterator[bytes]:
        """The file in pieces; `tell` hears now and then how many rows are written."""
        return self.book.pieces(self._rows(engine, tell), self.foot, len(self.book.headings) * self.rows)

    def _rows(self, engine: Engine, tell: Callable[[int], None]) -> Iterator[tuple[bytes, int]]:
        done = 0
        with current.acting_for(self.tenant_id), current.patient_for(None), engine.begin() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            if self.rows > COUNTED_UP_TO:
                # As for a CSV file: a copy is planned by statistics that may promise a single row.
                connection.exec_driver_sql("set local enable_nestloop = off")
            copied = f"copy ({self.sql}) to stdout (format binary)"
            with raw.cursor() as cursor, cursor.copy(copied, self.values) as copy:
                held: list[Any] = []
                size, skipped = 0, PRECEDES_ROWS + PRECEDES_ROW
                for message in messages(copy, raw.pgconn):
                    # What ends the copy holds no row.
                    if line := message[skipped:]:
                        held.append(line)
                    size, skipped = size + len(line), PRECEDES_ROW
                    if size > PIECE:
                        done += len(held)
                        yield b"".join(held), len(held)
                        tell(done)
                        held, size = [], 0
                yield b"".join(held), len(held)


class TooManyRows(Refusal):
    """More than a sheet of Excel has."""

    status = 422

    def __str__(self) -> str:
        most = formats_for(language()).integer(cells.MOST_ROWS - 1)
        return _("An Excel sheet has room for {n} rows, and here are more. Filter, or choose CSV.", n=most)


def workbook(
    connection: Connection, viewer: Viewer, source: Source, state: State, of_name: str | None
) -> Workbook:
    """The file of an overview, its rows counted and summed but not read yet; TooManyRows for Excel. `of_name` is the
    title of the record it is limited to."""
    columns, found = state.columns_in(source, viewer.rights), facts(connection, viewer, source, state)
    if found.rows >= cells.MOST_ROWS:
        raise TooManyRows
    shape = shape_of(viewer, source, state)
    query, words = rows_sql(shape, is_each=found.rows <= COUNTED_UP_TO)
    told = about(connection, viewer, source, state, found.rows, of_name, found.currencies)
    return Workbook(
        tenant_id=viewer.tenant_id,
        rows=found.rows,
        book=book_of(viewer, source, headings(shape, columns), told, words),
        foot=foot(shape, columns, found) if found.rows < cells.MOST_ROWS - 1 else "",
        sql=query.sql,
        values={**query.constants, **values_for(viewer, source, state)},
    )
