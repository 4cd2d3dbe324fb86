"""The one way to make each kind of file of an overview: for whoever waits for it, for a job, for a mail."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Engine

from app.core.typeset import pdf, pdf_apart
from app.reports import printed
from app.reports.address import in_a_file
from app.reports.excel import cells
from app.reports.excel.book import MEDIA_TYPE
from app.reports.excel.groups import groups_workbook
from app.reports.excel.overview import workbook
from app.reports.excel.pivot import pivot_workbook
from app.reports.facts import rows_in
from app.reports.files import csv_pieces
from app.reports.group_file import groups_file
from app.reports.printed import TooManyRows, overview_pdf
from app.reports.printed_groups import groups_pdf
from app.reports.shown import shown_columns
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer
from tenants.directory import House

MEDIA_TYPES = {"xlsx": MEDIA_TYPE, "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
MOST = {"xlsx": cells.MOST_ROWS - 1, "pdf": printed.MOST_ROWS, "csv": sys.maxsize}
"""Rows that a file of each kind has room for."""

Tell = Callable[[int], None]
"""Hears now and then how many rows are done; what it raises ends the making."""


class Large(Exception):
    """More rows than anybody waits for."""


@dataclass(frozen=True)
class Asked:
    """Of which overview somebody wants a file. `of_name` is the title of the record it is limited to."""

    viewer: Viewer
    house: House
    source: Source
    state: State
    of_name: str | None

    def name(self, ending: str) -> str:
        return f"{self.source.plural}-{self.state.day(self.viewer.today)}.{ending}"


def most_at_once(ending: str) -> int:
    """Rows up to which somebody waits for a file; with more it is a job."""
    most: int = current_app.extensions["settings"].rows_at_once
    return min(most, printed.AT_ONCE, MOST["pdf"]) if ending == "pdf" else most


def pieces_of(connection: Connection, engine: Engine, asked: Asked, ending: str) -> Iterable[bytes]:
    """The file in pieces, for somebody who waits; Large where that would be too long."""
    at_once = most_at_once(ending)
    viewer, source, state = asked.viewer, asked.source, asked.state
    if state.grouping:
        return _of_groups(connection, asked, ending)
    if ending == "csv":
        if rows_in(connection, viewer, source, state) > at_once:
            raise Large
        return csv_pieces(engine, viewer, source, in_a_file(viewer, source, state))
    if ending == "xlsx":
        made = workbook(connection, viewer, source, state, asked.of_name)
        if made.rows > at_once:
            raise Large
        return made.pieces(engine)
    try:
        return [_printed(asked, most=at_once, press=pdf)]
    except TooManyRows:
        raise Large from None


def pieces_apart(
    connection: Connection, engine: Engine, asked: Asked, ending: str, tell: Tell = lambda rows: None
) -> Iterable[bytes]:
    """The same in a job, as large as its kind may be."""
    viewer, source, state = asked.viewer, asked.source, asked.state
    if state.grouping:
        return _of_groups(connection, asked, ending)
    if ending == "csv":
        return csv_pieces(engine, viewer, source, in_a_file(viewer, source, state), tell)
    if ending == "xlsx":
        return workbook(connection, viewer, source, state, asked.of_name).pieces(engine, tell)

    def press(template: Path, told: Mapping[str, Any], day: datetime.date) -> bytes:
        rows = sum(len(part["rows"]) for table in told["tables"] for part in table["parts"])
        return pdf_apart(template, told, day, lambda: tell(rows))

    return [_printed(asked, most=MOST["pdf"], press=press)]


def _of_groups(connection: Connection, asked: Asked, ending: str) -> Iterable[bytes]:
    """They are never many: the database has gathered the rows."""
    viewer, source, state = asked.viewer, asked.source, asked.state
    assert state.grouping is not None
    if ending == "csv":
        return [groups_file(viewer, source, state).encode()]
    if ending == "pdf":
        return [groups_pdf(viewer, asked.house, source, state, asked.of_name)]
    make = pivot_workbook if state.grouping.across else groups_workbook
    return make(connection, viewer, source, state, asked.of_name)


def _printed(asked: Asked, **how: Any) -> bytes:
    viewer, source, state = asked.viewer, asked.source, asked.state
    shown, sub = shown_columns(source, state, viewer.rights)
    return overview_pdf(viewer, asked.house, source, state, shown, sub, asked.of_name, **how)
