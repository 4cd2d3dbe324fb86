"""Groups and pivot tables over the API: keys with what they are called, figures with their currencies, totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import language
from app.reports.columns import Column
from app.reports.group_words import in_order, kind_of, teller
from app.reports.grouping import By, Figure, Grouping
from app.reports.groups import MOST_GROUPS, Group, Value, groups
from app.reports.pivot import MOST_COLUMNS, MOST_VALUES, pivot
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer


def groups_told(person: Viewer, source: Source, state: State) -> dict[str, Any]:
    """The groups of a state, or its pivot table; Unacceptable where that would be too large."""
    assert state.grouping is not None
    grouping, columns = state.grouping, state.columns_in(source, person.rights)
    if not grouping.across:
        found = groups(transaction(), person, source, state)
        return {
            "groups": [
                {"keys": _keys(one, grouping.by, columns), "figures": _figures(one, grouping, columns)}
                for one in in_order(found, grouping, columns)
            ],
            "total": _figures(found.total, grouping, columns),
            "is_cut": found.is_cut,
        }
    table = pivot(person, source, state)
    if isinstance(table, str):
        raise Unacceptable({"group": table})
    places = {side.keys: place for place, side in enumerate(table.columns)}
    return {
        "columns": [_side(one, grouping.across, grouping, columns) for one in table.columns],
        "rows": [
            {
                **_side(row, grouping.by, grouping, columns),
                "cells": [
                    None if cell is None else _figures(cell, grouping, columns)
                    for cell in (table.found.cells.get((row.keys, side)) for side in places)
                ],
            }
            for row in table.rows
        ],
        "total": _figures(table.found.total, grouping, columns),
    }


def _side(one: Group, by: Sequence[By], grouping: Grouping, columns: Mapping[str, Column]) -> dict[str, Any]:
    return {"keys": _keys(one, by, columns), "total": _figures(one, grouping, columns)}


def _keys(group: Group, by: Sequence[By], columns: Mapping[str, Column]) -> dict[str, Any]:
    """What the rows of a group share: as a filter takes it, and as people call it; nothing for no value."""
    formats, found = formats_for(language()), {}
    for one, key, title in zip(by, group.keys, group.titles, strict=True):
        column = columns[one.key]
        value = title if column.kind == "text" else key
        label = teller(one, column, formats)(key, title)
        found[str(one)] = None if key is None else {"value": value, "label": label}
    return found


def _figures(group: Group, grouping: Grouping, columns: Mapping[str, Column]) -> dict[str, Any]:
    return {
        str(figure): _figure(figure, columns.get(figure.key), value)
        for figure, value in zip(grouping.figures, group.values, strict=True)
    }


def _figure(figure: Figure, column: Column | None, one: Value) -> Any:
    kind, value = kind_of(figure, column), one.value
    if kind == "money":
        amount = None if value is None else format(value, "f")
        return {"amount": amount, "currency": one.currency, "left_out": list(one.left_out)}
    if value is None:
        return None
    return int(value) if kind in ("count", "whole", "size") else value


KEY = {
    "type": ["object", "null"],
    "description": "Null where the rows have no value",
    "properties": {"value": {"type": ["string", "integer", "boolean"]}, "label": {"type": "string"}},
    "required": ["value", "label"],
    "additionalProperties": False,
}
AMOUNT = {
    "type": "object",
    "description": "`left_out` names the currencies that are not in the amount: those without a rate, or all of them "
    "where they are mixed and no profile currency says what to convert to",
    "properties": {
        "amount": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"},
        "currency": {"type": ["string", "null"]},
        "left_out": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["amount", "currency", "left_out"],
    "additionalProperties": False,
}
KEYS = {"type": "object", "description": "By the words of `by` or `across`", "additionalProperties": KEY}
FIGURES = {
    "type": "object",
    "description": "By the words of `show`: counts and whole numbers as integers, other numbers and shares in per cent "
    "as text, days, amounts",
    "additionalProperties": {"anyOf": [{"type": ["integer", "string", "null"]}, AMOUNT]},
}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _several(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


GROUPS = _object(
    groups=_several(_object(keys=KEYS, figures=FIGURES)),
    total=FIGURES,
    is_cut={
        "type": "boolean",
        "description": f"Whether there are more than these {MOST_GROUPS}, which are the largest",
    },
)
PIVOT = _object(
    columns=_several(_object(keys=KEYS, total=FIGURES)),
    rows=_several(_object(keys=KEYS, total=FIGURES, cells=_several({"anyOf": [FIGURES, {"type": "null"}]}))),
    total=FIGURES,
)
PIVOT["description"] = (
    f"Cells stand in the order of `columns`, null where no row is. Refused beyond {MOST_COLUMNS} columns or "
    f"{MOST_VALUES} values"
)
SCHEMAS = {"Groups": GROUPS, "Pivot": PIVOT}
PARAMETERS = {
    "by": "Groups rows instead of listing them: up to three columns, of days also `.year`, `.quarter` or `.month`",
    "across": "Up to two columns that stand side by side: the groups become a pivot table",
    "show": "What is computed over each group: `count`, `share`, or a function and a column such as `sum.gross`; "
    "functions are sum, share, avg, median, min, max and distinct",
    "order": "The word of `by` or `show` that orders the groups, `-` before it for descending",
}
