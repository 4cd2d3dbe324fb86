"""A report as it is kept: the words of its address by name, whatever words there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.reports.state import State

Word = tuple[str, str]
Document = dict[str, list[str]]

LARGEST = 20_000
"""Characters of an address that is kept."""
LISTS = ("columns", "sort", "by", "across", "show", "break", "total", "wide")
"""Words whose value lists several parts of a report."""


def document_of(state: State) -> Document:
    """The state without the saved report under it."""
    found: Document = {}
    for name, value in replace(state, base=None).words():
        found.setdefault(name, []).append(value)
    return found


def words_of(document: Mapping[str, Iterable[str]]) -> list[Word]:
    return [(name, value) for name, values in document.items() for value in values]


def parts_of(document: Mapping[str, Iterable[str]]) -> set[Word]:
    """What a report is made of, so that what is missing can be counted."""
    return {
        (name, part)
        for name, value in words_of(document)
        for part in (value.split(",") if name in LISTS else [value])
    }
