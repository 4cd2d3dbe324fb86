"""The query behind groups: rows gathered by equal values, each group with figures over its rows.

The rows are gathered twice: first by the groups, the currencies and the days whose rates count, so that an amount is
converted once for many rows; then by the groups alone. Amounts of several currencies never meet unconverted. Figures
that need each value (the middle one, how many differ) take them along as lists through the first and unfold them
for the second.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy import null as nothing
from sqlalchemy.dialects.postgresql import ARRAY, array_agg

from app.reports.columns import Column
from app.reports.convert import CURRENCY, rate_of, valuation_day
from app.reports.grouping import By, Figure
from app.reports.query import Compiled, compiled, found_rows
from app.reports.rows import Rows
from app.reports.shape import Shape

PARTS = 4
"""Columns a figure takes in a row of groups: its value, its currency, what is left out of it, what was converted."""
SHARED = ("k", "t", "of_", "from_", "into", "day")
"""How the columns begin that all rows gathered together have in common."""


@lru_cache(maxsize=1024)
def group_sql(
    shape: Shape, by: tuple[By, ...], figures: tuple[Figure, ...], across: tuple[By, ...], most: int
) -> Compiled:
    """All rows of a state as one group, then its groups, the largest first, `most` of them. With `across`, the groups
    of its columns come next, then those of `by`, then those of both. Each begins with the columns it is not by, as bits."""
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    keys = [_key(rows, one) for one in (*by, *across)]
    used = list(dict.fromkeys(figure.key for figure in figures if figure.key))
    amounts = [key for key in used if rows.columns[key].kind == "money"]
    known = {rows.columns[key].field.currency: rows.currency(rows.columns[key]) for key in amounts}
    apart: list[Any] = [one.label(f"of_{name}") for name, one in known.items()]
    currencies = [one.name for one in apart]
    if amounts and shape.currency:
        apart.append(valuation_day(shape.source, rows, shape.valuation).label("day"))
    inner: FromClause = (
        select(
            *(key.label(f"k{n}") for n, (key, _title) in enumerate(keys)),
            *(func.min(title).label(f"t{n}") for n, (_key, title) in enumerate(keys)),
            *apart,
            func.count().label("rows"),
            *_summed(rows, used),
            *_listed(rows, figures),
        )
        .select_from(rows.from_clause())
        .where(*conditions)
        .group_by(*(key for key, _title in keys), *(one.element for one in apart))
        .subquery("gathered")
    )
    if amounts and shape.currency:
        inner = _rated(inner, currencies)
    inner = _unfolded(inner)
    named = [inner.c[f"k{n}"] for n in range(len(keys))]
    is_total: ColumnElement[Any] = func.grouping(*named) if named else literal_column("0", Integer())
    columns = [is_total, *named, *(func.min(inner.c[f"t{n}"]) for n in range(len(keys)))]
    for figure in figures:
        columns += _value(inner, figure, rows.columns.get(figure.key), shape.currency)
    found = select(*(one.label(f"c{n}") for n, one in enumerate(columns)))
    if not named:
        return compiled(found)
    sets: list[Any] = [tuple_(), tuple_(*named)]
    if across:
        sets += [tuple_(*named[: len(by)]), tuple_(*named[len(by) :])]
    return compiled(
        found.group_by(func.grouping_sets(*sets))
        .order_by(is_total.desc(), func.sum(inner.c.rows).desc(), *named)
        .limit(literal_column(str(most + 1)))
    )


def _key(rows: Rows, one: By) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """What makes rows equal, and how that is named."""
    column = rows.columns[one.key]
    if one.step:
        return cast(func.date_trunc(one.step, rows.value(column)), Date()), nothing()
    return rows.shared(column), rows.value(column) if column.kind in ("reference", "text") else nothing()


def _summed(rows: Rows, keys: list[str]) -> list[ColumnElement[Any]]:
    """What is kept of a column's values when the rows are gathered first."""
    found: list[ColumnElement[Any]] = []
    for key in keys:
        one = rows.columns[key]
        value = rows.value(one)
        if "min" in one.functions:
            found += [func.min(value).label(f"least_{key}"), func.max(value).label(f"most_{key}")]
        if one.is_numeric:
            found += [func.count(value).label(f"number_{key}"), func.sum(value).label(f"sum_{key}")]
    return found


