"""What belongs to a record: which types of it a viewer can go to, and the first rows of each."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.reports import query
from app.reports.asking import state_with
from app.reports.columns import columns_of, may_follow
from app.reports.source import SOURCES, Related, Source
from app.reports.table import Spot, plain_heads, rows_html, spots, table
from permissions import Viewer

SHOWN_RELATED = 5


def followed(viewer: Viewer, source: Source) -> dict[str, Related]:
    """The record types a viewer can go to from a record, because they belong to it."""
    return {
        relation.record: relation
        for relation in source.related
        if viewer.may(SOURCES[relation.record].area) and may_follow(source, relation, viewer.rights)
    }


def related(
    connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID
) -> list[tuple[str, str | None, Any]]:
    """What belongs to a record: a few rows of each kind the viewer has an area for, and the way to all of them."""
    tables = []
    for record in followed(viewer, source):
        found = related_page(connection, viewer, source, record_id, record, SHOWN_RELATED)
        if found is not None:
            other, (placed, page) = SOURCES[record], found
            rows = rows_html(other, placed, None, page.rows, 1 + page.key_count)
            title = str(other.schema.nouns)
            more = f"/{other.plural}?of={source.record}:{record_id}" if page.has_next else None
            tables.append((title, more, table(plain_heads(placed), rows, title)))
    return tables


def related_page(
    connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID, record: str, size: int
) -> tuple[list[Spot], query.Page] | None:
    """The first records of a type that belong to this one, and their columns; None if there are none to be seen."""
    relation, other = followed(viewer, source)[record], SOURCES[record]
    columns = columns_of(other, viewer.rights)
    # Whose it is, the record's own page says already.
    said = {relation.field, *({"policyholder"} & columns_of(source, viewer.rights).keys())}
    listed = [key for key, column in columns.items() if column.field.listed and key not in said][:6]
    if not listed:
        return None
    plain = state_with(viewer, other)
    if plain is None:
        return None
    state = replace(plain, of=(source.record, record_id), columns=tuple(listed), size=size)
    page = query.page(connection, replace(viewer, profile_currency=None), other, state)
    return (spots(columns, state.columns), page) if page.rows else None
