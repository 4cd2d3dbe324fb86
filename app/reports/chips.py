"""What narrows an overview, in words: each condition with the ways to change it, switch it off, and remove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.core.formats import formats_for
from app.core.text import _, _p, labelled, language
from app.reports import typed
from app.reports.columns import Column
from app.reports.computed import Where
from app.reports.expressions import in_words
from app.reports.filters import Filter, Nest
from app.reports.marks import Mark
from app.reports.source import SOURCES, Source
from app.reports.state import Condition, State
from app.reports.switches import BREAKS, FILTER, HIGHLIGHT, SEARCH, ReportFunction
from app.reports.table import words_of


@dataclass(frozen=True)
class Chip:
    """`label` and `value` in words, the addresses without it and with it the other way round, and where it is changed:
    at an address, or in the form of a filter."""

    label: str
    value: str
    remove_url: str | None = None
    switch_url: str | None = None
    is_off: bool = False
    edit_url: str | None = None
    form: Any = None
    kind: str | None = None


def chips(
    source: Source,
    state: State,
    columns: Mapping[str, Column],
    path: str,
    of_name: str | None,
    off: frozenset[ReportFunction] = frozenset(),
) -> list[Chip]:
    """What narrows it; where a function is switched off, without the ways to change what it governs."""
    found = []
    if state.of:
        label = str(SOURCES[state.of[0]].schema.noun)
        found.append(Chip(label, of_name or "", state.address(path, of=None)))
    if state.search:
        found.append(
            _as_allowed(Chip(_("Search"), state.search, state.address(path, search="")), SEARCH in off)
        )
    for number, key in enumerate(state.layout.break_keys):
        left = tuple(one for place, one in enumerate(state.layout.breaks) if place != number)
        url = replace(state, layout=replace(state.layout, breaks=left), sorts=state.own_sorts).address(path)
        found.append(_as_allowed(Chip(_("Break"), str(columns[key].label), url, kind="break"), BREAKS in off))
    for one in (*state.conditions(), *state.marks):
        function = HIGHLIGHT if isinstance(one, Mark) else FILTER
        found.append(_as_allowed(_chip(state, one, columns, path), function in off))
    return found


def _as_allowed(chip: Chip, is_fixed: bool) -> Chip:
    return Chip(chip.label, chip.value, is_off=chip.is_off, kind=chip.kind) if is_fixed else chip


def _chip(state: State, one: Condition, columns: Mapping[str, Column], path: str) -> Chip:
    without = state.instead(one, None)
    label, value = _words(one, columns)
    edit, form = None, None
    if isinstance(one, Filter):
        form = typed.form_of(one, columns[one.key], without.words())
    else:
        page = PAGES[type(one)]
        kept = state if page == "mark" else without
        edit = kept.address(f"{path}/{page}", ("edit", replace(one, is_off=False).word[1]))
    return Chip(
        label,
        value,
        without.address(path),
        state.instead(one, replace(one, is_off=not one.is_off)).address(path),
        one.is_off,
        edit,
        form,
        "mark" if isinstance(one, Mark) else None,
    )


PAGES = {Where: "rule", Nest: "conditions", Mark: "mark"}


def _words(one: Condition, columns: Mapping[str, Column]) -> tuple[str, str]:
    if isinstance(one, Filter):
        return str(columns[one.key].label), said(columns[one.key], one)
    if isinstance(one, Where):
        return _("Rule"), in_words(one.text, columns)
    if isinstance(one, Mark):
        return _("Highlight"), one.label
    return (_("Any of") if one.join == "any" else _("All of")), _nested(one, columns)


def _nested(nest: Nest, columns: Mapping[str, Column]) -> str:
    """„Status: Police oder (Ablauf: bis 30.06.2027 und Beitrag: mindestens 500)“."""
    parts = [
        f"({_nested(one, columns)})" if isinstance(one, Nest) else labelled(*_words(one, columns))
        for one in nest.parts
    ]
    word = _p("conditions", "or") if nest.join == "any" else _p("conditions", "and")
    return f" {word} ".join(parts)


def said(column: Column, one: Filter) -> str:
    """A filter in words: „bis 30.06.2027“, „Police, Angebot“, „in den nächsten 30 Tagen“."""
    formats = formats_for(language())
    if one.operator in ("last", "next"):
        return typed.span_words(one.operator, one.values[1], one.values[0])
    words = str(typed.operator_words(column, one.operator))
    if not one.values:
        return words
    if column.kind == "reference":
        values = ", ".join(str(value) for value in one.values)
    elif column.kind == "money":
        values = ", ".join(formats.number(value) for value in one.values)
    else:
        values = ", ".join(words_of(column, value, None, formats) for value in one.values)
    return values if one.operator in ("is", "in") else f"{words} {values}"
