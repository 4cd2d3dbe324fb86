"""The rows of an Excel sheet as PostgreSQL writes them: one text of XML a row, so that no value is ever read here."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

import orjson
from babel import Locale
from sqlalchemy import ColumnElement, Text, any_, case, cast, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.core.formats import currency_digits, formats_for
from app.core.text import _, language
from app.reports.columns import Column
from app.reports.convert import converted
from app.reports.excel import cells
from app.reports.query import Compiled, compiled, found_rows, ordered
from app.reports.rows import Rows
from app.reports.shape import Shape

UNLIKE = {
    digits: [code for code in sorted(Locale("en").currencies) if currency_digits(code) == digits]
    for digits in (0, 3, 4)
}
"""Currencies whose smallest coin is not a hundredth."""


def joined(parts: list[ColumnElement[str]]) -> ColumnElement[str]:
    """Texts one after another, halves before wholes: else the server copies the beginning again for each."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return joined(parts[:middle]).concat(joined(parts[middle:]))


def said(value: Any) -> ColumnElement[str]:
    return cast(value, Text())


def number(value: Any, like: int) -> ColumnElement[str]:
    return literal(f'<c s="{like}"><v>') + said(value) + literal("</v></c>")


def string(value: Any) -> ColumnElement[str]:
    text = said(value)
    text = case(
        (func.octet_length(text) > cells.LONGEST_TEXT, func.left(text, cells.LONGEST_TEXT)), else_=text
    )
    for plain, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = func.replace(text, plain, escaped)
    return literal('<c t="inlineStr"><is><t>') + text + literal("</t></is></c>")


def amount(value: Any, currency: Any) -> ColumnElement[str]:
    """An amount that shows as many decimals as its currency has."""
    start = {n: literal(f'<c s="{cells.look(cells.amount_format(n))}"><v>') for n in (2, *UNLIKE)}
    code = said(currency)
    unlike = case(*((_is_among(code, codes), start[n]) for n, codes in UNLIKE.items()))
    every_unlike = [one for codes in UNLIKE.values() for one in codes]
    opening = case((_is_among(code, every_unlike), unlike), else_=start[2])
    return opening + said(func.trim_scale(value)) + literal("</v></c>")


def _is_among(code: ColumnElement[str], codes: list[str]) -> ColumnElement[bool]:
    return code == any_(literal(codes, ARRAY(Text())))


def day(value: Any) -> ColumnElement[str]:
    first, last = (literal(one) for one in (cells.FIRST_DAY, cells.LAST_DAY))
    serial = value - literal_column(f"date '{cells.DAY_ZERO}'")
    return case((value.between(first, last), number(serial, cells.look(cells.DAY))), else_=string(value))


def moment(value: Any) -> ColumnElement[str]:
    """On the reader's clock."""
    local = func.timezone(str(formats_for(language()).zone), value)
    days = func.extract("epoch", local) / literal(86400) + literal(
        (datetime.date(1970, 1, 1) - cells.DAY_ZERO).days
    )
    return number(func.round(days, 8), cells.look(cells.MOMENT))


def shared(place: int) -> str:
    """A cell that names its text by its place among the workbook's words."""
    return f'<c t="s"><v>{place}</v></c>'


class Words:
    """The texts known before any row is read, each stored once in the file."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def cell(self, text: str) -> str:
        return shared(self.places.setdefault(text, len(self.places))) if text else cells.EMPTY


def _cell(rows: Rows, column: Column, words: Words) -> list[ColumnElement[str]]:
    value = rows.value(column)
    if column.is_masked:
        return [string(value)]
    match column.kind:
        case "money":
            currency = rows.currency(column)
            return [amount(value, currency), string(currency)]
        case "number":
            return [number(func.trim_scale(value), cells.look(cells.GENERAL))]
        case "percent":
            return [number(func.trim_scale(value * literal_column("0.01")), cells.look(cells.PERCENT))]
        case "whole" | "size":
            is_grouped = column.kind == "size" or column.field.grouped
            return [number(value, cells.look(cells.GROUPED if is_grouped else cells.GENERAL))]
        case "day":
            return [day(value)]
        case "moment":
            return [moment(value)]
        case "flag":
            return [case((value, literal(words.cell(_("Yes")))), else_=literal(words.cell(_("No"))))]
        case "code":
            known = {code: words.cell(column.field.words(code)) for code in column.field.codes}
            found = cast(orjson.dumps(known).decode(), JSONB)[value].astext
            return [func.coalesce(found, string(value))]
        case "words":
            return [string(func.array_to_string(value, ", "))]
        case _:
            return [string(value)]


@lru_cache(maxsize=2048)
def rows_sql(shape: Shape, *, is_each: bool = False) -> tuple[Compiled, tuple[str, ...]]:
    """Every row of a state as XML, and the words it names by their places. With `is_each`, made for few rows."""
    rows, keys, conditions = found_rows(shape, is_each=is_each)
    words = Words()
    values = [value for key in shape.columns for value in _cell(rows, rows.columns[key], words)]
    if shape.currency:
        value, rated_on = converted(shape.source, rows, shape.currency, shape.valuation)
        like = cells.look(cells.amount_format(currency_digits(shape.currency)))
        values += [literal(words.cell(shape.currency)), number(func.trim_scale(value), like), day(rated_on)]
    empty = literal(cells.EMPTY)
    line = [literal("<row>"), *(func.coalesce(value, empty) for value in values), literal("</row>")]
    return compiled(
        select(joined(line).label("line"))
        .select_from(rows.from_clause())
        .where(*conditions)
        .order_by(*ordered(keys, shape.sorts, rows.reach.id, False))
    ), tuple(words.places)
