"""Rows to table cells: a column at a time, by painters made once, joined without a template."""

from __future__ import annotations

import html
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from babel import Locale
from markupsafe import Markup, escape

from app.core.formats import Formats, currency_digits, formats_for
from app.core.text import _, language
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


def end_of(placed: Sequence[Spot]) -> int:
    """How many values the columns of a row take."""
    last = placed[-1]
    return last.place + 1 + (last.column.kind == "money" and not last.column.is_masked)


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


Paint = Callable[[Sequence[Any], Sequence[Any]], list[str]]
"""The values of a column as HTML, given what stands after each; nothing for no value."""


def escaped(texts: list[str]) -> list[str]:
    """All at once: a pass over one long text costs little more than one over a short. No stored text holds a NUL."""
    return html.escape("\0".join(texts)).split("\0") if texts else []


@lru_cache(maxsize=8192)
def painter(column: Column, formats: Formats) -> Paint:
    """As `speaker`, but as HTML for cells or beside a label, and for a column at a time."""
    say = speaker(column, formats)

    def words(values: Sequence[Any]) -> list[str]:
        return ["" if value is None else say(value, None) for value in values]

    if column.is_masked:
        lock = f'<span class="masked">{icon("lock")}'
        # Not within the f-string: Python 3.12 and later read those otherwise, and words in them are not collected.
        hidden = html.escape(_("hidden by your profile"))
        note = f'<span class="vh"> ({hidden})</span></span>'
        return lambda values, _next: [text and lock + text + note for text in escaped(words(values))]
    if column.kind == "money":
        return _amounts(formats)
    if column.kind == "code" and column.field.tones:
        tones = column.field.tones
        badges = {
            code: f'<span class="badge" data-tone="{tones.get(code, "off")}">{html.escape(say(code, None))}</span>'
            for code in column.field.codes
        }
        badges[None] = ""
        return lambda values, _next: [
            html.escape(value) if (badge := badges.get(value)) is None else badge for value in values
        ]
    if column.kind == "day":
        return lambda values, _next: formats.days(values)
    if column.kind in ("moment", "whole", "percent", "number", "size"):
        return lambda values, _next: words(values)
    if column.kind in ("text", "reference"):
        return lambda values, _next: escaped(
            ["" if value is None else str(value).strip() for value in values]
        )
    return lambda values, _next: escaped(words(values))


def _amounts(formats: Formats) -> Paint:
    """Amounts, each with its currency where the language puts it."""
    is_first = formats.language == "en"

    def paint(values: Sequence[Any], currencies: Sequence[Any]) -> list[str]:
        met = set(currencies)
        if met == {None}:
            return [formats.number(value) for value in values]
        digits = {-1 if one is None else currency_digits(one) for one in met}
        if len(digits) > 1:
            # As many decimals as each has: one by one.
            return [paint([value], [one])[0] for value, one in zip(values, currencies, strict=True)]
        texts = formats.figures(values, digits.pop())
        if is_first:
            said = {one: f'<span class="cur pre">{html.escape(one)}</span>' for one in met}
            return [text and said[one] + text for text, one in zip(texts, currencies, strict=True)]
        said = {one: f'<span class="cur">{html.escape(one)}</span>' for one in met}
        return [text and text + said[one] for text, one in zip(texts, currencies, strict=True)]

    return paint


def words_of(column: Column, value: Any, after: Any, formats: Formats) -> str:
    """A value as plain words in the reader's language; `after` is an amount's currency."""
    return "" if value is None else speaker(column, formats)(value, after)


def content(column: Column, value: Any, after: Any, formats: Formats) -> Markup:
    """A value as it stands in a cell or beside a label; `after` is an amount's currency."""
    return Markup(painter(column, formats)([value], [after])[0])


def is_numbered(column: Column) -> bool:
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
    is_whole = column.kind in ("day", "moment") or is_numbered(column)
    names = ("nowrap" if is_whole else "") + hide
    return f'<td role="cell" class="{names.strip()}" data-l="{html.escape(label)}">'


EMPTY = '<td role="cell"></td>'


def painted(spot: Spot, values: Sequence[Sequence[Any]], start: int, formats: Formats) -> list[str]:
    """A column of rows as HTML; `values` are those of the rows, place by place, `start` is the first one's."""
    place = start + spot.place
    after = values[place + 1] if spot.column.kind == "money" and not spot.column.is_masked else ()
    return painter(spot.column, formats)(values[place], after)


