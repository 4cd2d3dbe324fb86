"""The groups of an overview as an Excel file."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from app.core.formats import currency_digits, formats_for
from app.core.text import _, labelled, language
from app.reports.columns import Column
from app.reports.excel import cells
from app.reports.excel.about import about
from app.reports.excel.book import Heading, book_of
from app.reports.excel.overview import WIDTHS, width_of
from app.reports.group_words import by_label, figure_label, in_order, kind_of, teller
from app.reports.grouping import By, Figure
from app.reports.groups import Group, Value, came_of, groups
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def groups_workbook(
    connection: Connection, viewer: Viewer, source: Source, state: State, of_name: str | None
) -> Iterator[bytes]:
    """The file in pieces, made here. A figure that lacks an amount stays empty, as in the CSV file."""
    assert state.grouping is not None
    grouping, columns = state.grouping, state.columns_in(source, viewer.rights)
    found = groups(connection, viewer, source, state)
    ordered = in_order(found, grouping, columns)
    came = came_of(found.total.values) - {viewer.profile_currency}
    heads = [Heading(by_label(one, columns), width_of(columns[one.key])) for one in grouping.by]
    for figure in grouping.figures:
        label = figure_label(figure, columns)
        heads.append(Heading(label, WIDTHS["money"]))
        if kind_of(figure, columns.get(figure.key)) == "money":
            heads.append(Heading(labelled(label, _("Currency")), WIDTHS["currency"]))
    tellers = [teller(one, columns[one.key], formats_for(language())) for one in grouping.by]

    def line(group: Group) -> str:
        names = (
            shared(one, columns[one.key], key, "" if key is None else tell(key, title))
            for one, tell, key, title in zip(grouping.by, tellers, group.keys, group.titles, strict=True)
        )
        return cells.row([*names, *_figures(grouping.figures, columns, group.values)])

    rows = "".join(map(line, ordered)).encode()
    total = [cells.text_cell(_("Total"), cells.BOLD), *[cells.EMPTY] * (len(grouping.by) - 1)]
    total += _figures(grouping.figures, columns, found.total.values, is_bold=True)
    lines = about(connection, viewer, source, state, len(ordered), of_name, came)
    return book_of(viewer, source, heads, lines).pieces([(rows, len(ordered))], cells.row(total))


def shared(one: By, column: Column, key: Any, said: str) -> str:
    """What the rows of a group share: a day or a number as such, all else as it is said."""
    if isinstance(key, datetime.date) and not one.step:
        return cells.day_cell(key, cells.look(cells.DAY))
    if column.kind == "whole" and key is not None:
        return cells.number_cell(key, cells.look(cells.GROUPED if column.field.grouped else cells.GENERAL))
    return cells.text_cell(said)


def _figures(
    figures: tuple[Figure, ...],
    columns: dict[str, Column],
    values: tuple[Value, ...],
    *,
    is_bold: bool = False,
) -> Iterator[str]:
    for figure, one in zip(figures, values, strict=True):
        kind = kind_of(figure, columns.get(figure.key))
        is_whole = one.value is not None and not one.left_out
        yield figure_cell(kind, one, is_bold) if is_whole else cells.EMPTY
        if kind == "money":
            yield cells.text_cell(one.currency or "", cells.BOLD * is_bold) if is_whole else cells.EMPTY


def figure_cell(kind: str, one: Value, is_bold: bool = False) -> str:
    def like(number_format: str) -> int:
        return cells.look(number_format, is_bold=is_bold)

    if isinstance(one.value, datetime.date):
        return cells.day_cell(one.value, like(cells.DAY))
    if kind == "count":
        return cells.number_cell(int(one.value), like(cells.GROUPED))
    if kind in ("percent", "share"):
        return cells.number_cell(Decimal(one.value).scaleb(-2), like(cells.PERCENT))
    if one.currency:
        return cells.number_cell(one.value, like(cells.amount_format(currency_digits(one.currency))))
    return cells.number_cell(one.value, like(cells.GENERAL))
