"""Rows to table cells: one writer per column, made once per page, joined without a template."""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from babel import Locale
from markupsafe import Markup, escape

from app.core.formats import Formats, formats_for
from app.core.text import _, _l, language
from app.reports.columns import Column
from app.reports.source import SOURCES, Source
from app.shell.assets import icon

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


Words = Callable[[Any, Any], str]
"""Says a value, given what stands after it in the row: an amount's currency."""


@lru_cache(maxsize=8192)
def speaker(column: Column, formats: Formats) -> Words:
    """How the values of a column are said in a language. Made once per column and language: the language of
    `formats` is the reader's."""
    field, kind = column.field, column.kind
    if column.is_masked:
        return lambda value, _next: str(value)
    if kind == "money":
        return lambda value, currency: formats.money(value, currency) if currency else formats.number(value)
    if kind == "code":
        words = {code: field.words(code) for code in field.codes}
        return lambda value, _next: str(words.get(value, value))
    if kind == "flag":
        yes, no = _("Yes"), _("No")
        return lambda value, _next: yes if value else no
    if kind == "country":
        names = Locale(formats.language).territories
        return lambda value, _next: str(names.get(value, value))
    if kind == "whole" and not field.grouped:
        return lambda value, _next: str(value)
    of_kind: dict[str, Callable[[Any], str]] = {
        "day": formats.day,
        "moment": formats.moment,
        "number": formats.number,
        "whole": lambda value: formats.integer(int(value)),
        "percent": formats.percent,
        "size": lambda value: formats.file_size(int(value)),
        "words": ", ".join,
    }
    say: Callable[[Any], str] = of_kind.get(kind, lambda value: str(value).strip())
    return lambda value, _next: say(value)


@lru_cache(maxsize=8192)
def painter(column: Column, formats: Formats) -> Words:
    """As `speaker`, but as HTML for a cell or beside a label."""
    say = speaker(column, formats)
    if column.is_masked:
        note = f'<span class="vh"> ({html.escape(_("hidden by your profile"))})</span>'
        return lambda value, _next: f'<span class="masked">{icon("lock")}{html.escape(value)}{note}</span>'
    if column.kind == "money":
        amount = formats.amount
        if formats.language == "en":
            return lambda value, cur: (
                f'<span class="cur pre">{html.escape(cur)}</span>{amount(value, cur)}'
                if cur
                else say(value, cur)
            )
        return lambda value, cur: (
            f'{amount(value, cur)}<span class="cur">{html.escape(cur)}</span>' if cur else say(value, cur)
        )
    if column.kind == "code" and column.field.tones:
        tones = column.field.tones
        badges = {
            code: f'<span class="badge" data-tone="{tones.get(code, "off")}">{html.escape(say(code, None))}</span>'
            for code in column.field.codes
        }
        return lambda value, _next: badges.get(value) or html.escape(value)
    if column.kind in ("day", "moment", "whole", "percent", "number", "size"):
        return say
    return lambda value, _next: html.escape(say(value, None))


def words_of(column: Column, value: Any, after: Any, formats: Formats) -> str:
    """A value as plain words in the reader's language; `after` is an amount's currency."""
    return "" if value is None else speaker(column, formats)(value, after)


def content(column: Column, value: Any, after: Any, formats: Formats) -> Markup:
    """A value as it stands in a cell or beside a label."""
    return Markup("" if value is None or value == "" else painter(column, formats)(value, after))


def _is_numbered(column: Column) -> bool:
    """Whether it shows another record's number, which nobody can read in two lines."""
    target = SOURCES.get(column.field.to) if column.kind == "reference" else None
    return target is not None and target.title[0].endswith("number")


@lru_cache(maxsize=8192)
def _cell_start(column: Column, number: int, label: str) -> str:
    hide = " hide-s" if number >= LAST_ON_PHONES else ""
    if column.key == "status" and not column.is_masked:
        return f'<td role="cell" class="badge-s{hide}">'
    if column.is_numeric:
        return f'<td role="cell" class="num{hide}" data-l="{html.escape(label)}">'
    is_whole = column.kind in ("day", "moment") or _is_numbered(column)
    names = ("nowrap" if is_whole else "") + hide
    return f'<td role="cell" class="{names.strip()}" data-l="{html.escape(label)}">'


EMPTY = '<td role="cell"></td>'


def _column_of_cells(
    rows: list[tuple[Any, ...]], spot: Spot, number: int, start: int, formats: Formats
) -> list[str]:
    """All cells of one column: what is the same for each row is looked up once."""
    paint, place = painter(spot.column, formats), start + spot.place
    head = _cell_start(spot.column, number, str(spot.column.label))
    if spot.column.kind == "money" and not spot.column.is_masked:
        return [
            EMPTY if row[place] is None else f"{head}{paint(row[place], row[place + 1])}</td>" for row in rows
        ]
    return [EMPTY if row[place] is None else f"{head}{paint(row[place], None)}</td>" for row in rows]


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
    cells = [_column_of_cells(rows, spot, number, start, formats) for number, spot in enumerate(shown[1:], 1)]
    paint, place = painter(shown[0].column, formats), start + shown[0].place
    is_money = shown[0].column.kind == "money" and not shown[0].column.is_masked
    nameless = html.escape(_("Without a name"))
    if sub is not None:
        say, sub_place = speaker(sub.column, formats), start + sub.place
        below = [
            ""
            if row[sub_place] is None
            else f'<span class="sub">{html.escape(say(row[sub_place], None))}</span>'
            for row in rows
        ]
    else:
        below = [""] * len(rows)
    lines = []
    for number, row in enumerate(rows):
        value = row[place]
        name = (
            nameless if value is None or value == "" else paint(value, row[place + 1] if is_money else None)
        )
        lines.append(
            f'<tr role="row"><th scope="row" role="rowheader">'
            f'<a href="/{source.plural}/{row[0]}">{name}</a>{below[number]}</th>'
            f"{''.join([column[number] for column in cells])}{extra(row) if extra else ''}</tr>"
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
            Markup("{}: {}").format(detail_name(name), _detail_words(value[name])) for name in sorted(value)
        )
    if column.kind == "long_text" and not column.is_masked:
        return Markup("<br>").join(escape(line) for line in str(value).splitlines())
    shown = content(column, value, row.get(f"currency:{column.key}"), formats_for(language()))
    other = row.get(f"id:{column.key}")
    if other is not None and other in reachable.get(column.field.to, ()):
        return Markup('<a href="/{}/{}">{}</a>').format(SOURCES[column.field.to].plural, other, shown)
    return shown


def _detail_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(value)


def detail_name(name: str) -> str:
    """What a detail is called. Known ones have a word; others are shown as the broker's system names them."""
    known = DETAIL_NAMES.get(name)
    return str(known) if known else name.replace("_", " ").capitalize()


DETAIL_NAMES = {
    "plate_number": _l("Registration number"),
    "vin": _l("VIN"),
    "area": _l("Floor area"),
}
