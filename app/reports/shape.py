"""What decides the text of a report's query, and the values it is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

from app.core.text import language
from app.reports.columns import Column, columns_of
from app.reports.reach import bound, manner
from app.reports.source import Source
from app.reports.state import Sort, State
from permissions import Rights, Viewer


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
    columns = columns_of(source, viewer.rights)
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
        filters=tuple((one.key, one.operator, len(one.values)) for one in state.filters),
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


def like(text: str, *, starts: bool = False) -> str:
    """A pattern that finds the text as it is, in folded columns."""
    plain = "".join(c for c in normalize("NFD", text.replace("ß", "ss")) if not combining(c)).lower()
    for special in "\\%_":
        plain = plain.replace(special, "\\" + special)
    return plain + "%" if starts else f"%{plain}%"


def values_for(viewer: Viewer, source: Source, state: State) -> dict[str, Any]:
    """The values bound to the query of a state."""
    values = {**bound(viewer), "currency": viewer.profile_currency, "valued_on": state.day(viewer.today)}
    if state.as_of:
        values["at"] = state.as_of.moment
    for number, one in enumerate(state.filters):
        for place, value in enumerate(one.values):
            if one.operator in ("contains", "starts"):
                value = like(value, starts=one.operator == "starts")
            values[f"f{number}_{place}"] = value
    if state.search:
        values["search"] = like(state.search)
        wanted = state.search.casefold()
        for key, column in columns_of(source, viewer.rights).items():
            if column.kind == "code" and column.can_search:
                codes = column.field.codes
                values[f"search_{key}"] = [c for c in codes if wanted in column.field.words(c).casefold()]
    if state.of:
        values["of"] = state.of[1]
    if state.cursor:
        for number, value in enumerate(state.cursor[:-1]):
            values[f"c{number}"] = value
        values["c_id"] = state.cursor[-1]
    return values
