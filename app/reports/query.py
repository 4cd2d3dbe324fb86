"""The one compiler of reports: from a state and the viewer's columns to SQL.

A page is cut before it is dressed: the inner query finds the ids of one page among the rows the viewer can reach,
the outer one reads their columns. Each shape of query is compiled once and kept as text; values are always bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql

from app.core.db import Base, read
from app.core.formats import currency_digits
from app.core.text import language
from app.reports.columns import Column, columns_of
from app.reports.convert import CURRENCY, converted, rate_of, valuation_day
from app.reports.reach import Reach, bound, manner, reach
from app.reports.source import SOURCES, TENANT, Source
from app.reports.state import Sort, State
from permissions import Rights, Viewer
from tenants.models import User

DIALECT = postgresql.psycopg.dialect(paramstyle="pyformat")
COUNTED_UP_TO = 1000
"""Lists say „1,000+“ beyond this; counting further would cost more than the page."""


@dataclass(frozen=True)
class Shape:
    """All that decides the text of a query, and no value."""

    source: Source
    rights: Rights
    how: str
    language: str
    columns: tuple[str, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[tuple[str, str, int], ...]
    has_search: bool
    of: str | None
    cursor: tuple[bool, ...] | None
    """For each sort key of the row to start from, whether it is empty."""
    is_backwards: bool
    currency: str | None
    valuation: str
    size: int
    """In the text, not bound: a plan for any number of rows would be one for a tenth of them all, so the server
    would make a plan for each page anew, and that costs more than the page."""
    is_plain: bool = False
    """Whether numbers come as text, exact and ready for JSON."""


class Rows:
    """A query under construction: the reachable rows, and whatever has to be joined to them on the way."""

    def __init__(self, start: Reach, rights: Rights, how: str) -> None:
        self.reach, self.source, self.t, self.how = start, start.source, start.t, how
        self.columns = columns_of(start.source, rights)
        self.rights = rights
        self.needs_table = start.v is None
        self.joins: dict[str, tuple[Any, ColumnElement[bool]]] = {}

    def column(self, name: str) -> Any:
        """A stored column, from the visible table when it has it."""
        if self.reach.v is not None and name in self.reach.v.c:
            return self.reach.v.c[name]
        self.needs_table = True
        return self.t.c[name]

    def from_clause(self) -> FromClause:
        start = self.reach.with_table() if self.needs_table or self.joins else self.reach.start
        for other, on in self.joins.values():
            start = start.outerjoin(other, on)
        return start

    def reference(self, column: Column) -> ColumnElement[str]:
        """The title of the record a column refers to; nothing where that record cannot be seen."""
        field, key = column.field, column.key
        target = SOURCES.get(field.to)
        table = (target.table if target else User.__table__).alias(f"r_{key}")
        self.needs_table = True
        if key not in self.joins:
            on = and_(table.c.tenant_id == TENANT, table.c.id == self.t.c[f"{key}_id"])
            if self.how == "scope" and target is not None and self._is_guarded(field.to):
                on = and_(on, table.c.id.in_(_reachable_ids(target)))
            if self.how == "mandates" and target is not None:
                on = and_(on, target.mandated(table))
            self.joins[key] = (table, on)
        table = self.joins[key][0]
        return table.c.name if target is None else title_of(target, table, self.rights)

    def reference_id(self, column: Column) -> ColumnElement[Any]:
        """The id of the record a column refers to; empty where that record cannot be seen."""
        to = column.field.to
        if to not in SOURCES or self.how == "all" or (self.how == "scope" and not self._is_guarded(to)):
            return self.column(f"{column.key}_id")
        self.reference(column)
        return self.joins[column.key][0].c.id

    def _is_guarded(self, to: str) -> bool:
        # Whoever reported a claim sees it without its contract, and a case outlives it: what they point to
        # may lie outside the viewer's scope.
        return self.source.seen is not None or (self.source.mine is not None and to in ("contract", "object"))

    def value(self, column: Column) -> ColumnElement[Any]:
        """What a column shows, before any dressing; masked already here, so that the value never leaves."""
        if column.kind == "reference":
            shown = self.reference(column)
        else:
            shown = self.column(column.key)
        if not column.is_masked:
            return shown
        return masked(shown, has_tail=column.kind in ("text", "reference"))

    def sorting(self, key: str) -> ColumnElement[Any]:
        column = self.columns[key]
        if key in self.source.keys:
            return self.column(self.source.keys[key])
        value = self.value(column)
        if column.kind == "code":
            return in_order_of_words(column, value)
        if column.kind in ("text", "reference"):
            return func.folded(value, type_=Text())
        return value


def title_of(source: Source, table: Any, rights: Rights) -> ColumnElement[str]:
    """A record's name: its title fields, as far as this profile reads them."""
    columns = columns_of(source, rights)
    first = columns.get(source.title[0])
    if first is None:
        return literal(None, Text())
    name = masked(table.c[first.key]) if first.is_masked else table.c[first.key]
    for more in source.title[1:]:
        if more in columns and not columns[more].is_masked:
            name = func.concat_ws(", ", name, table.c[more])
    return name


