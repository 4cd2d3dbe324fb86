"""The rows of an overview on its page: as a table, as tiles, or one by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from flask import render_template
from markupsafe import Markup

from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.reports import query
from app.reports.access import EXPORT
from app.reports.breaks import Breaks, Drawing, breaks
from app.reports.cursors import write_cursor
from app.reports.grouped import unrated
from app.reports.groups import came_of
from app.reports.marks import marked_cells
from app.reports.rates import RatesUsed, currencies_of, rates_used
from app.reports.reader import told_without_bar
from app.reports.saved.opening import STANDARD
from app.reports.shares import ShareOf, portions, share_cells, shares_of
from app.reports.shown import shown_columns
from app.reports.single import here
from app.reports.source import Source
from app.reports.state import State, first_page
from app.reports.table import Spot, end_of, rows_html, spots, table
from app.reports.tiles import TileHeadings, Tiles, named
from app.reports.tools import Tools, tools_of
from permissions import Viewer

MORE = "+"


@dataclass(frozen=True)
class Found:
    """What a state shows: a page of rows and how many there are in all, where the values of a row stand, and what
    stands between the rows.

    `chosen` are the columns of a table, `keys` those that are drawn; `sub` is the spot of the words below the first.
    `converted` is the place of the amount in the profile currency, `portions` the name and the share of each column of
    shares. `place` says which of all rows one by itself is; None for others, and where it is far behind."""

    page: query.Page
    total: int
    place: int | None
    chosen: tuple[str, ...]
    keys: tuple[str, ...]
    placed: list[Spot]
    sub: Spot | None
    between: Breaks
    converted: int | None
    portions: list[tuple[str, ShareOf]]
    rates: RatesUsed | None

    @property
    def start(self) -> int:
        """Where the values of a row begin."""
        return 1 + self.page.key_count

    @property
    def shown(self) -> list[Spot]:
        return self.placed[: len(self.keys)]


def listed(person: Viewer, source: Source, state: State, errors: dict[str, str], of_name: str | None) -> str:
    """The page. `errors` are sentences by control, `of_name` the title of the record it is limited to."""
    found, path, view = _found(person, source, state), f"/{source.plural}", state.layout.view
    page, currency, between = found.page, found.page.currency, found.between
    if found.rates and found.rates.missing:
        errors["rates"] = found.rates.missing
    tools = tools_of(
        source,
        person.rights,
        language(),
        first_page(state),
        found.chosen,
        of_name=of_name,
        is_converted=bool(currency),
        has_rows=bool(page.rows),
        may_export=person.may(EXPORT),
        is_search_wrong="search" in errors,
    )
    report = SimpleNamespace(
        title=str(source.area.label),
        sub=_sentence(found.total),
        tools=tools,
        errors=errors,
        previous_url=_turn(state, page, path, "before"),
        notes=[*told_without_bar(person, source, state), *unrated(between.total)],
        chart=None,
        next_url=_turn(state, page, path, "after"),
        range=_range(found),
        empty=None if page.rows else _empty(source, state, path),
        rates=found.rates.lines if found.rates else None,
        rates_title=_("Converted to {currency}", currency=currency) if currency else None,
        rates_source=_("ECB euro reference rate"),
    )
    if view != "row":
        report.row_form = [*state.words(), *here(state)]
    if not view:
        return render_template(
            "report/index.html", report=report, table=_table(source, state, found, report.title, tools)
        )
    report.table_url = state.address(path, *here(state), layout=replace(state.layout, view=""))
    return render_template(
        f"report/{view}.html",
        report=report,
        tiles=Tiles(
            source,
            found.placed,
            found.keys,
            page,
            marked_cells(state, page, found.keys),
            found.converted,
            found.portions,
        ),
        headings={number: Markup("").join(lines) for number, lines in between.lines.items()},
        foot=between.foot,
    )


def _found(person: Viewer, source: Source, state: State) -> Found:
    columns, connection = state.columns_in(source, person.rights), transaction()
    broken, view = state.layout.break_keys, state.layout.view
    chosen, sub = shown_columns(source, state, person.rights)
    keys = (*broken, *chosen) if view == "row" else chosen
    besides = named(source, columns, (*keys, *broken)) if view else (sub,) if sub else ()
    asked = replace(
        state,
        columns=(*keys, *besides, *(() if view == "row" else broken)),
        size=1 if view == "row" else state.size,
    )
    page = query.page(connection, person, source, asked)
    is_whole = not (page.has_next or page.has_previous)
    total = len(page.rows) if is_whole else query.count(connection, person, source, asked)
    place = query.place(connection, person, source, asked) if view == "row" and page.rows else None
    placed, shares, currency = spots(columns, asked.columns), shares_of(state, keys), page.currency
    shown, start = placed[: len(keys)], 1 + page.key_count
    # A row by itself has no headings above it, and no totals but those it is a share of.
    alone = replace(state.layout, breaks=(), totals=tuple(shares))
    gathered = replace(state, layout=alone) if view == "row" else state
    width = len(keys) + (2 if currency else 0) + len(shares)
    look = TileHeadings if view else Drawing
    between = breaks(connection, person, source, gathered, columns, page, placed, shown, width, look)
    converted = start + end_of(placed) if currency else None
    rates = None
    if currency:
        used = currencies_of(source, page.rows, placed, start) | came_of(between.total)
        rates = rates_used(connection, person, used, state.day(person.today))
    return Found(
        page=page,
        total=total,
        place=place,
        chosen=chosen,
        keys=keys,
        placed=placed,
        sub=placed[len(keys)] if sub and not view else None,
        between=between,
        converted=converted,
        portions=portions(source, state, columns, shown, start, between.wholes, converted),
        rates=rates,
    )


def _table(source: Source, state: State, found: Found, title: str, tools: Tools) -> Any:
    page = found.page
    extra = share_cells(found.portions) if found.portions else None
    if page.currency and found.converted:
        extra = _converted(found.converted, page.currency, extra)
    marked = marked_cells(state, page, found.keys)
    rows = rows_html(
        source, found.shown, found.sub, page.rows, found.start, extra, found.between.lines, marked
    )
    return table([], rows, title, tools.heads, found.between.foot, frozen=state.layout.frozen)


def _converted(after: int, currency: str, then: Any) -> Any:
    """The cells of the amount converted, whose place is `after` the columns, and of what comes `then`."""
    formats = formats_for(language())
    label = _("Converted amount")

    def cells(row: tuple[Any, ...]) -> str:
        value, more = row[after], then(row) if then else ""
        if value is None:
            return f'<td role="cell" class="hide-s"></td><td role="cell"></td>{more}'
        return (
            f'<td role="cell" class="hide-s">{currency}</td>'
            f'<td role="cell" class="num{"" if row[after + 1] else " hide-s"}" data-l="{label}" data-u="{currency}">'
            f"{formats.amount(value, currency)}</td>{more}"
        )

    return cells


def _turn(state: State, page: query.Page, path: str, way: str) -> str | None:
    if not page.rows or not (page.has_next if way == "after" else page.has_previous):
        return None
    row = page.rows[-1 if way == "after" else 0]
    return state.address(path, (way, write_cursor(state.sorts, page.keys(row), row[0])))


def _sentence(total: int) -> str:
    formats = formats_for(language())
    if total > query.COUNTED_UP_TO:
        return _("More than {n} entries", n=formats.integer(query.COUNTED_UP_TO))
    return _n("{n} entry", "{n} entries", total, n=formats.integer(total))


def _range(found: Found) -> str:
    formats, total = formats_for(language()), found.total
    said = formats.integer(min(total, query.COUNTED_UP_TO)) + (MORE if total > query.COUNTED_UP_TO else "")
    if found.place:
        return _("Row {n} of {total}", n=formats.integer(found.place), total=said)
    shown = len(found.page.rows)
    return _n("{n} of {total} shown", "{n} of {total} shown", shown, n=formats.integer(shown), total=said)


def _empty(source: Source, state: State, path: str) -> tuple[str, str, tuple[str, str] | None]:
    if state.filters or state.search or state.of:
        return (
            _("No results"),
            _("Nothing matches this search and these filters. Remove one or reset them all."),
            (_("Reset all"), f"{path}?report={STANDARD}" if state.base else path),
        )
    return (_("Nothing here yet"), _("As soon as there is something for you to see, it appears here."), None)
