"""What became of a record: its changes one by one, as far as the viewer reads what changed.

States are compared by what he would see of them, in the database. A change of which he sees nothing is none for him,
and does not count among those that are shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import Connection, Uuid, and_, bindparam, func, literal_column, or_, select

from app.core.db import Base
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.columns import Column, columns_of
from app.reports.details import details_of
from app.reports.past import states_of
from app.reports.query import Compiled, compiled
from app.reports.reach import Reach, bound, manner, reachable_ids
from app.reports.rows import Rows
from app.reports.source import TENANT, Source
from app.reports.table import content, words_of
from permissions import Rights, Viewer

SHOWN = 20

Line = tuple[str, Markup, Markup]
"""A field, what it was and what it became; nothing for no value."""


@dataclass(frozen=True)
class Change:
    """No lines where the record is first known."""

    moment: str
    lines: list[Line]
    origin: str | None


@dataclass(frozen=True)
class History:
    changes: list[Change]
    """The latest first."""
    is_cut: bool


def _seen(source: Source, rights: Rights) -> list[Column]:
    return [column for column in columns_of(source, rights).values() if column.kind != "references"]


@lru_cache(maxsize=512)
def history_sql(source: Source, rights: Rights, how: str) -> Compiled:
    """The states in which a viewer sees something change, each with what he saw before it."""
    states = states_of(source, "t", bindparam("record", type_=Uuid()))
    reachable = states.c.id.in_(reachable_ids(source, how, "tn"))
    rows = Rows(Reach(source, states, None, [reachable], True), rights, how)
    picked, compared = [], []
    for number, column in enumerate(_seen(source, rights)):
        picked.append(rows.value(column).label(f"v{number}"))
        compared.append(f"v{number}")
        if column.kind == "money" and not column.is_masked:
            picked.append(rows.column(column.field.currency).label(f"c{number}"))
    seen = (
        select(states.c.valid_from, states.c.import_id, *picked)
        .select_from(rows.from_clause())
        .where(*rows.reach.conditions)
        .subquery("seen")
    )
    before = [
        func.lag(seen.c[one.name]).over(order_by=seen.c.valid_from).label(f"b_{one.name}") for one in picked
    ]
    count = func.row_number().over(order_by=seen.c.valid_from).label("number")
    beside = select(seen, count, *before).subquery("beside")
    imports = Base.metadata.tables["imports"].alias("imports")
    differs = [beside.c[name].is_distinct_from(beside.c[f"b_{name}"]) for name in compared]
    return compiled(
        select(beside, imports.c.file_name)
        .select_from(
            beside.outerjoin(imports, and_(imports.c.tenant_id == TENANT, imports.c.id == beside.c.import_id))
        )
        .where(or_(beside.c.number == 1, *differs))
        .order_by(beside.c.valid_from.desc())
        .limit(literal_column(str(SHOWN + 1)))
    )


def history_of_record(
    connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID
) -> History | None:
    """The changes of a record; None where no history is kept."""
    if source.past is None:
        return None
    query = history_sql(source, viewer.rights, manner(viewer))
    cursor = query.run(connection, {**bound(viewer), "record": record_id})
    names = [column.name for column in cursor.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    seen = _seen(source, viewer.rights)
    return History([_change(row, seen, viewer) for row in found[:SHOWN]], len(found) > SHOWN)


def _change(row: Mapping[str, Any], seen: list[Column], viewer: Viewer) -> Change:
    lines = []
    for number, column in enumerate(seen if row["number"] > 1 else []):
        was, became = row[f"b_v{number}"], row[f"v{number}"]
        if was == became:
            continue
        if column.kind == "details" and not column.is_masked:
            lines += list(_details(was or {}, became or {}))
        else:
            before = said(column, was, row.get(f"b_c{number}"))
            lines.append((str(column.label), before, said(column, became, row.get(f"c{number}"))))
    return Change(formats_for(language()).moment(row["valid_from"]), lines, _origin(row, viewer))


def said(column: Column, value: Any, currency: Any) -> Markup:
    """A value of the past in words."""
    if value is None:
        return Markup("")
    formats = formats_for(language())
    if column.is_masked:
        return content(column, value, currency, formats)
    return escape(words_of(column, value, currency, formats))


def _details(was: Mapping[str, Any], became: Mapping[str, Any]) -> Iterator[Line]:
    """Which of the further details changed, by their names."""
    sides = []
    for side in (was, became):
        told = details_of(side)
        facts = [*told.own, *told.foreign]
        facts += [(f"{title} {name}", value) for title, part in told.parts for name, value in part]
        sides.append(dict(facts))
    for label in dict.fromkeys([*sides[0], *sides[1]]):
        old, new = (side.get(label, Markup("")) for side in sides)
        if old != new:
            yield label, old, new


def _origin(row: Mapping[str, Any], viewer: Viewer) -> str | None:
    """Where a change came from. What a file was called is the broker's own business."""
    if row["import_id"] is None:
        return None
    if viewer.is_staff and row["file_name"]:
        return _("Import of {file}", file=row["file_name"])
    return _("Import from the broker’s system")