def masked(value: ColumnElement[Any], *, has_tail: bool = True) -> ColumnElement[str]:
    """That there is a value, and of a long text its last four characters. Of an amount or a day, a code or a list,
    they would tell too much."""
    if not has_tail:
        return case((value.is_(None), None), else_=literal("•••"))
    text = cast(value, Text())
    return case(
        (value.is_(None), None),
        (func.length(text) >= 8, literal("••• ") + func.right(text, 4)),
        else_=literal("•••"),
    )


def in_order_of_words(column: Column, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A code's place among the words people read, in their language."""
    ranked = sorted(column.field.codes, key=lambda code: column.field.words(code).casefold())
    return case({code: rank for rank, code in enumerate(ranked)}, value=value, else_=len(ranked))


def _reachable_ids(source: Source) -> Select[Any]:
    found = reach(source, "scope", f"g_{source.record}")
    return select(found.id).select_from(found.start).where(*found.conditions)


def _conditions(rows: Rows, shape: Shape) -> list[ColumnElement[bool]]:
    found = list(rows.reach.conditions)
    for number, (key, operator, count) in enumerate(shape.filters):
        found.append(_filter(rows, rows.columns[key], operator, count, f"f{number}_"))
    if shape.has_search:
        found.append(_search(rows))
    if shape.of:
        found.append(_belongs(rows, shape.of))
    return found


def _filter(rows: Rows, column: Column, operator: str, count: int, name: str) -> ColumnElement[bool]:
    if column.kind == "reference" and operator in ("is", "is_empty", "is_not_empty"):
        value = rows.reference_id(column)
    else:
        value = rows.value(column)
    if operator == "is_empty":
        return value.is_(None)
    if operator == "is_not_empty":
        return value.is_not(None)
    # Numbers are compared as they were given: the column's own type would not hold every one of them.
    kind = Text() if column.kind == "words" else Numeric() if column.is_numeric else value.type
    given = [bindparam(f"{name}{number}", type_=kind) for number in range(count)]
    if column.kind == "words":
        return or_(*(one == func.any(value) for one in given))
    if operator in ("contains", "starts"):
        pattern = bindparam(f"{name}0", type_=Text())
        return func.folded(value).like(pattern, escape="\\")
    if operator == "is":
        if column.kind == "text":
            return func.folded(value) == func.folded(given[0])
        return value.in_(given)
    if operator == "not":
        return or_(value.is_(None), value.not_in(given))
    compare = {"ge": value.__ge__, "le": value.__le__, "gt": value.__gt__, "lt": value.__lt__}
    return compare[operator](given[0])


def _search(rows: Rows) -> ColumnElement[bool]:
    """The text in any column that the viewer reads and that may be searched."""
    pattern = bindparam("search", type_=Text())
    found: list[ColumnElement[bool]] = []
    for key, column in rows.columns.items():
        if not column.can_search:
            continue
        if column.kind == "code":
            codes = bindparam(f"search_{key}", type_=postgresql.ARRAY(Text()))
            found.append(rows.column(key) == func.any(codes))
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
    """The rows after the row a cursor names, or before it when going backwards; empty keys come last."""
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
        if value is None:
            past = key.is_not(None) if shape.is_backwards else false()
            equal = key.is_(None)
        else:
            past = key < value if sort.is_descending != shape.is_backwards else key > value
            if not shape.is_backwards:
                past = or_(past, key.is_(None))
            equal = key == value
        found.append(and_(*same, past))
        same.append(equal)
    return or_(*found, and_(*same, past_id))


def _ordered(keys: Sequence[Any], sorts: Sequence[Sort], record_id: Any, is_backwards: bool) -> list[Any]:
    order = []
    for key, sort in zip(keys, sorts, strict=True):
        turned = key.desc() if sort.is_descending != is_backwards else key.asc()
        if getattr(key, "nullable", True):
            turned = turned.nulls_first() if is_backwards else turned.nulls_last()
        order.append(turned)
    is_descending = sorts[-1].is_descending if sorts else False
    order.append(record_id.desc() if is_descending != is_backwards else record_id.asc())
    return order


def found_rows(shape: Shape) -> tuple[Rows, list[Any], list[ColumnElement[bool]]]:
    """The rows a state asks for, their sort keys, and the conditions, before any page is cut."""
    rows = Rows(reach(shape.source, shape.how), shape.rights, shape.how)
    keys = [rows.sorting(sort.key) for sort in shape.sorts]
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
            values.append(rows.column(column.field.currency))
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


def _text(statement: Select[Any]) -> Compiled:
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return Compiled(str(compiled), constants)


@lru_cache(maxsize=2048)
def page_sql(shape: Shape) -> Compiled:
    rows, keys, conditions = found_rows(shape)
    if shape.cursor is not None:
        conditions.append(_after(keys, shape.sorts, rows.reach.id, shape))
    inner = (
        select(rows.reach.id.label("id"), *(key.label(f"k{n}") for n, key in enumerate(keys)))
        .select_from(rows.from_clause())
        .where(*conditions)
        .order_by(*_ordered(keys, shape.sorts, rows.reach.id, shape.is_backwards))
        .limit(literal_column(str(shape.size + 1)))
        .subquery("page")
    )
    t = shape.source.table.alias("d")
    outer = Rows(Reach(shape.source, t, None, []), shape.rights, shape.how)
    values = dressed(shape, outer)
    start = inner.join(t, and_(t.c.tenant_id == TENANT, t.c.id == inner.c.id))
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
    return _text(
        select(*columns)
        .select_from(start)
        .order_by(*_ordered(marks, shape.sorts, inner.c.id, shape.is_backwards))
    )


@lru_cache(maxsize=2048)
def count_sql(shape: Shape) -> Compiled:
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    inner = (
        select(literal(1).label("one"))
        .select_from(rows.from_clause())
        .where(*conditions)
        .limit(COUNTED_UP_TO + 1)
        .subquery("found")
    )
    return _text(select(func.count()).select_from(inner))


@lru_cache(maxsize=2048)
def all_sql(shape: Shape) -> Compiled:
    """Every row of a state, not only a page: for files."""
    rows, keys, conditions = found_rows(shape)
    from app.reports.files import written

    values = written(shape, rows)
    return _text(
        select(*(value.label(f"v{n}") for n, value in enumerate(values)))
        .select_from(rows.from_clause())
        .where(*conditions)
        .order_by(*_ordered(keys, shape.sorts, rows.reach.id, False))
    )


@lru_cache(maxsize=512)
def sum_sql(shape: Shape, key: str) -> Compiled:
    """An amount summed per currency and valuation day, and each sum in the profile currency, not yet rounded."""
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    column = rows.columns[key]
    amount, own = rows.value(column), rows.column(column.field.currency)
    day = valuation_day(shape.source, rows, shape.valuation)
    inner = (
        select(func.sum(amount).label("amount"), own.label("currency"), day.label("day"))
        .select_from(rows.from_clause())
        .where(*conditions, amount.is_not(None))
        .group_by(own, day)
        .subquery("sums")
    )
    across = inner.c.amount / rate_of(inner.c.currency, inner.c.day, "rate_from")
    across = across * rate_of(CURRENCY, inner.c.day, "rate_to")
    value = case((inner.c.currency == CURRENCY, inner.c.amount), else_=across)
    return _text(select(inner.c.currency, inner.c.amount, value))


@dataclass(frozen=True)
class Total:
    """A sum in one currency. `missing` names the currencies that are left out of it for want of a rate."""

    amount: Decimal
    currency: str
    missing: tuple[str, ...] = ()


def total(connection: Connection, viewer: Viewer, source: Source, state: State, key: str) -> Total | None:
    """The sum of an amount over a state's rows in one currency: the profile currency, or the only one there is.
    None when there is nothing to sum, no rate at all, or currencies are mixed and nobody said what to convert to."""
    shape = shape_of(viewer, source, state)
    wanted = shape.currency
    values = {**values_for(viewer, source, state), "currency": wanted}
    sums = [row for row in sum_sql(shape, key).run(connection, values) if row[0]]
    currencies = {row[0] for row in sums}
    if len(currencies) == 1 and wanted in (None, *currencies):
        return Total(sum((row[1] for row in sums), Decimal(0)), currencies.pop())
    known = [row[2] for row in sums if row[2] is not None]
    if wanted is None or not known:
        return None
    unit = Decimal(1).scaleb(-currency_digits(wanted))
    missing = tuple(sorted({row[0] for row in sums if row[2] is None}))
    return Total(sum(known, Decimal(0)).quantize(unit, ROUND_HALF_EVEN), wanted, missing)


def _is_read(columns: Mapping[str, Column], key: str) -> bool:
    return key in columns and not columns[key].is_masked


def shape_of(viewer: Viewer, source: Source, state: State) -> Shape:
    columns = columns_of(source, viewer.rights)
    currency = viewer.profile_currency
    if source.money is None or source.money not in columns or columns[source.money].is_masked:
        currency = None
    if viewer.valuation == "contract_start" and source.valued_on and not _is_read(columns, source.valued_on):
        # The rate would tell the day.
        currency = None
    return Shape(
        source=source,
        rights=viewer.rights,
        how=manner(viewer),
        language=language(),
        columns=state.columns,
        sorts=state.sorts,
        filters=tuple((one.key, one.operator, len(one.values)) for one in state.filters),
        has_search=bool(state.search),
        of=state.of[0] if state.of else None,
        cursor=tuple(value is None for value in state.cursor[:-1]) if state.cursor else None,
        is_backwards=state.is_backwards,
        currency=currency,
        valuation=viewer.valuation,
        size=state.size,
    )


def like(text: str, *, starts: bool = False) -> str:
    """A pattern that finds the text as it is, in folded columns."""
    from unicodedata import combining, normalize

    plain = "".join(c for c in normalize("NFD", text.replace("ß", "ss")) if not combining(c)).lower()
    for special in "\\%_":
        plain = plain.replace(special, "\\" + special)
    return plain + "%" if starts else f"%{plain}%"


def values_for(viewer: Viewer, source: Source, state: State) -> dict[str, Any]:
    """The values bound to the query of a state."""
    values = {**bound(viewer), "currency": viewer.profile_currency}
    for number, one in enumerate(state.filters):
        for place, value in enumerate(one.values):
            if one.operator in ("contains", "starts"):
                value = like(value, starts=one.operator == "starts")
            values[f"f{number}_{place}"] = value
    if state.search:
        values["search"] = like(state.search)
        wanted = state.search.casefold()
        for key, column in columns_of(source, viewer.rights).items():
            if column.kind == "code" and column.can_search:
                codes = column.field.codes
                values[f"search_{key}"] = [c for c in codes if wanted in column.field.words(c).casefold()]
    if state.of:
        values["of"] = state.of[1]
    if state.cursor:
        for number, value in enumerate(state.cursor[:-1]):
            values[f"c{number}"] = value
        values["c_id"] = state.cursor[-1]
    return values


@dataclass(frozen=True)
class Page:
    """The rows of one page: id, sort keys, values in the order of the state's columns."""

    rows: list[tuple[Any, ...]]
    key_count: int
    has_next: bool
    has_previous: bool

    def keys(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[1 : 1 + self.key_count]

    def values(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[1 + self.key_count :]


def page(
    connection: Connection, viewer: Viewer, source: Source, state: State, *, is_plain: bool = False
) -> Page:
    """One page of an overview as this viewer sees it; plain, with its numbers as text."""
    shape = shape_of(viewer, source, state)
    if is_plain:
        shape = replace(shape, is_plain=True)
    rows = page_sql(shape).run(connection, values_for(viewer, source, state)).fetchall()
    is_more = len(rows) > state.size
    rows = rows[: state.size]
    if state.is_backwards:
        rows.reverse()
        return Page(rows, len(state.sorts), has_next=True, has_previous=is_more)
    return Page(rows, len(state.sorts), has_next=is_more, has_previous=state.cursor is not None)


def count(connection: Connection, viewer: Viewer, source: Source, state: State) -> int:
    """How many rows there are, counted up to one more than COUNTED_UP_TO."""
    plain = replace(state, cursor=None, is_backwards=False)
    values = values_for(viewer, source, plain)
    return count_sql(shape_of(viewer, source, plain)).run(connection, values).fetchall()[0][0]
