"""An overview as a PDF on the house's paper: its rows, as its page shows them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Response

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import Formats, formats_for
from app.core.text import _, _l, _n, labelled, language
from app.core.typeset import pdf
from app.reports import query
from app.reports.chips import chips
from app.reports.columns import Column
from app.reports.group_words import value_said
from app.reports.grouped import unrated
from app.reports.grouping import Figure
from app.reports.groups import Value, came_of
from app.reports.letterhead import letterhead
from app.reports.marks import marked_cells
from app.reports.printed_lines import lines_of
from app.reports.printed_table import Cell, Table
from app.reports.printed_table import Column as Printed
from app.reports.rates import currencies_of, rates_used
from app.reports.source import Source
from app.reports.state import State, first_page
from app.reports.table import Spot, end_of, is_numbered, speaker, spots
from permissions import Viewer
from tenants.directory import House

TEMPLATES = Path(__file__).with_name("paper")
AT_ONCE = 1000
"""Rows up to which somebody waits: some thirty pages, which take seconds and 200 MB to set."""
MOST_ROWS = 10_000
"""Three hundred pages; a gigabyte to set."""

Press = Callable[[Path, Mapping[str, Any], datetime.date], bytes]


class TooManyRows(Unacceptable):
    """More rows than were to be printed."""

    def __init__(self, most: int) -> None:
        sentence = _l(
            "A PDF holds at most {n} rows, and these are more. Filter them, or download the data as CSV.",
            n=formats_for(language()).integer(most),
        )
        super().__init__({"rows": sentence})


def overview_pdf(
    person: Viewer,
    house: House,
    source: Source,
    state: State,
    shown: tuple[str, ...],
    sub: str | None,
    of_name: str | None,
    *,
    most: int = AT_ONCE,
    press: Press = pdf,
) -> bytes:
    """The rows of all pages; TooManyRows where they are more than `most`, Unacceptable if too wide for a page."""
    columns = state.columns_in(source, person.rights)
    named = (*shown, sub) if sub else shown
    asked = (*named, *state.layout.break_keys)
    page = rows_of(person, source, state, asked, most)
    placed = spots(columns, asked)
    start = 1 + page.key_count
    converted = start + end_of(placed) if page.currency else None
    formats = formats_for(language())
    count = _n("{n} entry", "{n} entries", len(page.rows), n=formats.integer(len(page.rows)))
    table, notes = None, []
    if page.rows:
        lines = lines_of(person, source, state, columns, page, placed, placed[: len(shown)], converted)
        table = rows_table(
            source, placed[: len(named)], page.rows, start, page.currency, converted, has_sub=sub is not None
        )
        table.columns += [Printed(name, list(said), is_numeric=True) for name, said in lines.shares]
        table.parts = lines.parts
        if lines.foot:
            table.total = lines.foot
        marked = marked_cells(state, page, shown)
        table.marks = {place: tone for place, (tone, _why) in marked.items()}
        notes = list(unrated(lines.total))
        if page.currency:
            used = currencies_of(source, page.rows, placed, start) | came_of(lines.total)
            notes += rates_told(person, used, page.currency, state.day(person.today))
    tables = [table] if table else []
    return list_pdf(person, house, source, state, of_name, count, tables, notes, press=press)


def list_pdf(
    person: Viewer,
    house: House,
    source: Source,
    state: State,
    of_name: str | None,
    count: str,
    tables: Sequence[Table],
    notes: list[str],
    chart: dict[str, Any] | None = None,
    press: Press = pdf,
) -> bytes:
    """An overview on paper, its filters in words above it."""
    columns, title = state.columns_in(source, person.rights), str(source.area.label)
    tones = iter([mark.tone for mark in state.marks if not mark.is_off])
    filters = [
        (one.label, one.value, next(tones) if one.kind == "mark" else "")
        for one in chips(source, state, columns, "", of_name)
        if not one.is_off
    ]
    empty = "" if tables else _("No results")
    head = letterhead(person, house, title, sub=count)
    return list_set(person, head, filters, tables, notes, empty, chart, press)


def list_set(
    person: Viewer,
    head: dict[str, Any],
    filters: Sequence[tuple[str, str, str]],
    tables: Sequence[Table],
    notes: Sequence[str],
    empty: str,
    chart: dict[str, Any] | None = None,
    press: Press = pdf,
) -> bytes:
    """Filters in words (a highlight with its tone), a chart, tables each on sheets of its own, and what is to be known
    besides."""
    told_tables = [table.told() for table in tables]
    told = {
        **head,
        "flipped": any(one["flipped"] for one in told_tables),
        "filters": filters,
        "chart": chart,
        "tables": told_tables,
        "empty": empty,
        "notes": notes,
    }
    return press(TEMPLATES / "list.typ", told, person.today)


def pdf_file(made: bytes, name: str) -> Response:
    return Response(
        made,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'},
    )


def rows_of(person: Viewer, source: Source, state: State, shown: tuple[str, ...], most: int) -> query.Page:
    """All rows of a state as one page; TooManyRows where they are more."""
    state = replace(first_page(state), columns=shown, size=most)
    page = query.page(transaction(), person, source, state)
    if page.has_next:
        raise TooManyRows(most)
    return page


def rows_table(
    source: Source,
    placed: Sequence[Spot],
    rows: list[tuple[Any, ...]],
    start: int,
    currency: str | None = None,
    converted: int | None = None,
    *,
    has_sub: bool = False,
) -> Table:
    """Rows as a table, with the sum of the amount that its source is about. `converted` is where a row has its amount
    in the profile `currency`. With `has_sub`, the words of the last column stand below those of the first."""
    formats = formats_for(language())
    values = list(zip(*rows, strict=True))
    printed = [printed_column(spot, values, start, formats) for spot in placed]
    if has_sub:
        below = printed.pop()
        names = [str(name) or _("Without a name") for name in printed[0].cells]
        printed[0].cells, printed[0].kind = list(zip(names, map(str, below.cells), strict=True)), "named"
    if currency and converted is not None:
        cells = [amount_cell(value, currency, formats) for value in values[converted]]
        printed.append(Printed(_("Converted amount"), cells, is_numeric=True, kind="money"))
    total = None
    if len(rows) > 1:
        summed = placed[: len(placed) - has_sub]
        total = sum_cells(source, summed, rows, start, currency, converted, _("Total"))
    return Table(printed, total=total)


def sum_cells(
    source: Source,
    placed: Sequence[Spot],
    rows: Sequence[tuple[Any, ...]],
    start: int,
    currency: str | None,
    converted: int | None,
    title: str,
) -> list[Cell] | None:
    """What rows come to: the amount that their source is about, each currency for itself, and converted."""
    formats = formats_for(language())
    cells: list[Cell] = []
    for spot in placed:
        is_summed = spot.column.key == source.money and spot.column.functions
        place = start + spot.place
        cells.append(sums(((row[place], row[place + 1]) for row in rows), formats) if is_summed else "")
    if currency and converted is not None:
        cells.append(sums(((row[converted], currency) for row in rows), formats))
    if not any(cells) or cells[0]:
        return None
    return [title, *cells[1:]]


def printed_column(spot: Spot, values: Sequence[Sequence[Any]], start: int, formats: Formats) -> Printed:
    column, place = spot.column, start + spot.place
    label = str(column.label)
    if column.kind == "money" and not column.is_masked:
        amounts = list(zip(values[place], values[place + 1], strict=True))
        return Printed(label, _amounts(amounts, formats), is_numeric=True, kind="money")
    say = speaker(column, formats)
    cells: list[Cell] = ["" if value is None else say(value, None) for value in values[place]]
    is_even = column.kind in ("day", "moment")
    is_whole = is_even or is_numbered(column) or column.key.endswith("number")
    return Printed(label, cells, is_numeric=column.is_numeric, is_whole=is_whole, is_even=is_even)


def _amounts(amounts: Sequence[tuple[Any, str | None]], formats: Formats) -> list[Cell]:
    return [amount_cell(value, currency, formats) for value, currency in amounts]


def amount_cell(value: Any, currency: str | None, formats: Formats) -> Cell:
    if value is None:
        return ""
    return [(formats.amount(value, currency) if currency else formats.number(value), currency or "")]


def sums(amounts: Any, formats: Formats) -> Cell:
    """What amounts come to, each currency for itself."""
    found: dict[str, Decimal] = {}
    for value, currency in amounts:
        if value is not None and currency:
            found[currency] = found.get(currency, Decimal(0)) + value
    return [(formats.amount(value, currency), currency) for currency, value in sorted(found.items())] or ""


def figure_cell(figure: Figure, column: Column | None, one: Value, formats: Formats) -> Cell:
    if one.value is not None and one.currency:
        return amount_cell(one.value, one.currency, formats)
    return value_said(figure, column, one, formats)


def rates_told(person: Viewer, used: set[str], currency: str, today: datetime.date) -> list[str]:
    """What amounts were converted with, in words."""
    rates = rates_used(transaction(), person, used, today)
    told = [f"1 EUR = {rate} {name} ({day})" for name, rate, day in rates.lines]
    notes = [rates.missing] if rates.missing else []
    if told:
        title = labelled(_("Converted to {currency}", currency=currency), _("ECB euro reference rate"))
        notes.append(labelled(title, "; ".join(told)))
    return notes
