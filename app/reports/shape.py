"""What decides the text of a report's query, and the values it is asked with."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.text import folded, language
from app.reports.columns import Column
from app.reports.computed import Computed
from app.reports.expressions import Meaning
from app.reports.filters import Nest, span_from
from app.reports.reach import bound, manner
from app.reports.source import Source
from app.reports.state import Sort, State
from permissions import Rights, Viewer

Joined = tuple[str, tuple[Any, ...]]
"""`any` or `all`, and of what: places among the filters, or the same again."""


@dataclass(frozen=True)
class Shape:
    """All that decides the text of a query, and no value."""

    source: Source
    rights: Rights
    how: str
    language: str
    columns: tuple[str, ...]
    sorts: tuple[Sort, ...]
    filters: tuple[tuple[str, str, int], ...]
    """Column, operator and number of values of every filter that is on, those in nests after the others."""
    nests: tuple[Joined, ...]
    where: tuple[Meaning, ...]
    computed: tuple[Computed, ...]
    marks: tuple[Meaning, ...]
    breaks: tuple[str, ...]
    has_search: bool
    of: str | None
    cursor: tuple[bool, ...] | None
    """For each sort key of the row to start from, whether it is empty."""
    is_backwards: bool
    currency: str | None
    valuation: str
    size: int
    """In the text, not bound: a plan for any number of rows would be one for a tenth of them all, so the server
    would make a plan for each page anew, and that costs more than the page."""
    past: str = ""
    """Of past rows, the name under which the moment is bound at which they stood."""
    is_plain: bool = False
    """Whether numbers come as text, exact and ready for JSON."""


def _is_read(columns: Mapping[str, Column], key: str) -> bool:
    return key in columns and not columns[key].is_masked


def shape_of(viewer: Viewer, source: Source, state: State, *, is_plain: bool = False) -> Shape:
    columns = state.columns_in(source, viewer.rights)
    currency = viewer.profile_currency
    if source.money is None or source.money not in columns or columns[source.money].is_masked:
        currency = None
    if viewer.valuation == "contract_start" and source.valued_on and not _is_read(columns, source.valued_on):
        # The rate would tell the day.
        currency = None
    return Shape(
        source=source,
        rights=viewer.rights,
        how=manner(viewer),
        language=language(),
        columns=state.columns,
        sorts=state.sorts,
        filters=tuple((one.key, one.operator, len(one.values)) for one in state.leaves()),
        nests=_joined(state),
        where=tuple(one.meaning for one in state.where if not one.is_off),
        computed=state.computed,
        marks=() if is_plain else tuple(one.meaning for one in state.marks if not one.is_off),
        breaks=() if is_plain else state.layout.break_keys,
        has_search=bool(state.search),
        of=state.of[0] if state.of else None,
        cursor=tuple(value is None for value in state.cursor[:-1]) if state.cursor else None,
        is_backwards=state.is_backwards,
        currency=currency,
        valuation=viewer.valuation,
        size=state.size,
        past="at" if state.as_of else "",
        is_plain=is_plain,
    )


def _joined(state: State) -> tuple[Joined, ...]:
    places = itertools.count(sum(not one.is_off for one in state.filters))

    def joined(nest: Nest) -> Joined:
        return nest.join, tuple(joined(one) if isinstance(one, Nest) else next(places) for one in nest.parts)

    return tuple(joined(nest) for nest in state.nests if not nest.is_off)


def like(text: str, operator: str = "contains") -> str:
    """A pattern that finds the text as it is, in folded columns; for `matches`, with * and ? as people write them."""
    plain = folded(text)
    for special in "\\%_":
        plain = plain.replace(special, "\\" + special)
    if operator == "matches":
        return plain.replace("*", "%").replace("?", "_")
    return plain + "%" if operator == "starts" else f"%{plain}%"


def values_for(viewer: Viewer, source: Source, state: State) -> dict[str, Any]:
    """The values bound to the query of a state."""
    values = {**bound(viewer), "currency": viewer.profile_currency, "valued_on": state.day(viewer.today)}
    if state.as_of:
        values["at"] = state.as_of.moment
    for number, one in enumerate(state.leaves()):
        given = one.values
        if one.operator in ("last", "next"):
            given = span_from(viewer.today, one.operator, *given)
        for place, value in enumerate(given):
            if one.operator in ("contains", "not_contains", "starts", "matches"):
                value = like(value, one.operator)
            values[f"f{number}_{place}"] = value
    if state.search:
        values["search"] = like(state.search)
        wanted = folded(state.search)
        for key, column in state.columns_in(source, viewer.rights).items():
            if column.kind == "code" and column.can_search:
                codes = column.field.codes
                values[f"search_{key}"] = [c for c in codes if wanted in folded(column.field.words(c))]
    if state.of:
        values["of"] = state.of[1]
    if state.cursor:
        for number, value in enumerate(state.cursor[:-1]):
            values[f"c{number}"] = value
        values["c_id"] = state.cursor[-1]
    return values
