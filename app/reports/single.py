"""The way to one row of an overview by itself: the overview with pages of one row."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from app.reports import query
from app.reports.cursors import write_cursor
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def here(state: State) -> list[tuple[str, str]]:
    """The words for the place a state stands at."""
    if state.cursor is None:
        return []
    *keys, record_id = state.cursor
    return [("before" if state.is_backwards else "after", write_cursor(state.sorts, keys, record_id))]


def address_of_row(
    connection: Connection, person: Viewer, source: Source, state: State, number: str, path: str
) -> str:
    """Where the row of this number on a page stands by itself. It begins where its neighbour ends, so that the
    same place leads back to a page of the table with this row on it."""
    place = here(state)
    page = query.page(connection, person, source, replace(state, columns=()))
    wanted = int(number) if number.isdecimal() and number.isascii() and len(number) < 5 else 1
    wanted = min(max(wanted, 1), len(page.rows))
    neighbour = wanted if state.is_backwards else wanted - 2
    if 0 <= neighbour < len(page.rows):
        row = page.rows[neighbour]
        cursor = write_cursor(state.sorts, page.keys(row), row[0])
        place = [("before" if state.is_backwards else "after", cursor)]
    return state.address(path, *place, layout=replace(state.layout, view="row"))
