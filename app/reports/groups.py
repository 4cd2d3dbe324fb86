"""Rows gathered into groups by equal values, each with figures over its rows.

The rows are gathered twice: first by the groups, the currencies and the days whose rates count, so that an amount is
converted once for many rows; then by the groups alone. Amounts of several currencies never meet unconverted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy import null as nothing
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.formats import currency_digits
from app.reports.columns import Column
from app.reports.convert import CURRENCY, rate_of, valuation_day
from app.reports.grouping import COUNT, By, Figure
from app.reports.query import Compiled, compiled, found_rows
from app.reports.rows import Rows
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

MOST_GROUPS = 1000
"""Beyond this nobody reads them; the largest are shown, and it is said."""


@dataclass(frozen=True)
class Value:
    """A figure of a group; an amount with its currency. `left_out` names the currencies that are not in it: those
    without a rate, or all of them when they are mixed and nobody said what to convert to. `came` are the currencies
    it was converted from."""

    value: Any
    currency: str | None = None
    left_out: tuple[str, ...] = ()
    came: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """`keys` are the values that its rows share, a reference's id among them; `titles` the names of these references
    and texts as one of the rows writes them."""

    keys: tuple[Any, ...]
    titles: tuple[Any, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Groups:
    found: list[Group]
    total: Group
    is_cut: bool
    """Whether there are more groups than are here."""


def _key(rows: Rows, one: By) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What makes rows equal, and how that is named."""
    column = rows.columns[one.key]
    value = rows.value(column)
    if column.kind == "reference":
        return rows.reference_id(column), value
    if column.kind == "text":
        return func.folded(value, type_=Text()), value
    if one.step:
        return cast(func.date_trunc(one.step, value), Date()), nothing()
    return value, nothing()


def _summed(rows: Rows, keys: list[str]) -> list[ColumnElement[Any]]:
    """What is kept of a column's values when the rows are gathered first."""
    found: list[ColumnElement[Any]] = []
    for key in keys:
        value = rows.value(rows.columns[key])
        found += [func.min(value).label(f"least_{key}"), func.max(value).label(f"most_{key}")]
        found.append(func.count(value).label(f"number_{key}"))
        if rows.columns[key].is_numeric:
            found.append(func.sum(value).label(f"sum_{key}"))
    return found


@lru_cache(maxsize=1024)
def group_sql(shape: Shape, by: tuple[By, ...], figures: tuple[Figure, ...]) -> Compiled:
    """All rows of a state as one group, then its groups, the largest first."""
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    keys = [_key(rows, one) for one in by]
    used = list(dict.fromkeys(figure.key for figure in figures if figure.key))
    amounts = [key for key in used if rows.columns[key].kind == "money"]
    currencies = list(dict.fromkeys(rows.columns[key].field.currency for key in amounts))
    apart: list[Any] = [rows.column(name).label(f"of_{name}") for name in currencies]
    if amounts and shape.currency:
        apart.append(valuation_day(shape.source, rows, shape.valuation).label("day"))
    summed = _summed(rows, used)
    inner = (
        select(
            *(key.label(f"k{n}") for n, (key, _title) in enumerate(keys)),
            *(func.min(title).label(f"t{n}") for n, (_key, title) in enumerate(keys)),
            *apart,
            func.count().label("rows"),
            *summed,
        )
        .select_from(rows.from_clause())
        .where(*conditions)
        .group_by(*(key for key, _title in keys), *(one.element for one in apart))
        .subquery("gathered")
    )
    named = [inner.c[f"k{n}"] for n in range(len(by))]
    columns = [*named, *(func.min(inner.c[f"t{n}"]).label(f"title{n}") for n in range(len(by)))]
    for number, figure in enumerate(figures):
        value = _value(inner, figure, rows.columns.get(figure.key), shape.currency)
        columns += [one.label(f"v{number}_{part}") for part, one in enumerate(value)]
    if not by:
        return compiled(select(*columns))
    # All rows together in the same pass, first.
    is_total = func.grouping(*named)
    return compiled(
        select(*columns)
        .group_by(func.grouping_sets(tuple_(*named), tuple_()))
        .order_by(is_total.desc(), func.sum(inner.c.rows).desc(), *named)
        .limit(literal_column(str(MOST_GROUPS + 2)))
    )


def _value(
    inner: Subquery, figure: Figure, column: Column | None, currency: str | None
) -> tuple[ColumnElement[Any], ...]:
    """A figure over what was gathered: its value, its currency, the currencies left out of it, and those converted."""
    none = nothing()
    if column is None:
        return func.coalesce(func.sum(inner.c.rows), 0), none, none, none
    kept = {"sum": "sum", "avg": "sum", "min": "least", "max": "most"}[figure.function]
    part, number = inner.c[f"{kept}_{figure.key}"], inner.c[f"number_{figure.key}"]
    if column.kind != "money":
        return _over(figure, part, number), none, none, none
    own = inner.c[f"of_{column.field.currency}"]
    names = func.array_agg(func.distinct(own), type_=ARRAY(Text()))
    if currency is None:
        is_one = func.count(func.distinct(own)).filter(number > 0) <= 1
        said, mixed = func.min(own).filter(number > 0), names.filter(number > 0)
        return case((is_one, _over(figure, part, number))), case((is_one, said)), case((~is_one, mixed)), none
    across = part / rate_of(own, inner.c.day, "rate_from") * rate_of(CURRENCY, inner.c.day, "rate_to")
    value = case((own == CURRENCY, part), else_=across)
    without, came = (names.filter(and_(number > 0, one)) for one in (value.is_(None), value.is_not(None)))
    counted = case((value.is_not(None), number), else_=0)
    return _over(figure, value, counted), cast(CURRENCY, Text()), without, came


def _over(figure: Figure, part: ColumnElement[Any], number: ColumnElement[Any]) -> ColumnElement[Any]:
    match figure.function:
        case "sum":
            return func.sum(part)
        case "avg":
            return func.sum(part) / func.nullif(func.sum(number), 0)
        case "min":
            return func.min(part)
        case _:
            return func.max(part)


def groups(connection: Connection, viewer: Viewer, source: Source, state: State) -> Groups:
    """The groups a state asks for, in its order, and all of them taken together."""
    assert state.grouping is not None
    by, figures = state.grouping.by, state.grouping.figures
    plain = replace(state, cursor=None, is_backwards=False, columns=(), size=1, grouping=None)
    shape = shape_of(viewer, source, plain)
    values = {**values_for(viewer, source, plain), "currency": shape.currency}

    count = len(by)
    total, *found = (
        Group(row[:count], row[count : 2 * count], _values(row[2 * count :], figures))
        for row in group_sql(shape, by, figures).run(connection, values)
    )
    return Groups(found[:MOST_GROUPS], total, len(found) > MOST_GROUPS)


def _values(row: tuple[Any, ...], figures: tuple[Figure, ...]) -> tuple[Value, ...]:
    return tuple(
        _rounded(figure, *row[PARTS * number : PARTS * (number + 1)]) for number, figure in enumerate(figures)
    )


PARTS = 4
"""Columns a figure takes in a row of groups."""


def _rounded(
    figure: Figure, value: Any, currency: str | None, left_out: list[str] | None, came: list[str] | None
) -> Value:
    if isinstance(value, Decimal) and figure != COUNT:
        if currency:
            value = value.quantize(Decimal(1).scaleb(-currency_digits(currency)), ROUND_HALF_EVEN)
        elif figure.function == "avg":
            value = value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return Value(value, currency, *(tuple(sorted(filter(None, some or ()))) for some in (left_out, came)))