def _listed(rows: Rows, figures: tuple[Figure, ...]) -> list[ColumnElement[Any]]:
    """The values that a figure needs one by one: all of them, or each that differs."""
    found: list[ColumnElement[Any]] = []
    for figure in figures:
        if figure.function == "median":
            value: Any = cast(rows.value(rows.columns[figure.key]), Numeric())
            found.append(array_agg(value).filter(value.is_not(None)).label(f"all_{figure.key}"))
        if figure.function == "distinct":
            value, _title = _key(rows, By(figure.key))
            found.append(
                array_agg(func.distinct(value), type_=ARRAY(value.type))
                .filter(value.is_not(None))
                .label(f"each_{figure.key}")
            )
    return found


def _rated(inner: FromClause, currencies: list[str]) -> FromClause:
    """With the rates of what was gathered, looked up once for each currency and day."""
    rates = [rate_of(inner.c[name], inner.c.day, "rate_from").label(f"from_{name}") for name in currencies]
    return select(inner, *rates, rate_of(CURRENCY, inner.c.day, "rate_to").label("into")).subquery("rated")


def _unfolded(inner: FromClause) -> FromClause:
    """With a row for each value of its lists; what counts once stands in the first."""
    lists = [one for one in inner.c if one.name.startswith(("all_", "each_"))]
    if not lists:
        return inner
    # Otherwise the rates would be looked up anew for each value.
    whole = select(inner).cte("listed").prefix_with("MATERIALIZED")
    line: Any = (
        func.unnest(*(whole.c[one.name] for one in lists))
        .table_valued(
            *(column(one.name, one.type.item_type) for one in lists),  # type: ignore[attr-defined]
            with_ordinality="place",
            name="line",
        )
        .render_derived()
    )
    is_first = func.coalesce(line.c.place, literal_column("1")) == literal_column("1", BigInteger())
    kept = [one for one in whole.c if one.name not in line.c]
    return (
        select(
            *(one if one.name.startswith(SHARED) else case((is_first, one)).label(one.name) for one in kept),
            *(line.c[one.name] for one in lists),
        )
        .select_from(whole.outerjoin(line, true()))
        .subquery("unfolded")
    )


def _value(
    inner: FromClause, figure: Figure, column: Column | None, currency: str | None
) -> tuple[ColumnElement[Any], ...]:
    """A figure over what was gathered, in its parts."""
    none = nothing()
    if column is None:
        return func.coalesce(func.sum(inner.c.rows), 0), none, none, none
    if figure.function == "distinct":
        one = inner.c[f"each_{figure.key}"]
        # An amount in another currency is another amount.
        whole = tuple_(inner.c[f"of_{column.field.currency}"], one) if column.kind == "money" else one
        return func.count(func.distinct(whole)).filter(one.is_not(None)), none, none, none
    part = inner.c[f"{KEPT[figure.function]}_{figure.key}"]
    number = inner.c[f"number_{figure.key}"] if column.is_numeric else none
    if column.kind != "money":
        return _over(figure, part, number), none, none, none
    own = inner.c[f"of_{column.field.currency}"]
    names = func.array_agg(func.distinct(own), type_=ARRAY(Text()))
    known = part.is_not(None)
    if currency is None:
        is_one = func.count(func.distinct(own)).filter(known) <= 1
        said, mixed = func.min(own).filter(known), names.filter(known)
        return case((is_one, _over(figure, part, number))), case((is_one, said)), case((~is_one, mixed)), none
    across = part / inner.c[f"from_of_{column.field.currency}"] * inner.c.into
    value = case((own == CURRENCY, part), else_=across)
    without, came = (names.filter(and_(known, one)) for one in (value.is_(None), value.is_not(None)))
    counted = case((value.is_not(None), number), else_=0)
    return _over(figure, value, counted), cast(CURRENCY, Text()), without, came


KEPT = {"sum": "sum", "share": "sum", "avg": "sum", "min": "least", "max": "most", "median": "all"}
"""What of a column's values a function works on."""


def _over(figure: Figure, part: ColumnElement[Any], number: ColumnElement[Any]) -> ColumnElement[Any]:
    match figure.function:
        case "sum" | "share":
            return func.sum(part)
        case "avg":
            return func.sum(part) / func.nullif(func.sum(number), 0)
        case "median":
            # The middle value, or between the two in the middle: both counted off, from below and from above.
            # What the server offers for this between two values is no exact number.
            half = literal_column("0.5", Numeric())
            lower, upper = (func.percentile_disc(half).within_group(one) for one in (part, part.desc()))
            return func.trim_scale((lower + upper) * half)
        case "min":
            return func.min(part)
        case _:
            return func.max(part)
