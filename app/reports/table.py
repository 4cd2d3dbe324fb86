"""Rows to table cells: one writer per column, made once per page, joined without a template."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from babel import Locale
from markupsafe import Markup, escape

from app.core.formats import Formats, formats_for
from app.core.text import _, _l, language
from app.reports.columns import Column
from app.reports.source import SOURCES, Source
from app.shell.assets import icon

Cell = Callable[[tuple[Any, ...], int], str]
"""Writes the cell of a row whose value stands at a place."""
LAST_ON_PHONES = 6


@dataclass(frozen=True)
class Spot:
    """A column and where its value stands in a row; an amount's currency stands after it."""

    column: Column
    place: int


def spots(columns: dict[str, Column], chosen: Iterable[str]) -> list[Spot]:
    place, found = 0, []
    for key in chosen:
        found.append(Spot(columns[key], place))
        place += 1 + (columns[key].kind == "money" and not columns[key].is_masked)
    return found


def words_of(column: Column, value: Any, row: tuple[Any, ...], place: int, formats: Formats) -> str:
    """A value as plain words in the reader's language."""
    if value is None:
        return ""
    if column.is_masked:
        return str(value)
    field = column.field
    match column.kind:
        case "money":
            currency = row[place + 1]
            return formats.money(value, currency) if currency else formats.number(value)
        case "day":
            return formats.day(value)
        case "moment":
            return formats.moment(value)
        case "number":
            return formats.number(value, None)
        case "whole":
            return formats.integer(int(value)) if field.grouped else str(value)
        case "percent":
            return formats.percent(value)
        case "size":
            return formats.file_size(int(value))
        case "code":
            return field.words(value)
        case "country":
            return country_name(value)
        case "flag":
            return _("Yes") if value else _("No")
        case "words":
            return ", ".join(value)
        case _:
            return str(value).strip()


def country_name(code: str) -> str:
    return Locale(language()).territories.get(code, code)


def content(column: Column, value: Any, row: tuple[Any, ...], place: int, formats: Formats) -> Markup:
    """A value as it stands in a cell or beside a label."""
    if value is None or value == "":
        return Markup("")
    text = escape(words_of(column, value, row, place, formats))
    if column.is_masked:
        return Markup('<span class="masked">{}{}<span class="vh"> ({})</span></span>').format(
            icon("lock"), text, _("hidden by your profile")
        )
    if column.kind == "money" and row[place + 1]:
        return money(value, row[place + 1], formats)
    if column.kind == "code" and column.field.tones:
        tone = column.field.tones.get(value, "off")
        return Markup('<span class="badge" data-tone="{}">{}</span>').format(tone, text)
    return text


def money(value: Any, currency: str, formats: Formats) -> Markup:
    """An amount with its currency small beside it, before it where the language puts it there."""
    number = escape(formats.amount(value, currency))
    if language() == "en":
        return Markup('<span class="cur pre">{}</span>{}').format(currency, number)
    return Markup('{}<span class="cur">{}</span>').format(number, currency)


def _writer(spot: Spot, number: int, formats: Formats) -> Cell:
    column, label = spot.column, escape(str(spot.column.label))
    hide = " hide-s" if number >= LAST_ON_PHONES else ""
    if column.key == "status" and not column.is_masked:
        head = f'<td role="cell" class="badge-s{hide}">'
    elif column.is_numeric:
        head = f'<td role="cell" class="num{hide}" data-l="{label}">'
    else:
        classes = ("nowrap" if column.kind in ("day", "moment") else "") + hide
        head = f'<td role="cell"{f" class={chr(34)}{classes.strip()}{chr(34)}" if classes.strip() else ""} data-l="{label}">'
    place = spot.place

    def write(values: tuple[Any, ...], start: int) -> str:
        value = values[start + place]
        if value is None:
            return '<td role="cell"></td>'
        return f"{head}{content(column, value, values, start + place, formats)}</td>"

    return write


def rows_html(
    source: Source,
    shown: list[Spot],
    sub: Spot | None,
    rows: list[tuple[Any, ...]],
    start: int,
    extra: Callable[[tuple[Any, ...]], str] | None = None,
) -> Markup:
    """The rows of an overview. `start` is the place of the first value in a row, the id stands first."""
    formats = formats_for(language())
    writers = [_writer(spot, number, formats) for number, spot in enumerate(shown[1:], 1)]
    first = shown[0]
    lines = []
    for row in rows:
        place = start + first.place
        name = content(first.column, row[place], row, place, formats) or escape(_("Without a name"))
        below = ""
        if sub is not None and (value := row[start + sub.place]) is not None:
            words = escape(words_of(sub.column, value, row, start + sub.place, formats))
            below = f'<span class="sub">{words}</span>'
        cells = "".join([write(row, start) for write in writers])
        lines.append(
            f'<tr role="row"><th scope="row" role="rowheader"><a href="/{source.plural}/{row[0]}">{name}</a>{below}</th>'
            f"{cells}{extra(row) if extra else ''}</tr>"
        )
    return Markup("".join(lines))


def table(columns: list[tuple[Any, ...]], rows: Markup, caption: str) -> Any:
    return SimpleNamespace(columns=columns, rows=rows, caption=caption, stack=True)


def plain_heads(shown: Iterable[Spot]) -> list[tuple[Any, ...]]:
    """Headings that only name their column."""
    return [
        (
            spot.column.key,
            str(spot.column.label),
            spot.column.kind,
            spot.column.is_numeric,
            *([None] * 5),
            False,
        )
        for spot in shown
    ]


def fact_value(column: Column, row: Mapping[str, Any], reachable: Mapping[str, set[uuid.UUID]]) -> Markup:
    """A value as a record's page shows it: a link where the other record can be opened, details as a list."""
    value = row.get(column.key)
    if value is None or value in ("", [], {}):
        return Markup("")
    if column.kind == "details" and not column.is_masked:
        return Markup("<br>").join(
            Markup("{}: {}").format(detail_name(name), value[name]) for name in sorted(value)
        )
    if column.kind == "long_text" and not column.is_masked:
        return Markup("<br>").join(escape(line) for line in str(value).splitlines())
    shown = content(column, value, (value, row.get(f"currency:{column.key}")), 0, formats_for(language()))
    other = row.get(f"id:{column.key}")
    if other is not None and other in reachable.get(column.field.to, ()):
        return Markup('<a href="/{}/{}">{}</a>').format(SOURCES[column.field.to].plural, other, shown)
    return shown


def detail_name(name: str) -> str:
    """What a detail is called. Known ones have a word; others are shown as the broker's system names them."""
    known = DETAIL_NAMES.get(name)
    return str(known) if known else name.replace("_", " ").capitalize()


DETAIL_NAMES = {
    "plate_number": _l("Registration number"),
    "vin": _l("VIN"),
    "area": _l("Floor area"),
}
