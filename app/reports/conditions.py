"""The page where conditions are nested: groups of which any or all must hold, put together without a formula.

A node of the form is a group (`n0_join`) or a condition (`n3_field`, `n3_operator`, `n3_value`), each in a group
(`n3_in`). Every button sends the whole form, so it works without a script and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core.text import _
from app.reports import typed
from app.reports.address import address_read
from app.reports.columns import Column
from app.reports.filters import DEEPEST, MOST_FILTERS, Filter, Nest, Wrong, read_filter, read_nests
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

OWN = re.compile(r"n([0-9]{1,2})_(in|join|field|operator|value|count)")
MOST_NODES = 40


@dataclass
class Part:
    """A group with its parts, or a condition with what was typed and what is wrong with it."""

    number: int
    join: str = ""
    parts: list[Part] = field(default_factory=list)
    key: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)
    count: str = ""
    problem: str | None = None
    column: Column | None = None
    is_at_hand: bool = False
    """Whether the form goes on here."""

    @property
    def operators(self) -> list[tuple[str, str]]:
        return typed.operators_of(self.column) if self.column else []

    @property
    def options(self) -> list[tuple[str, str]] | None:
        return typed.options_of(self.column) if self.column else None


def conditions_page(person: Viewer, source: Source) -> str | Response | tuple[str, int]:
    besides = tuple(name for name in request.args if OWN.fullmatch(name))
    state, _problems = address_read(person, source, ("edit", "act", *besides))
    columns, path = state.columns_in(source, person.rights), f"/{source.plural}"
    if not besides:
        return _drawn(source, state, columns, _opened(request.args.get("edit", ""), columns))
    root = _sent(columns)
    act, _dash, at = request.args.get("act", "refresh").partition("-")
    if act == "apply":
        nest = _nest(root, columns)
        if nest is None:
            return _drawn(source, state, columns, root), 422
        if not nest.parts:
            return redirect(state.address(path), 303)
        return redirect(replace(state, nests=(*state.nests, nest)).address(path), 303)
    if at.isdecimal():
        _changed(root, act, int(at))
    return _drawn(source, state, columns, root)


def _opened(told: str, columns: Mapping[str, Column]) -> Part:
    nests, _wrong = read_nests([told], columns) if told else ([], [])
    if not nests:
        return Part(0, "any", [Part(1), Part(2)])
    numbers = iter(range(MOST_NODES * 2))

    def part(one: Filter | Nest) -> Part:
        if isinstance(one, Nest):
            return Part(next(numbers), one.join, [part(inner) for inner in one.parts])
        column = columns[one.key]
        form = typed.form_of(one, column, [])
        number = next(numbers)
        if form is None:
            return Part(number, key=one.key, column=column)
        is_span = one.operator in ("last", "next")
        values = [] if is_span else form.values
        return Part(
            number,
            key=one.key,
            operator=form.operator,
            values=values,
            count=form.values[0] if is_span else "",
            column=column,
        )

    return part(nests[0])


def _sent(columns: Mapping[str, Column]) -> Part:
    """The form as it was sent."""
    found: dict[int, Part] = {}
    inside: dict[int, int] = {}
    for name, texts in request.args.lists():
        match = OWN.fullmatch(name)
        if match is None or int(match[1]) >= MOST_NODES * 2:
            continue
        part = found.setdefault(int(match[1]), Part(int(match[1])))
        match match[2]:
            case "in":
                inside[part.number] = int(texts[0]) if texts[0].isdecimal() else 0
            case "join":
                part.join = "all" if texts[0] == "all" else "any"
            case "field":
                part.key, part.column = texts[0], columns.get(texts[0])
            case "operator":
                part.operator = texts[0]
            case "value":
                part.values = texts
            case _:
                part.count = texts[0]
    root = found.setdefault(0, Part(0, "any"))
    root.join = root.join or "any"
    for number in sorted(found):
        above = found.get(inside.get(number, 0))
        # A group stands before its parts, so none can be inside itself.
        if number and above is not None and above.join and above.number < number:
            above.parts.append(found[number])
    return root


def _changed(root: Part, act: str, at: int) -> None:
    parts = {one.number: one for one in _all(root)}
    part = parts.get(at)
    free = max(parts) + 1
    if part is None or (act in ("add", "nest") and (not part.join or len(parts) >= MOST_NODES)):
        return
    if act == "refresh":
        part.is_at_hand = True
    elif act == "add":
        part.parts.append(Part(free, is_at_hand=True))
    elif act == "nest" and _depth(root, at) < DEEPEST:
        inner = "any" if part.join == "all" else "all"
        part.parts.append(Part(free, inner, [Part(free + 1, is_at_hand=True), Part(free + 2)]))
    elif act == "drop" and at:
        for one in parts.values():
            one.is_at_hand = part in one.parts
            one.parts = [inner for inner in one.parts if inner is not part]


def _all(part: Part) -> list[Part]:
    return [part, *(one for inner in part.parts for one in _all(inner))]


def _depth(part: Part, number: int, depth: int = 1) -> int:
    if part.number == number:
        return depth
    return max((_depth(inner, number, depth + 1) for inner in part.parts), default=0)


def _nest(root: Part, columns: Mapping[str, Column]) -> Nest | None:
    """The conditions as a report has them; None if one of them is wrong, which then says why."""
    is_wrong = False
    count = 0

    def read(part: Part) -> list[Filter | Nest]:
        nonlocal is_wrong, count
        if part.join:
            inner = tuple(one for some in part.parts for one in read(some))
            return [Nest(part.join, inner)] if inner else []
        if not part.key:
            return []
        form = MultiDict(
            [("filter_field", part.key), ("filter_operator", part.operator), ("filter_count", part.count)]
        )
        form.setlist("filter_value", part.values)
        words, wrong = typed.typed_filter(form, dict(columns))
        count += len(words)
        try:
            if wrong is not None:
                raise Wrong(wrong)
            filters = tuple(read_filter(name, text, columns) for name, text in words)
        except Wrong as error:
            is_wrong, part.problem = True, str(error.sentence)
            return []
        if count > MOST_FILTERS:
            is_wrong, part.problem = True, _("Use at most {n} filters.", n=MOST_FILTERS)
        return [filters[0]] if len(filters) == 1 else [Nest("all", filters)]

    found = read(root)
    if is_wrong:
        return None
    return found[0] if found and isinstance(found[0], Nest) else Nest("any", ())


def _drawn(source: Source, state: State, columns: Mapping[str, Column], root: Part) -> str:
    path = f"/{source.plural}"
    return render_template(
        "report/conditions.html",
        source=source,
        back=state.address(path),
        action=f"{path}/conditions",
        hidden=state.words(),
        root=root,
        is_wrong=any(one.problem for one in _all(root)),
        deepest=DEEPEST,
        columns=[(key, str(column.label)) for key, column in columns.items() if typed.operators_of(column)],
    )
