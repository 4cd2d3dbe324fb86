"""Columns one step further: fields of the one record that a reference leads to, `contract__insurer` of a claim.

A far column exists for who reads the reference, may go to records of that type, and reads the field there. Its values
are given where he reaches that very record (`Rows.far`); elsewhere it is as empty as where there is no record.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from app.core.text import LazyText, _l
from app.reports.columns import Column, columns_of
from app.reports.source import SOURCES, Source
from permissions import Rights

STEP = "__"
"""Parts a reference from a field behind it. Filters, figures and parts of days have a dot before them."""
NAME = re.compile(rf"[a-z][a-z_]*{STEP}[a-z_]+")


@dataclass(eq=False, kw_only=True)
class FarColumn(Column):
    """`near` is the reference it goes through, `far` the column as the other record type has it."""

    is_far: ClassVar[bool] = True

    near: Column
    far: Column

    @property
    def target(self) -> Source:
        return SOURCES[self.near.field.to]


@lru_cache(maxsize=2048)
def far_columns(source: Source, rights: Rights) -> dict[str, FarColumn]:
    """What a profile reads of the records that these refer to, in the order of both schemas."""
    found = {}
    for near in columns_of(source, rights).values():
        target = SOURCES.get(near.field.to) if near.kind == "reference" and not near.is_masked else None
        if target is None or target.area.key not in rights.areas:
            continue
        for far in columns_of(target, rights).values():
            if far.is_listable:
                key = f"{near.key}{STEP}{far.key}"
                found[key] = FarColumn(key, _field(near, far), far.level, near=near, far=far)
    return found


def _field(near: Column, far: Column) -> Any:
    """The far field as this overview has it: by a longer name, and not before somebody chooses it."""
    field = copy(far.field)
    field.label = _l("{label}: {value}", label=near.field.label, value=far.field.label)
    field.listed = field.search = False
    if far.kind == "money":
        field.currency = f"{near.key}{STEP}{far.field.currency}"
    return field


def in_the_past(columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns a past report has: what a record without a history was then, nobody knows."""
    return {key: one for key, one in columns.items() if not _is_of_today(one)}


def _is_of_today(column: Column) -> bool:
    return isinstance(column, FarColumn) and column.target.past is None


def missing_in_the_past(texts: Iterable[str], columns: Mapping[str, Column]) -> LazyText | None:
    """What to say of the words of a past report that name such a column all the same."""
    for key in NAME.findall(" ".join(texts)):
        if key in columns and _is_of_today(columns[key]):
            return _l(
                "‘{column}’ is known as it is today only, and not part of a past report.",
                column=columns[key].label,
            )
    return None


def in_menus(columns: Mapping[str, Column], used: Container[str]) -> dict[str, Column]:
    """The columns that menus offer: of those one step further, which are many, what the report has already."""
    return {key: one for key, one in columns.items() if not one.is_far or key in used}


def by_reference(columns: Mapping[str, Column]) -> list[tuple[LazyText | str, list[FarColumn]]]:
    """The far columns among these, by the reference they go through."""
    found: dict[str, list[FarColumn]] = {}
    for one in columns.values():
        if isinstance(one, FarColumn):
            found.setdefault(one.near.key, []).append(one)
    return [(some[0].near.label, some) for some in found.values()]
