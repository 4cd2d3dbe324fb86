"""What people type into the filter form, in their own language, as the address understands it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from babel.numbers import NumberFormatError, parse_decimal
from werkzeug.datastructures import MultiDict

from app.core.formats import formats_for
from app.core.text import LazyText, _, _l, _lp, _n, by_words, language
from app.reports.columns import Column
from app.reports.filters import LIST_KINDS, VALUELESS, Filter, values_of

WORDS: dict[str, LazyText] = {
    "contains": _l("contains"),
    "not_contains": _l("does not contain"),
    "is": _l("is"),
    "not": _l("is not"),
    "in": _l("is one of"),
    "not_in": _l("is none of"),
    "starts": _l("starts with"),
    "matches": _l("matches the pattern (with *)"),
    "ge": _l("is at least"),
    "le": _l("is at most"),
    "gt": _l("is greater than"),
    "lt": _l("is less than"),
    "between": _l("is between"),
    "is_empty": _l("is empty"),
    "is_not_empty": _l("is not empty"),
}
DAY_WORDS: dict[str, LazyText] = {
    "ge": _lp("day", "from"),
    "le": _lp("day", "until"),
    "gt": _l("is after"),
    "lt": _l("is before"),
}
LIST_WORDS: dict[str, LazyText] = {"is": _l("is one of"), "not": _l("is none of")}


def operator_words(column: Column, operator: str) -> LazyText:
    if column.kind in ("day", "moment") and operator in DAY_WORDS:
        return DAY_WORDS[operator]
    if column.kind in LIST_KINDS and operator in LIST_WORDS and column.kind != "flag":
        return LIST_WORDS[operator]
    return WORDS[operator]


ONE_SPAN: dict[tuple[str, str], LazyText] = {
    ("last", "d"): _l("yesterday or today"),
    ("last", "w"): _l("in the last week"),
    ("last", "m"): _l("in the last month"),
    ("last", "y"): _l("in the last year"),
    ("next", "d"): _l("today or tomorrow"),
    ("next", "w"): _l("in the next week"),
    ("next", "m"): _l("in the next month"),
    ("next", "y"): _l("in the next year"),
}


def span_words(operator: str, unit: str, n: int, said: str | None = None) -> str:
    """„in den letzten 30 Tagen“; `said` stands for a number that is not known yet."""
    if n == 1:
        return str(ONE_SPAN[operator, unit])
    number = said or str(n)
    match operator, unit:
        case "last", "d":
            return _n("in the last {n} day", "in the last {n} days", n, n=number)
        case "last", "w":
            return _n("in the last {n} week", "in the last {n} weeks", n, n=number)
        case "last", "m":
            return _n("in the last {n} month", "in the last {n} months", n, n=number)
        case "last", _:
            return _n("in the last {n} year", "in the last {n} years", n, n=number)
        case _, "d":
            return _n("in the next {n} day", "in the next {n} days", n, n=number)
        case _, "w":
            return _n("in the next {n} week", "in the next {n} weeks", n, n=number)
        case _, "m":
            return _n("in the next {n} month", "in the next {n} months", n, n=number)
        case _:
            return _n("in the next {n} year", "in the next {n} years", n, n=number)


def operators_of(column: Column) -> list[tuple[str, str]]:
    """What a person can choose between for a column. „Is“ a reference takes an id, which nobody types."""
    found = []
    for name in column.operators:
        if column.kind == "reference" and name in ("is", "not"):
            continue
        if name in ("last", "next"):
            found += [(f"{name}_{unit}", span_words(name, unit, 2, "…")) for unit in "dwmy"]
        else:
            found.append((name, str(operator_words(column, name))))
    if {"ge", "le"} <= set(column.operators):
        place = [name for name, _words in found].index("ge")
        found.insert(place, ("between", str(WORDS["between"])))
    return found


GROUPED = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d{1,3}(?:(?P<mark>[ \u00a0\u202f'’])\d{3})+)(?P<rest>\D\d*)?"
)
"""Thousands kept apart by a space or, as in Switzerland, by an apostrophe; each must hold three digits."""


def number_typed(text: str) -> Decimal | None:
    """A number as people write it in the reader's language; None for what is none. Thousands may be kept apart by
    spaces or apostrophes in every language; beside apostrophes a full stop can only be the decimal sign."""
    text = text.strip()
    if grouped := GROUPED.fullmatch(text):
        whole, rest = re.sub(r"\D", "", grouped["whole"]), grouped["rest"] or ""
        if grouped["mark"] in "'’" and rest[:1] == ".":
            return Decimal(f"{grouped['sign']}{whole}{rest}")
        text = grouped["sign"] + whole + rest
    try:
        return parse_decimal(text, locale=language(), strict=True)
    except NumberFormatError:
        return None


def _canonical(column: Column, text: str) -> str:
    """A value as the address writes it; what is not understood stays as it was typed, to be refused by name."""
    text = text.strip()
    if column.is_numeric:
        number = number_typed(text)
        return text if number is None else str(number)
    if column.kind in ("day", "moment"):
        found = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)
        if found:
            day, month, year = map(int, found.groups())
            try:
                return datetime.date(year, month, day).isoformat()
            except ValueError:
                return text
    return text


def typed_filter(
    form: MultiDict[str, str], columns: dict[str, Column]
) -> tuple[list[tuple[str, str]], LazyText | None]:
    """The filter form as words of an address, or the sentence that says what is wrong with it."""
    key, operator = form.get("filter_field", ""), form.get("filter_operator", "")
    column = columns.get(key)
    if column is None or operator not in dict(operators_of(column)):
        return [], _l("This overview cannot be filtered by ‘{name}’.", name=key[:60])
    is_span = operator.partition("_")[0] in ("last", "next")
    given = [text for text in form.getlist("filter_count" if is_span else "filter_value") if text.strip()]
    if (
        operator in ("is", "not", "in", "not_in")
        and column.kind not in LIST_KINDS
        and (column.is_numeric or operator in ("in", "not_in"))
    ):
        given = [text for one in given for text in one.split(";") if text.strip()]
    texts = [_canonical(column, text) for text in given]
    if operator in VALUELESS:
        return [(f"{key}.{operator}", "1")], None
    if is_span:
        operator, _sign, unit = operator.partition("_")
        texts = [text + unit for text in texts]
    elif operator in ("in", "not_in"):
        texts = [orjson.dumps(texts).decode()] if texts else []
    elif column.kind in LIST_KINDS or (operator in ("is", "not") and column.is_numeric):
        texts = [",".join(texts)]
    names = ["ge", "le"] if operator == "between" else [operator]
    if len(texts) < len(names) or not texts[0]:
        return [], _l("Enter a value for ‘{name}’.", name=column.label)
    words = []
    for name, text in zip(names, texts, strict=False):
        if values_of(column, name, text) is None:
            return [], _l("‘{value}’ does not fit the filter ‘{name}’.", value=text[:60], name=column.label)
        words.append((key if name == "is" else f"{key}.{name}", text))
    return words, None


def options_of(column: Column) -> list[tuple[str, str]] | None:
    """The values a person can choose between, in the order of their words."""
    if column.kind == "flag":
        return [("true", _("Yes")), ("false", _("No"))]
    if column.kind != "code":
        return None
    return by_words((code, column.field.words(code)) for code in column.field.codes)


@dataclass(frozen=True)
class Form:
    """A filter's form, filled in: `kept` is what the address says besides."""

    key: str
    label: str
    kind: str
    operators: list[tuple[str, str]]
    options: list[tuple[str, str]] | None
    operator: str
    values: list[str]
    kept: tuple[tuple[str, str], ...]


def form_of(one: Filter, column: Column, kept: list[tuple[str, str]]) -> Form | None:
    """The form a filter is changed in; none where it compares with an id."""
    operators = operators_of(column)
    operator = one.operator
    if operator in ("last", "next"):
        operator, values = f"{operator}_{one.values[1]}", [str(one.values[0])]
    else:
        values = [_written(column, value) for value in one.values]
    if options_of(column) is None and len(values) > 1:
        values = ["; ".join(values)]
    if operator not in dict(operators):
        return None
    return Form(
        one.key, str(column.label), column.kind, operators, options_of(column), operator, values, tuple(kept)
    )


def _written(column: Column, value: Any) -> str:
    """A value as a person types it."""
    formats = formats_for(language())
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.is_numeric:
        return str(value).replace(".", formats.decimal)
    return str(value.date() if column.kind == "moment" else value)
