"""The meaning of an expression as an SQL expression over the rows of a report. Every constant is bound."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import (
    CHAR,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
)
from sqlalchemy import null as nothing
from sqlalchemy.dialects.postgresql import JSONB

from app.core.formats import currency_digits
from app.reports.convert import rate_of, valuation_day
from app.reports.expressions.functions import FUNCTIONS, joined, later, quotient
from app.reports.expressions.meaning import Meaning

if TYPE_CHECKING:
    from app.reports.rows import Rows

SQL = ColumnElement[Any]
TYPES: dict[str, Any] = {
    "number": Numeric(), "money": Numeric(), "text": Text(), "code": Text(), "day": Date(), "flag": Boolean(),
    "moment": DateTime(timezone=True),
}  # fmt: skip


def value_of(meaning: Meaning, rows: Rows) -> SQL:
    """What an expression comes to; a code as the word people read for it."""
    value = _built(meaning, rows)
    return _words(meaning, value, rows) if meaning.kind == "code" else value


def _built(meaning: Meaning, rows: Rows) -> SQL:
    if meaning.operation == "constant":
        return nothing() if meaning.kind == "empty" else literal(meaning.value, TYPES[meaning.kind])
    if meaning.operation == "column":
        value = rows.value(rows.columns[meaning.value])
        return cast(value, Numeric()) if meaning.kind in ("number", "money") else value
    if meaning.operation == "convert":
        return _converted(meaning, rows)
    args = [_argument(meaning, place, rows) for place in range(len(meaning.args))]
    if meaning.operation in COMPARISONS:
        return _compared(meaning, args)
    return (BUILT.get(meaning.operation) or FUNCTIONS[meaning.operation].build)(*args)


def _argument(of: Meaning, place: int, rows: Rows) -> SQL:
    one, takes = of.args[place], _taken(of, place)
    if takes in ("places", "count"):
        return literal(int(one.value))
    if one.kind == "empty":
        # Untyped, the server would take it for a text.
        return cast(nothing(), TYPES[takes])
    value = _built(one, rows)
    if one.kind == "code" and of.operation not in COMPARISONS:
        value = _words(one, value, rows)
    return cast(value, Text()) if of.operation == "concat" else value


def _taken(of: Meaning, place: int) -> str:
    """The kind an argument stands for."""
    if of.operation in COMPARISONS:
        return next((one.kind for one in of.args if one.kind != "empty"), "text")
    function = FUNCTIONS.get(of.operation)
    if function is None:
        return "text" if of.operation in ("&", "contains", "starts with", "is empty") else "flag"
    takes = function.takes[min(place, len(function.takes) - 1)]
    if takes.startswith("same"):
        return of.kind if of.kind in TYPES else "text"
    return takes.partition("|")[0]


def _words(meaning: Meaning, value: SQL, rows: Rows) -> SQL:
    field = rows.columns[meaning.value].field
    words = cast(orjson.dumps({code: field.words(code) for code in field.codes}).decode(), JSONB)
    return func.coalesce(words[value].astext, value, type_=Text())


def currency_of(meaning: Meaning, rows: Rows) -> SQL:
    """The currency of an amount's meaning."""
    assert meaning.currency is not None
    if meaning.currency.startswith("@"):
        return rows.column(meaning.currency[1:])
    return literal(meaning.currency, CHAR(3))


def _true(condition: SQL) -> SQL:
    """What is not known to be so is not so: with an empty value nothing compares."""
    return func.coalesce(condition, literal(False), type_=Boolean())


COMPARISONS = {"=", "<>", "<", "<=", ">", ">=", "in"}


def _compared(meaning: Meaning, args: list[SQL]) -> SQL:
    first = meaning.args[0]
    if any(one.kind == "text" for one in meaning.args) and not any(
        one.kind == "code" for one in meaning.args
    ):
        args = [func.folded(one, type_=Text()) for one in args]
    if all(one.kind == "empty" for one in meaning.args[1:]) or first.kind == "empty":
        return literal(meaning.operation == "<>", Boolean())
    left, *others = args
    right = others[0]
    match meaning.operation:
        case "=":
            return _true(left == right)
        case "<>":
            return not_(_true(left == right))
        case "in":
            return or_(*(_true(left == one) for one in others))
        case "<":
            return _true(left < right)
        case "<=":
            return _true(left <= right)
        case ">":
            return _true(left > right)
        case _:
            return _true(left >= right)


def _converted(meaning: Meaning, rows: Rows) -> SQL:
    """An amount in another currency, rounded half to even at its digits; empty where a rate is missing."""
    if meaning.args[0].kind == "empty":
        return cast(nothing(), Numeric())
    amount = _built(meaning.args[0], rows)
    own, wanted = currency_of(meaning.args[0], rows), literal(meaning.currency, CHAR(3))
    day = valuation_day(rows.source, rows, rows.valuation)
    across = amount / rate_of(own, day, "from_rate") * rate_of(wanted, day, "to_rate")
    digits = currency_digits(meaning.currency or "")
    return case((own == wanted, amount), else_=func.half_even(across, literal(digits), type_=Numeric()))


def _contains(text: SQL, part: SQL) -> SQL:
    return _true(func.strpos(func.folded(text), func.folded(part)) > 0)


def _starts(text: SQL, part: SQL) -> SQL:
    return _true(func.starts_with(func.folded(text), func.folded(part)))


BUILT: dict[str, Any] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": quotient,
    "negative": lambda one: -one,
    "&": joined,
    "+ days": later,
    "- days": lambda day, days: later(day, -days),
    "days": lambda end, start: cast(end.op("-")(start), Numeric()),
    "and": lambda *all: reduce(and_, (_true(one) for one in all)),
    "or": lambda *all: reduce(or_, (_true(one) for one in all)),
    "not": lambda one: not_(_true(one)),
    "is empty": lambda one: one.is_(None),
    "contains": _contains,
    "starts with": _starts,
}
