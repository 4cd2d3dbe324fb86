"""The records of an overview that differ between two moments, compared in the database as the viewer sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, null, or_, select
from sqlalchemy.sql.expression import Subquery

from app.core.db import transaction
from app.reports.as_of import AsOf
from app.reports.columns import Column
from app.reports.query import Compiled, compiled, found_rows
from app.reports.rows import Rows
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

KINDS = ("come", "changed", "gone")


@dataclass(frozen=True)
class Asked:
    """The overview and the two moments it is compared between."""

    state: State
    since: AsOf
    until: AsOf


@lru_cache(maxsize=512)
def changes_sql(shape: Shape, most: int) -> Compiled:
    """The records that differ, each with what it was and became, and how many there are of each kind."""
    sides = [_side(replace(shape, past=moment), moment) for moment in ("since", "at")]
    before, after = sides
    names = [column.name for column in before.c if column.name.startswith("v")]
    kind = case((before.c.id.is_(None), "come"), (after.c.id.is_(None), "gone"), else_="changed")
    compared = [before.c[name].is_distinct_from(after.c[name]) for name in names]
    differs: list[ColumnElement[bool]] = [before.c.id.is_(None), after.c.id.is_(None), *compared]
    found = (
        select(
            func.coalesce(after.c.id, before.c.id).label("id"),
            kind.label("kind"),
            func.coalesce(after.c.name, before.c.name).label("name"),
            *(
                side.c[name].label(f"{which}{name}")
                for which, side in (("b", before), ("a", after))
                for name in [column.name for column in side.c]
                if name not in ("id", "name")
            ),
        )
        .select_from(before.outerjoin(after, before.c.id == after.c.id, full=True))
        .where(or_(*differs))
        .subquery("found")
    )
    counts = [func.count().filter(found.c.kind == kind).over().label(f"{kind}_count") for kind in KINDS]
    return compiled(
        select(found, *counts)
        .order_by(found.c.name.asc().nulls_last(), found.c.id)
        .limit(literal_column(str(most + 1)))
    )


def _side(shape: Shape, name: str) -> Subquery:
    """The rows of one day: id, name, values, and an amount's currency after it."""
    rows, _keys, conditions = found_rows(replace(shape, sorts=()))
    values: list[Any] = []
    for number, key in enumerate(shape.columns):
        column = rows.columns[key]
        values.append(rows.value(column).label(f"v{number}"))
        if column.kind == "money" and not column.is_masked:
            values.append(rows.currency(column).label(f"c{number}"))
    return (
        select(rows.reach.id.label("id"), _name(rows).label("name"), *values)
        .select_from(rows.from_clause())
        .where(*conditions)
        .subquery(f"side_{name}")
    )


def _name(rows: Rows) -> ColumnElement[Any]:
    column = rows.columns.get(rows.source.title[0])
    return null() if column is None or column.is_masked else rows.value(column)


def found_changes(person: Viewer, source: Source, asked: Asked, most: int) -> list[dict[str, Any]]:
    """The changes asked for, one more than `most` if there are more."""
    shape = replace(shape_of(person, source, asked.state), currency=None)
    values = values_for(person, source, asked.state)
    values |= {"since": asked.since.moment, "at": asked.until.moment}
    cursor = changes_sql(shape, most).run(transaction(), values)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


Line = tuple[Column, tuple[Any, Any], tuple[Any, Any]]
"""A field, and its value and currency on both days."""


def lines(row: dict[str, Any], compared: list[Column]) -> Iterator[Line]:
    """The fields that differ; none of a record that was only there on one of the days."""
    for number, column in enumerate(compared if row["kind"] == "changed" else []):
        before, after = ((row[f"{side}v{number}"], row.get(f"{side}c{number}")) for side in "ba")
        if before[0] != after[0]:
            yield column, before, after
