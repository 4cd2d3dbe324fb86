"""The groups of an overview as a CSV file."""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal
from typing import Any

from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import _, labelled, language
from app.reports.columns import columns_of
from app.reports.files import FORMULA_STARTS
from app.reports.group_words import by_label, figure_label, in_order, kind_of, teller
from app.reports.groups import groups
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def groups_file(person: Viewer, source: Source, state: State) -> str:
    """The groups as CSV in the reader's language. A figure that lacks an amount stays empty: no note stands beside it."""
    assert state.grouping is not None
    grouping, columns, formats = state.grouping, columns_of(source, person.rights), formats_for(language())
    found = in_order(groups(transaction(), person, source, state), grouping, columns)
    tellers = [teller(one, columns[one.key], formats) for one in grouping.by]
    money = [kind_of(one, columns.get(one.key)) == "money" for one in grouping.figures]
    out = io.StringIO()
    write = csv.writer(out, delimiter="," if language() == "en" else ";").writerow
    heads = [by_label(one, columns) for one in grouping.by]
    for figure, is_money in zip(grouping.figures, money, strict=True):
        label = figure_label(figure, columns)
        heads += [label, labelled(label, _("Currency"))] if is_money else [label]
    write(heads)
    for group in found:
        line = [
            "" if key is None else _harmless(tell(key, title))
            for tell, key, title in zip(tellers, group.keys, group.titles, strict=True)
        ]
        for value, is_money in zip(group.values, money, strict=True):
            is_whole = value.value is not None and not value.left_out
            line.append(_plain(value.value) if is_whole else "")
            if is_money:
                line.append(value.currency or "" if is_whole else "")
        write(line)
    return "\ufeff" + out.getvalue()


def _plain(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    text = str(value) if isinstance(value, int) else format(Decimal(value).normalize(), "f")
    return text if language() == "en" else text.replace(".", ",")


def _harmless(text: str) -> str:
    return "'" + text if text[:1] in FORMULA_STARTS else text
