"""The page where a table is laid out: which columns, in which order, by which names, how wide, which stay in place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.text import LazyText, _l
from app.reports.address import address_read
from app.reports.columns import Column
from app.reports.computed import columns_with, label_problem
from app.reports.far import by_reference
from app.reports.layout import DENSITIES, MOST_FROZEN, WIDTHS
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

WORDS = ("column", "col_key", "col_title", "col_width", "col_frozen", "col_density", "move", "apply")
WIDTH_WORDS: dict[str, LazyText] = {
    "s": _l("Narrow"),
    "m": _l("Medium"),
    "l": _l("Wide"),
    "xl": _l("Very wide"),
}
DENSITY_WORDS: dict[str, LazyText] = {"comfortable": _l("Comfortable"), "compact": _l("Compact")}


@dataclass
class Line:
    """A column as the form has it. `own` is what it is called unless the report says otherwise."""

    key: str
    own: str
    title: str
    width: str
    is_shown: bool
    problem: str | None = None


def columns_page(person: Viewer, source: Source) -> str | Response | tuple[str, int]:
    state, _problems = address_read(person, source, WORDS)
    columns = {
        key: column
        for key, column in columns_with(
            source, person.rights, state.computed, is_past=state.as_of is not None
        ).items()
        if column.is_listable
    }
    path = f"/{source.plural}"
    lines = _sent(columns) if "col_key" in request.args else _standing(state, columns)
    frozen = request.args.get("col_frozen", str(state.layout.frozen))
    density = request.args.get("col_density", state.layout.density)
    if "move" in request.args:
        key, _sign, way = request.args["move"].partition("-")
        _moved(lines, key, -1 if way == "up" else 1)
    elif "apply" in request.args:
        for line in lines:
            wrong = label_problem(line.title) if line.title else None
            line.problem = str(wrong) if wrong else None
        if not any(line.problem for line in lines):
            return redirect(_laid_out(state, lines, frozen, density).address(path), 303)
    is_wrong = any(line.problem for line in lines)
    page = render_template(
        "report/columns.html",
        source=source,
        back=state.address(path),
        action=f"{path}/columns",
        hidden=state.words(),
        lines=lines,
        further=_further(columns, lines),
        widths=[(width, str(WIDTH_WORDS[width])) for width in WIDTHS],
        frozen=frozen,
        most_frozen=MOST_FROZEN,
        densities=[(one, str(DENSITY_WORDS[one])) for one in DENSITIES],
        density=density,
        is_wrong=is_wrong,
    )
    return (page, 422) if is_wrong else page


def _standing(state: State, columns: dict[str, Column]) -> list[Line]:
    titles, widths = dict(state.layout.titles), dict(state.layout.widths)
    shown = [key for key in state.columns if key in columns]
    changed = {*titles, *widths}
    near = [key for key, column in columns.items() if not column.is_far or key in changed]
    order = [*shown, *(key for key in near if key not in shown)]
    return [
        Line(key, str(columns[key].label), titles.get(key, ""), widths.get(key, ""), key in shown)
        for key in order
    ]


def _sent(columns: dict[str, Column]) -> list[Line]:
    args = request.args
    keys, titles, widths = (args.getlist(name) for name in ("col_key", "col_title", "col_width"))
    shown = dict.fromkeys(args.getlist("column"))
    lines = [
        Line(
            key,
            str(columns[key].label),
            " ".join(title.split()),
            width if width in WIDTHS else "",
            key in shown,
        )
        for key, title, width in zip(keys, titles, widths, strict=False)
        if key in columns
    ]
    found = {line.key: line for line in lines}
    for key in shown:
        if key in columns:
            # Those one step further have only a box until they are chosen.
            found.setdefault(key, Line(key, str(columns[key].label), "", "", True))
    return list(found.values())


def _further(columns: dict[str, Column], lines: list[Line]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The columns one step further that have no line yet, by the reference they go through."""
    known = {line.key for line in lines}
    found = [
        (str(label), [(one.key, str(one.far.label)) for one in some if one.key not in known])
        for label, some in by_reference(columns)
    ]
    return [(label, some) for label, some in found if some]


def _moved(lines: list[Line], key: str, step: int) -> None:
    place = next((place for place, line in enumerate(lines) if line.key == key), None)
    if place is not None and 0 <= place + step < len(lines):
        lines[place], lines[place + step] = lines[place + step], lines[place]


def _laid_out(state: State, lines: list[Line], frozen: str, density: str) -> State:
    shown = tuple(line.key for line in lines if line.is_shown)
    count = int(frozen) if frozen.isdecimal() and frozen.isascii() and len(frozen) == 1 else 1
    layout = replace(
        state.layout,
        titles=tuple((line.key, line.title) for line in lines if line.title and line.title != line.own),
        widths=tuple((line.key, line.width) for line in lines if line.width),
        frozen=min(count, MOST_FROZEN),
        density=density if density in DENSITIES else "",
    )
    return replace(
        state,
        layout=layout,
        columns=shown or state.columns,
        are_columns_chosen=bool(shown) or state.are_columns_chosen,
    )
