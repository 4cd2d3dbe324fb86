"""Groups as a pivot table: the values of some columns below each other, those of others side by side, figures where
they meet, and totals both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.columns import Column
from app.reports.group_words import in_order, teller
from app.reports.grouping import By
from app.reports.groups import Crossed, Group, Groups, crossed
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

MOST_COLUMNS = 20
"""Side by side; beyond this nobody follows a row to its end."""
MOST_VALUES = 10_000


@dataclass(frozen=True)
class Pivot:
    """What was found, its rows and columns in order."""

    found: Crossed
    rows: list[Group]
    columns: list[Group]


def pivot(person: Viewer, source: Source, state: State) -> Pivot | str:
    """The pivot table a state asks for, or the sentence why it is too large."""
    grouping, columns, formats = (
        state.grouping,
        state.columns_in(source, person.rights),
        formats_for(language()),
    )
    assert grouping is not None
    found = crossed(transaction(), person, source, state, MOST_VALUES, MOST_COLUMNS)
    if not isinstance(found, Crossed):
        _rows, wide = found
        if wide > MOST_COLUMNS:
            return _(
                "It would have {n} columns; there is room for {most}. Filter, or choose columns with fewer values.",
                n=formats.integer(wide),
                most=MOST_COLUMNS,
            )
        return _(
            "It would hold more than {most} values. Filter, choose fewer figures, or columns with fewer values.",
            most=formats.integer(MOST_VALUES),
        )
    sideways = replace(grouping, by=grouping.across, across=(), order="")
    return Pivot(
        found,
        in_order(Groups(found.rows, found.total, False), grouping, columns),
        in_order(Groups(found.columns, found.total, False), sideways, columns),
    )


def named(group: Group, by: tuple[By, ...], columns: Mapping[str, Column]) -> list[str]:
    """What the rows of a group share, in words; nothing where they share that there is no value."""
    formats = formats_for(language())
    return [
        "" if key is None else teller(one, columns[one.key], formats)(key, title)
        for one, key, title in zip(by, group.keys, group.titles, strict=True)
    ]
