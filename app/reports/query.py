"""The one compiler of reports: from a state and the viewer's columns to SQL.

A page is cut before it is dressed: the inner query finds the ids of one page among the rows the viewer can reach,
the outer one reads their columns. Each shape of query is compiled once and kept as text; values are always bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects import postgresql

from app.core.db import Base, read
from app.reports.columns import Column
from app.reports.convert import converted
from app.reports.expressions.sql import value_of
from app.reports.past import standing
from app.reports.reach import Reach, past_reach, reach
from app.reports.rows import Rows, each
from app.reports.shape import Joined, Shape, shape_of, values_for
from app.reports.source import SOURCES, TENANT, Source
from app.reports.state import Sort, State, first_page
from permissions import Viewer
from tenants.visibility import BERLIN

DIALECT = postgresql.psycopg.dialect(paramstyle="pyformat")
COUNTED_UP_TO = 1000
"""Lists say „1,000+“ beyond this; counting further would cost more than the page."""


def _conditions(rows: Rows, shape: Shape) -> list[ColumnElement[bool]]:
    found = list(rows.reach.conditions)
    single = [
        _filter(rows, rows.columns[key], operator, count, f"f{number}_")
        for number, (key, operator, count) in enumerate(shape.filters)
    ]
    nested = {place for nest in shape.nests for place in _places(nest)}
    found += [one for place, one in enumerate(single) if place not in nested]
    found += [_joined(nest, single) for nest in shape.nests]
    found += [value_of(meaning, rows) for meaning in shape.where]
    if shape.has_search:
        found.append(_search(rows))
    if shape.of:
        found.append(_belongs(rows, shape.of))
    return found


def _places(nest: Joined) -> Iterator[int]:
    for one in nest[1]:
        if isinstance(one, int):
            yield one
        else:
            yield from _places(one)


def _joined(nest: Joined, single: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    join, parts = nest
    return (or_ if join == "any" else and_)(
        *(single[one] if isinstance(one, int) else _joined(one, single) for one in parts)
    )


def _filter(rows: Rows, column: Column, operator: str, count: int, name: str) -> ColumnElement[bool]:
    if column.kind == "reference" and operator in ("is", "not", "is_empty", "is_not_empty"):
        value = rows.reference_id(column)
    else:
        value = rows.value(column)
    if operator == "is_empty":
        return value.is_(None)
    if operator == "is_not_empty":
        return value.is_not(None)
    # Numbers are compared as they were given: the column's own type would not hold every one of them.
    kind = Text() if column.kind == "words" else Numeric() if column.is_numeric else value.type
    if operator in ("last", "next"):
        kind = Date()
    given: list[Any] = [bindparam(f"{name}{number}", type_=kind) for number in range(count)]
    if column.kind == "words":
        return or_(*(one == func.any(value) for one in given))
    if operator in ("contains", "starts", "matches", "not_contains"):
        found = func.folded(value).like(bindparam(f"{name}0", type_=Text()), escape="\\")
        return or_(value.is_(None), not_(found)) if operator == "not_contains" else found
    if operator in ("last", "next"):
        return _within(value, given, column.kind == "moment")
    is_folded = column.kind == "text" or operator in ("in", "not_in")
    if operator in ("is", "in", "not", "not_in"):
        if is_folded:
            value, given = func.folded(value, type_=Text()), [func.folded(one, type_=Text()) for one in given]
        if operator in ("is", "in"):
            return value.in_(given)
        return or_(value.is_(None), value.not_in(given))
    compare = {"ge": value.__ge__, "le": value.__le__, "gt": value.__gt__, "lt": value.__lt__}
    return compare[operator](given[0])


def _within(value: Any, ends: list[Any], is_moment: bool) -> ColumnElement[bool]:
    """On one of the days from the first to the last, at the broker's clock."""
    first, last = (cast(one, Date()) for one in ends)
    day = cast(func.timezone(str(BERLIN), value), Date()) if is_moment else value
    return and_(day >= first, day <= last)


def _search(rows: Rows) -> ColumnElement[bool]:
    """The text in any column that the viewer reads and that may be searched."""
    pattern = bindparam("search", type_=Text())
    found: list[ColumnElement[bool]] = []
    for key, column in rows.columns.items():
        if not column.can_search:
            continue
        if column.kind == "code":
            codes = bindparam(f"search_{key}", type_=postgresql.ARRAY(Text()))
            value = rows.column(key)
            found.append(value == func.any(codes))
            if not column.field.is_closed:
                # Codes that no list knows are shown as they are, and so they are found.
                known = literal(list(column.field.codes), postgresql.ARRAY(Text()))
                is_like = func.folded(value).like(pattern, escape="\\")
                found.append(and_(value != func.all(known), is_like))
        elif key in rows.source.keys:
            found.append(rows.column(rows.source.keys[key]).like(pattern, escape="\\"))
        else:
            found.append(func.folded(rows.value(column)).like(pattern, escape="\\"))
    return or_(*found) if found else false()


