"""The columns a viewer has of a source: what his profile lets him read, and what he may do with each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from app.core.schema import Label
from app.reports.source import SOURCES, Related, Source
from permissions import Level, Rights

PEOPLE = ("staff", "user")
"""Reference targets that are people; they show a name and have no record page."""

EMPTY = ("is_empty", "is_not_empty")
OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("contains", "not_contains", "is", "not", "in", "not_in", "starts", "matches", *EMPTY),
    "long_text": ("contains", "not_contains", "matches", *EMPTY),
    "number": ("is", "not", "ge", "le", "gt", "lt", *EMPTY),
    "day": ("is", "not", "ge", "le", "gt", "lt", "last", "next", *EMPTY),
    "moment": ("ge", "le", "gt", "lt", "last", "next", *EMPTY),
    "code": ("is", "not", *EMPTY),
    "flag": ("is", *EMPTY),
    "reference": ("contains", "not_contains", "is", "not", "starts", *EMPTY),
    "words": ("is",),
}
for _kind in ("money", "percent", "whole", "size"):
    OPERATORS[_kind] = OPERATORS["number"]
for _kind in ("currency", "country"):
    OPERATORS[_kind] = OPERATORS["code"]
GROUPED = ("code", "flag", "currency", "country", "reference", "text", "day", "whole")
"""Kinds of values of which many rows have the same."""
FUNCTIONS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(GROUPED, ("distinct",)),
    "percent": ("avg", "median", "min", "max", "distinct"),
    "day": ("min", "max", "distinct"),
    **dict.fromkeys(
        ("money", "number", "whole", "size"), ("sum", "share", "avg", "median", "min", "max", "distinct")
    ),
}


@dataclass(eq=False)
class Column:
    """One column of a report, for one profile. A column that is not here does not exist for its viewers."""

    is_far: ClassVar[bool] = False
    """Whether it shows another record's field, see app/reports/far.py."""

    key: str
    field: Any
    level: Level
    title: str = ""
    """What a report calls it, if not by its own name."""

    @property
    def label(self) -> Label:
        return self.title or self.field.label

    @cached_property
    def kind(self) -> str:
        return self.field.kind

    @cached_property
    def is_masked(self) -> bool:
        return self.level is Level.MASKED

    @cached_property
    def is_numeric(self) -> bool:
        return self.field.is_numeric and not self.is_masked

    @cached_property
    def can_sort(self) -> bool:
        return self.field.sort and not self.is_masked and self.kind not in ("words", "details", "references")

    @cached_property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS.get(self.kind, ()) if self.field.filter and not self.is_masked else ()

    @cached_property
    def can_group(self) -> bool:
        return bool(self.operators) and self.kind in GROUPED

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """What can be computed over its values."""
        return FUNCTIONS.get(self.kind, ()) if self.operators else ()

    @cached_property
    def can_search(self) -> bool:
        if self.is_masked:
            return False
        return self.field.search or (self.kind in ("code", "reference") and self.field.listed)

    @cached_property
    def is_listable(self) -> bool:
        """Whether it can stand in a table; long and manifold values show on the record's page only."""
        return self.kind not in ("long_text", "details", "references")


def may_follow(source: Source, relation: Related, rights: Rights) -> bool:
    """Whether a profile may go from a record to those that belong to it: only if it reads what ties them. Else the
    other records' hidden reference would show by where they are found."""
    other = SOURCES[relation.record]
    ties = ((other, relation.field), (other, f"{relation.field}s"), (source, f"{relation.record}s"))
    return all(
        rights.level(one.record, name) >= Level.READ for one, name in ties if name in one.schema.declared()
    )


@lru_cache(maxsize=4096)
def columns_of(source: Source, rights: Rights) -> dict[str, Column]:
    """The columns a profile has of a source, in the schema's order."""
    found = {}
    for name, field in source.schema.declared().items():
        level = _level(source, name, field, rights)
        if level >= Level.MASKED:
            found[name] = Column(name, field, level)
    return found


def _level(source: Source, name: str, field: Any, rights: Rights) -> Level:
    """How far into a field a profile gets. An amount needs its currency; a reference shows the other record's
    title and so needs that, too: what is hidden there must not come in through here. What is computed needs all it
    is computed from: whether there is a value tells already something of one that is masked."""
    level = rights.level(source.record, name)
    if any(rights.level(source.record, other) < Level.READ for other in field.derived_from):
        return Level.HIDDEN
    return min(level, rights.level(*tie)) if (tie := tied_to(source, field)) else level


def tied_to(source: Source, field: Any) -> tuple[str, str] | None:
    """The field, by record and name, that is shown along with this one: an amount's currency, another record's
    title."""
    if field.kind == "money":
        return source.record, field.currency
    if field.kind in ("reference", "references") and field.to not in PEOPLE:
        target = SOURCES[field.to]
        return target.record, target.title[0]
    return None
