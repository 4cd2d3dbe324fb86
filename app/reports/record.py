"""One record: whether a viewer sees it, what it is called, its values, and the records tied to it by a table of links.

As in the compiler of reports each query is written once for a profile and kept as text: writing one takes several
times as long as asking it.
"""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Connection, Uuid, and_, bindparam, func, select

from app.core.db import Base
from app.core.errors import NotFound
from app.reports.columns import PEOPLE, columns_of
from app.reports.query import Compiled, compiled
from app.reports.reach import bound, manner, reach
from app.reports.rows import Rows, title_of
from app.reports.source import TENANT, Source
from permissions import Rights, Viewer

RECORD = bindparam("record", type_=Uuid())
LINKED = 50
"""So many records tied to one are named on its page."""


def one_row(connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID) -> dict[str, Any]:
    """A record's readable values by column, `currency:<column>` and `id:<column>` beside them; NotFound if it is
    not there or not for this viewer."""
    sql, names = _row_sql(source, viewer.rights, manner(viewer))
    found = sql.run(connection, {**bound(viewer), "record": record_id}).fetchone()
    if found is None:
        raise NotFound
    return dict(zip(names, found, strict=True))


@lru_cache(maxsize=512)
def _row_sql(source: Source, rights: Rights, how: str) -> tuple[Compiled, tuple[str, ...]]:
    start = reach(source, how)
    rows = Rows(start, rights, how)
    picked: dict[str, Any] = {"id": start.id}
    for key, column in columns_of(source, rights).items():
        if column.kind == "references":
            continue
        picked[key] = rows.value(column)
        if column.kind == "money" and not column.is_masked:
            picked[f"currency:{key}"] = rows.column(column.field.currency)
        if column.kind == "reference" and column.field.to not in PEOPLE and not column.is_masked:
            # The id of what the reference shows: empty where the other record is out of reach. Behind a mask it would
            # lead to what is masked.
            picked[f"id:{key}"] = rows.joins[key][0].c.id
    statement = (
        select(*(value.label(f"v{number}") for number, value in enumerate(picked.values())))
        .select_from(rows.from_clause())
        .where(*start.conditions, start.id == RECORD)
    )
    return compiled(statement), tuple(picked)


def title_of_record(connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID) -> str:
    """A record's name for this viewer; NotFound if it is not there or not for him."""
    return title_in(viewer, source, one_row(connection, viewer, source, record_id))


def title_in(viewer: Viewer, source: Source, row: dict[str, Any]) -> str:
    columns = columns_of(source, viewer.rights)
    parts = [str(row[name]) for name in source.title if name in columns and row.get(name)]
    return ", ".join(parts) or str(source.schema.noun)


def seen_ids(connection: Connection, viewer: Viewer, source: Source, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these records the viewer can open."""
    if not ids or not viewer.may(source.area):
        return set()
    found = _seen_sql(source, manner(viewer)).run(connection, {**bound(viewer), "ids": list(ids)})
    return {row[0] for row in found.fetchall()}


@lru_cache(maxsize=128)
def _seen_sql(source: Source, how: str) -> Compiled:
    found = reach(source, how)
    ids = func.any(bindparam("ids", type_=ARRAY(Uuid())))
    return compiled(select(found.id).select_from(found.start).where(*found.conditions, found.id == ids))


def linked(
    connection: Connection, viewer: Viewer, target: Source, link: str, of: Source, record_id: uuid.UUID
) -> list[tuple[uuid.UUID, str]]:
    """The records of a type tied to this one by a table of links, as far as the viewer reaches them: id and name, by
    name."""
    sql = _linked_sql(target, link, of, viewer.rights, manner(viewer))
    return sql.run(connection, {**bound(viewer), "record": record_id}).fetchall()


@lru_cache(maxsize=512)
def _linked_sql(target: Source, link: str, of: Source, rights: Rights, how: str) -> Compiled:
    links = Base.metadata.tables[link].alias("links")
    start = reach(target, how)
    rows = Rows(start, rights, how)
    title = title_of(target, start.t, rights)
    rows.needs_table = True
    return compiled(
        select(start.id, title)
        .select_from(rows.from_clause())
        .join(
            links,
            and_(
                links.c.tenant_id == TENANT,
                links.c[f"{target.record}_id"] == start.id,
                links.c[f"{of.record}_id"] == RECORD,
            ),
        )
        .where(*start.conditions)
        .order_by(title)
        .limit(LINKED)
    )