def _belongs(rows: Rows, record: str) -> ColumnElement[bool]:
    """Belongs to another record: through a reference, or through a table of links."""
    relation = next(one for one in SOURCES[record].related if one.record == rows.source.record)
    other = bindparam("of", type_=rows.t.c.id.type)
    if relation.link is None:
        return rows.column(f"{relation.field}_id") == other
    links = Base.metadata.tables[relation.link].alias("of_links")
    return rows.reach.id.in_(
        select(links.c[f"{rows.source.record}_id"]).where(
            links.c.tenant_id == TENANT, links.c[f"{record}_id"] == other
        )
    )


def _unbounded(kind: Any) -> Any:
    """The type of a cursor's value: numbers of any size, since a cursor comes from outside."""
    return Numeric() if isinstance(kind, Numeric | Integer) else kind


def _after(keys: Sequence[Any], sorts: Sequence[Sort], record_id: Any, shape: Shape) -> ColumnElement[bool]:
    """The rows after the row a cursor names, or before it when going backwards."""
    assert shape.cursor is not None
    given = [
        None if is_empty else cast(bindparam(f"c{number}", type_=Text()), _unbounded(key.type))
        for number, (key, is_empty) in enumerate(zip(keys, shape.cursor, strict=True))
    ]
    given_id = bindparam("c_id", type_=record_id.type)
    is_id_descending = (sorts[-1].is_descending if sorts else False) != shape.is_backwards
    past_id = record_id < given_id if is_id_descending else record_id > given_id
    if len(keys) == 1 and not getattr(keys[0], "nullable", True):
        both, mark = tuple_(keys[0], record_id), tuple_(given[0], given_id)
        return both < mark if sorts[0].is_descending != shape.is_backwards else both > mark
    found: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for key, sort, value in zip(keys, sorts, given, strict=True):
        are_empty_ahead = sort.are_empty_first == shape.is_backwards
        if value is None:
            past = false() if are_empty_ahead else key.is_not(None)
            equal = key.is_(None)
        else:
            past = key < value if sort.is_descending != shape.is_backwards else key > value
            if are_empty_ahead:
                past = or_(past, key.is_(None))
            equal = key == value
        found.append(and_(*same, past))
        same.append(equal)
    return or_(*found, and_(*same, past_id))


def ordered(keys: Sequence[Any], sorts: Sequence[Sort], record_id: Any, is_backwards: bool) -> list[Any]:
    order = []
    for key, sort in zip(keys, sorts, strict=True):
        turned = key.desc() if sort.is_descending != is_backwards else key.asc()
        if getattr(key, "nullable", True):
            turned = turned.nulls_first() if is_backwards != sort.are_empty_first else turned.nulls_last()
        order.append(turned)
    is_descending = sorts[-1].is_descending if sorts else False
    order.append(record_id.desc() if is_descending != is_backwards else record_id.asc())
    return order


def found_rows(shape: Shape, *, is_each: bool = False) -> tuple[Rows, list[Any], list[ColumnElement[bool]]]:
    """The rows a state asks for, their sort keys, and the conditions, before any page is cut."""
    start = past_reach(shape.source, shape.how, shape.past) if shape.past else reach(shape.source, shape.how)
    rows = Rows(
        start,
        shape.rights,
        shape.how,
        is_each=is_each,
        computed=shape.computed,
        valuation=shape.valuation,
    )
    keys = [rows.sorting(sort.key, is_heading=sort.is_heading) for sort in shape.sorts]
    return rows, keys, _conditions(rows, shape)


def dressed(shape: Shape, rows: Rows) -> list[Any]:
    """The values of the chosen columns, in order: one a column, and an amount's currency after it."""
    values: list[Any] = []
    for key in shape.columns:
        column = rows.columns[key]
        value = rows.value(column)
        if shape.is_plain and column.kind in ("money", "number", "percent") and not column.is_masked:
            value = cast(func.trim_scale(value), Text())
        values.append(value)
        if column.kind == "money" and not column.is_masked:
            values.append(rows.currency(column))
    if shape.currency:
        amount, day = converted(shape.source, rows, shape.currency, shape.valuation)
        values += [cast(amount, Text()) if shape.is_plain else amount, day]
    return values


