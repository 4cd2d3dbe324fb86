"""What people type into the filter form, in their own language, as the address understands it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal
from werkzeug.datastructures import MultiDict

from app.core.text import LazyText, _l, _lp, language
from app.reports.columns import Column
from app.reports.state import LIST_KINDS, values_of

WORDS: dict[str, LazyText] = {
    "contains": _l("contains"),
    "is": _l("is"),
    "not": _l("is not"),
    "starts": _l("starts with"),
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


def operators_of(column: Column) -> list[tuple[str, str]]:
    """What a person can choose between for a column. „Is“ a reference takes an id, which nobody types."""
    names = [name for name in column.operators if not (column.kind == "reference" and name == "is")]
    if {"ge", "le"} <= set(names):
        names.insert(3, "between")
    return [(name, str(operator_words(column, name))) for name in names]


def _canonical(column: Column, text: str) -> str:
    """A value as the address writes it; what is not understood stays as it was typed, to be refused by name."""
    text = text.strip()
    if column.is_numeric:
        try:
            return str(
                parse_decimal(
                    text.replace("\u00a0", "").replace("\u202f", ""), locale=language(), strict=True
                )
            )
        except NumberFormatError:
            return text
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
    texts = [_canonical(column, text) for text in form.getlist("filter_value") if text.strip()]
    if operator in ("is_empty", "is_not_empty"):
        return [(f"{key}.{operator}", "1")], None
    if column.kind in LIST_KINDS:
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
        from app.core.text import _

        return [("true", _("Yes")), ("false", _("No"))]
    if column.kind != "code":
        return None
    options: Iterable[Any] = ((code, column.field.words(code)) for code in column.field.codes)
    return sorted(options, key=lambda option: option[1].casefold())
