"""Sums of a report's amounts: never of mixed currencies, unless converted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from sqlalchemy import Connection, case, func, select

from app.core.formats import currency_digits
from app.reports.convert import CURRENCY, rate_of, valuation_day
from app.reports.query import Compiled, compiled, found_rows
from app.reports.shape import Shape, shape_of, values_for
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


@lru_cache(maxsize=512)
def sum_sql(shape: Shape, key: str) -> Compiled:
    """An amount summed per currency and valuation day, and each sum in the profile currency, not yet rounded."""
    rows, _, conditions = found_rows(replace(shape, sorts=()))
    column = rows.columns[key]
    amount, own = rows.value(column), rows.currency(column)
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
    return compiled(select(inner.c.currency, inner.c.amount, value))


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