@dataclass(frozen=True)
class Compiled:
    """A query as text, and the constants it was written with; whoever runs it adds the values."""

    sql: str
    constants: Mapping[str, Any]

    def run(self, connection: Connection, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
        return read(connection, self.sql, {**self.constants, **values})


def compiled(statement: Select[Any]) -> Compiled:
    written = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    constants = {name: bind.value for name, bind in written.binds.items() if not bind.required}
    return Compiled(str(written), constants)


@lru_cache(maxsize=2048)
def page_sql(shape: Shape) -> Compiled:
    rows, keys, conditions = found_rows(shape)
    if shape.cursor is not None:
        conditions.append(_after(keys, shape.sorts, rows.reach.id, shape))
    names = shape.source.identity
    found_by = [rows.reach.id if name == "id" else rows.reach.t.c[name] for name in names]
    inner = (
        select(
            rows.reach.id.label("id"),
            *(key.label(f"k{n}") for n, key in enumerate(keys)),
            *(one.label(f"by_{n}") for n, one in enumerate(found_by)),
        )
        .select_from(rows.from_clause())
        .where(*conditions)
        .order_by(*ordered(keys, shape.sorts, rows.reach.id, shape.is_backwards))
        .limit(literal_column(str(shape.size + 1)))
        .subquery("page")
    )
    d = standing(shape.source, "d", shape.past) if shape.past else shape.source.table.alias("d")
    own = (d.c[name] == inner.c[f"by_{n}"] for n, name in enumerate(names))
    t = each(d, and_(d.c.tenant_id == TENANT, *own), inner)
    outer = Rows(
        Reach(shape.source, t, None, [], bool(shape.past), shape.past),
        shape.rights,
        shape.how,
        is_each=True,
        computed=shape.computed,
        valuation=shape.valuation,
    )
    values = dressed(shape, outer)
    values += [outer.shared(outer.columns[key]) for key in shape.breaks]
    values += [value_of(meaning, outer) for meaning in shape.marks]
    start = inner.join(t, true())
    for other, on in outer.joins.values():
        start = start.outerjoin(other, on)
    marks = [inner.c[f"k{n}"] for n in range(len(keys))]
    # As text already here: as an object of its own an id costs more than it is worth to a page.
    columns = [
        cast(inner.c.id, Text).label("id"),
        *marks,
        *(value.label(f"v{n}") for n, value in enumerate(values)),
    ]
    for mark, key in zip(marks, keys, strict=True):
        mark.nullable = getattr(key, "nullable", True)  # type: ignore[attr-defined]
    return compiled(
        select(*columns)
        .select_from(start)
        .order_by(*ordered(marks, shape.sorts, inner.c.id, shape.is_backwards))
    )


@lru_cache(maxsize=2048)
def count_sql(shape: Shape) -> Compiled:
    # Without a place in them the order of rows does not matter.
    rows, keys, conditions = found_rows(replace(shape, sorts=()) if shape.cursor is None else shape)
    if shape.cursor is not None:
        conditions.append(_after(keys, shape.sorts, rows.reach.id, shape))
    inner = (
        select(literal(1).label("one"))
        .select_from(rows.from_clause())
        .where(*conditions)
        .limit(COUNTED_UP_TO + 1)
        .subquery("found")
    )
    return compiled(select(func.count()).select_from(inner))


@dataclass(frozen=True)
class Page:
    """The rows of one page: id, sort keys, values in the order of the state's columns."""

    rows: list[tuple[Any, ...]]
    key_count: int
    has_next: bool
    has_previous: bool
    currency: str | None
    """What two values after those of the columns are converted to: the amount, and the day of its rate."""
    break_count: int = 0
    mark_count: int = 0

    def keys(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[1 : 1 + self.key_count]

    def shared(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """What a row has in common with the others under its headings."""
        end = len(row) - self.mark_count
        return row[end - self.break_count : end]

    def marks(self, row: tuple[Any, ...]) -> tuple[bool, ...]:
        """Which highlights hold for a row."""
        return row[len(row) - self.mark_count :]

    def values(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[1 + self.key_count :]


def page(
    connection: Connection, viewer: Viewer, source: Source, state: State, *, is_plain: bool = False
) -> Page:
    """One page of an overview as this viewer sees it; plain, with its numbers as text."""
    shape = shape_of(viewer, source, state, is_plain=is_plain)
    rows = page_sql(shape).run(connection, values_for(viewer, source, state)).fetchall()
    is_more = len(rows) > state.size
    known = {"break_count": len(shape.breaks), "mark_count": len(shape.marks)}
    rows = rows[: state.size]
    if state.is_backwards:
        rows.reverse()
        return Page(rows, len(state.sorts), True, is_more, shape.currency, **known)
    return Page(rows, len(state.sorts), is_more, state.cursor is not None, shape.currency, **known)


def count(connection: Connection, viewer: Viewer, source: Source, state: State) -> int:
    """How many rows there are, counted up to one more than COUNTED_UP_TO."""
    return _counted(connection, viewer, source, first_page(state))


def place(connection: Connection, viewer: Viewer, source: Source, state: State) -> int | None:
    """Which of all rows stands first after the place of a state, or last before it: from 1, or None beyond
    COUNTED_UP_TO."""
    if state.cursor is None:
        return 1
    before = _counted(connection, viewer, source, replace(state, is_backwards=True))
    found = before if state.is_backwards else before + 2
    return max(found, 1) if found <= COUNTED_UP_TO else None


def _counted(connection: Connection, viewer: Viewer, source: Source, state: State) -> int:
    shape = shape_of(viewer, source, state)
    number: int = count_sql(shape).run(connection, values_for(viewer, source, state)).fetchall()[0][0]
    return number
