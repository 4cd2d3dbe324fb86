"""What one pass over all rows of an overview tells beforehand: how many there are, and what its amounts come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal_column, select

from app.core.formats import currency_digits
from app.reports.convert import CURRENCY, rate_of, valuation_day
from app.reports.query import Compiled, compiled, found_rows
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from app.reports.totals import Total
from permissions import Viewer


@dataclass(frozen=True)
class Facts:
    """`totals` has a total for each amount that is of one currency; `converted` is the source's amount in the profile
    currency, unless a rate is missing; `currencies` are those it was converted from."""

    rows: int
    totals: Mapping[str, Total]
    converted: Total | None
    currencies: frozenset[str]


def _amounts(shape: Shape, columns: Mapping[str, object]) -> list[str]:
    shown = [key for key in shape.columns if key in columns]
    return list(
        dict.fromkeys([*shown, *([shape.source.money] if shape.currency and shape.source.money else [])])
    )


@lru_cache(maxsize=512)
def facts_sql(shape: Shape) -> tuple[Compiled, tuple[str, ...]]:
    """How many rows and which sums, for each currency and valuation day; and the amounts that are summed."""
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    known = {key: one for key, one in rows.columns.items() if one.kind == "money" and not one.is_masked}
    keys = _amounts(shape, known)
    own = {key: known[key].field.currency for key in keys}
    currencies = {name: rows.currency(known[key]) for key, name in own.items()}
    apart = [one.label(f"of_{name}") for name, one in currencies.items()]
    if shape.currency:
        apart.append(valuation_day(shape.source, rows, shape.valuation).label("day"))
    inner = (
        select(
            func.count().label("rows"),
            *apart,
            *(func.sum(rows.value(known[key])).label(f"sum_{key}") for key in keys),
        )
        .select_from(rows.from_clause())
        .where(*conditions)
        .group_by(*(one.element for one in apart))
        .subquery("gathered")
    )
    values = [value for key in keys for value in (inner.c[f"of_{own[key]}"], inner.c[f"sum_{key}"])]
    converted: ColumnElement[Any] = literal_column("null")
    if shape.currency:
        currency, amount = (
            inner.c[f"of_{own[shape.source.money or '']}"],
            inner.c[f"sum_{shape.source.money}"],
        )
        across = (
            amount / rate_of(currency, inner.c.day, "rate_from") * rate_of(CURRENCY, inner.c.day, "rate_to")
        )
        converted = case((currency == CURRENCY, amount), else_=across)
    return compiled(select(inner.c.rows, converted.label("converted"), *values)), tuple(keys)


def rows_in(connection: Connection, viewer: Viewer, source: Source, state: State) -> int:
    """How many rows a state has, all counted; what they come to is not asked."""
    return facts(connection, replace(viewer, profile_currency=None), source, replace(state, columns=())).rows


def facts(connection: Connection, viewer: Viewer, source: Source, state: State) -> Facts:
    """Of all rows of a state, whatever page it stands at."""
    plain = replace(state, cursor=None, is_backwards=False, size=1, grouping=None)
    shape = shape_of(viewer, source, plain)
    query, keys = facts_sql(shape)
    values = {**values_for(viewer, source, plain), "currency": shape.currency}
    found = query.run(connection, values).fetchall()
    sums = {
        key: [(row[place], row[place + 1]) for row in found if row[place + 1] is not None]
        for place, key in zip(range(2, 2 + 2 * len(keys), 2), keys, strict=True)
    }
    totals = {}
    for key, amounts in sums.items():
        currencies = {currency for currency, _amount in amounts}
        if key in shape.columns and len(currencies) == 1 and None not in currencies:
            totals[key] = Total(sum((amount for _own, amount in amounts), Decimal(0)), currencies.pop())
    converted, used = None, frozenset[str]()
    if shape.currency:
        used = frozenset(currency for currency, _amount in sums[source.money or ""] if currency)
        place = 3 + 2 * keys.index(source.money or "")
        parts = [row[1] for row in found if row[place] is not None]
        if parts and None not in parts:
            unit = Decimal(1).scaleb(-currency_digits(shape.currency))
            converted = Total(sum(parts, Decimal(0)).quantize(unit, ROUND_HALF_EVEN), shape.currency)
    return Facts(sum(row[0] for row in found), totals, converted, used)