def rows_html(
    source: Source,
    shown: list[Spot],
    sub: Spot | None,
    rows: list[tuple[Any, ...]],
    start: int,
    extra: Callable[[tuple[Any, ...]], str] | None = None,
    between: Mapping[int, list[Any]] | None = None,
    marked: Mapping[tuple[int, int], tuple[str, str]] | None = None,
) -> Markup:
    """The rows of an overview. `start` is the place of the first value in a row, the id stands first. `between` are
    rows to stand before the one of that number. `marked` are the cells that stand out, by row and column (-1 for the
    whole row): the tone of each, and why."""
    formats = formats_for(language())
    values = list(zip(*rows, strict=True))
    if not rows:
        return Markup()
    nameless = html.escape(_("Without a name"))
    names = [name or nameless for name in painted(shown[0], values, start, formats)]
    if sub is not None:
        say, place = speaker(sub.column, formats), start + sub.place
        below = escaped(["" if value is None else say(value, None) for value in values[place]])
        names = [
            f'{name}</a><span class="sub">{text}</span></th>' if text else f"{name}</a></th>"
            for name, text in zip(names, below, strict=True)
        ]
    else:
        names = [f"{name}</a></th>" for name in names]
    head = f'<tr role="row"><th scope="row" role="rowheader"><a href="/{source.plural}/'
    # A number cannot be read in two lines.
    whole = ' class="nowrap"' if shown[0].column.key.endswith("number") else ""
    cells = [[f'{head}{row_id}"{whole}>{name}' for row_id, name in zip(values[0], names, strict=True)]]
    for number, spot in enumerate(shown[1:], 1):
        cell = _cell_start(spot.column, number, str(spot.column.label))
        cells.append(
            [f"{cell}{text}</td>" if text else EMPTY for text in painted(spot, values, start, formats)]
        )
    if extra is not None:
        cells.append([extra(row) for row in rows])
    for (row, column), (tone, why) in (marked or {}).items():
        _mark(cells, row, column, f"hl-{tone}", why)
    lines = map("".join, zip(*cells, strict=True))
    if not between:
        return Markup("</tr>".join(lines) + "</tr>")
    drawn = [f"{''.join(between.get(number, ()))}{line}</tr>" for number, line in enumerate(lines)]
    return Markup("".join((*drawn, *between.get(len(rows), ()))))


def _mark(cells: list[list[str]], row: int, column: int, name: str, why: str) -> None:
    told = f'<span class="vh"> ({html.escape(why)})</span>'
    place = max(column, 0)
    cell = cells[place][row]
    if column < 0:
        cell = cell.replace('<tr role="row"', f'<tr role="row" class="{name}"', 1)
    elif column == 0:
        cell = cell.replace('<th scope="row"', f'<th scope="row" class="{name}"', 1)
    elif ' class="' in cell.partition(">")[0]:
        cell = cell.replace(' class="', f' class="{name} ', 1)
    else:
        cell = cell.replace('<td role="cell"', f'<td role="cell" class="{name}"', 1)
    head, end, rest = cell.rpartition("</")
    cells[place][row] = head + told + end + rest


def table(
    columns: list[tuple[Any, ...]],
    rows: Markup,
    caption: str,
    heads: Markup | None = None,
    foot: Markup | None = None,
    *,
    stack: bool = True,
    frozen: int = 1,
) -> Any:
    return SimpleNamespace(
        columns=columns, heads=heads, rows=rows, foot=foot, caption=caption, stack=stack, frozen=frozen
    )


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
    """A value as a record's page shows it: a link where the other record can be opened."""
    value = row.get(column.key)
    if value is None or value in ("", [], {}):
        return Markup("")
    if column.kind == "long_text" and not column.is_masked:
        return Markup("<br>").join(escape(line) for line in str(value).splitlines())
    shown = content(column, value, row.get(f"currency:{column.key}"), formats_for(language()))
    other = row.get(f"id:{column.key}")
    if other is not None and other in reachable.get(column.field.to, ()):
        return Markup('<a href="/{}/{}">{}</a>').format(SOURCES[column.field.to].plural, other, shown)
    return shown
