"""The groups of an overview as a CSV file, or its pivot table."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import _, labelled, language
from app.reports.columns import Column
from app.reports.files import harmless_text
from app.reports.group_words import by_label, figure_label, in_order, kind_of
from app.reports.grouping import Figure, Grouping
from app.reports.groups import Group, groups
from app.reports.pivot import Pivot, named, pivot
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def groups_file(person: Viewer, source: Source, state: State) -> str:
    """The groups as CSV in the reader's language. A figure that lacks an amount stays empty: no note stands beside it."""
    assert state.grouping is not None
    grouping, columns = state.grouping, state.columns_in(source, person.rights)
    out = io.StringIO()
    write = csv.writer(out, delimiter="," if language() == "en" else ";").writerow
    if grouping.across:
        table = pivot(person, source, state)
        if isinstance(table, str):
            raise Unacceptable({"group": table})
        lines = _pivot_lines(grouping, columns, table)
    else:
        found = groups(transaction(), person, source, state)
        lines = _lines(grouping, columns, in_order(found, grouping, columns))
    for line in lines:
        write(line)
    return "\ufeff" + out.getvalue()


def _lines(grouping: Grouping, columns: Mapping[str, Column], found: list[Group]) -> Iterator[list[str]]:
    yield [by_label(one, columns) for one in grouping.by] + _heads(grouping, columns)
    for group in found:
        yield _names(group, grouping, columns) + _cells(group, grouping, columns)


def _pivot_lines(grouping: Grouping, columns: Mapping[str, Column], table: Pivot) -> Iterator[list[str]]:
    """As on the page: a figure's columns for each side, the totals last in both directions."""
    heads = _heads(grouping, columns)
    sides = [
        " · ".join(one or _("Without a value") for one in named(side, grouping.across, columns))
        for side in table.columns
    ]
    total = _("Total")
    yield [
        *(by_label(one, columns) for one in grouping.by),
        *(harmless_text(labelled(side, head)) for side in [*sides, total] for head in heads),
    ]
    for row in table.rows:
        line = _names(row, grouping, columns)
        for side in table.columns:
            cell = table.found.cells.get((row.keys, side.keys))
            line += [""] * len(heads) if cell is None else _cells(cell, grouping, columns)
        yield line + _cells(row, grouping, columns)
    foot = [total, *[""] * (len(grouping.by) - 1)]
    for side in (*table.columns, table.found.total):
        foot += _cells(side, grouping, columns)
    yield foot


def _is_money(figure: Figure, columns: Mapping[str, Column]) -> bool:
    return kind_of(figure, columns.get(figure.key)) == "money"


def _heads(grouping: Grouping, columns: Mapping[str, Column]) -> list[str]:
    heads = []
    for figure in grouping.figures:
        label = figure_label(figure, columns)
        heads += [label, labelled(label, _("Currency"))] if _is_money(figure, columns) else [label]
    return heads


def _names(group: Group, grouping: Grouping, columns: Mapping[str, Column]) -> list[str]:
    return [harmless_text(one) for one in named(group, grouping.by, columns)]


def _cells(group: Group, grouping: Grouping, columns: Mapping[str, Column]) -> list[str]:
    cells = []
    for figure, value in zip(grouping.figures, group.values, strict=True):
        is_whole = value.value is not None and not value.left_out
        cells.append(_plain(value.value) if is_whole else "")
        if _is_money(figure, columns):
            cells.append(value.currency or "" if is_whole else "")
    return cells


def _plain(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value) if isinstance(value, int) else format(Decimal(value).normalize(), "f")
    return text if language() == "en" else text.replace(".", ",")
