"""The page where a person writes a formula: for a column of the report's own, for a rule that finds rows, or for a
highlight. What is wrong is said at its place, and nothing that was typed is lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.core.text import LazyText, _, _l
from app.reports.address import address_read
from app.reports.columns import Column
from app.reports.computed import Computed, Where, columns_with, label_problem
from app.reports.expressions import LONGEST, ExpressionError, Meaning, canonical, in_words, understood
from app.reports.expressions.meaning import KIND_OF_COLUMN, KINDS
from app.reports.expressions.words import FUNCTION_WORDS
from app.reports.far import by_reference
from app.reports.marks import MOST_MARKS, TONES, Mark
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer

WORDS = ("edit", "formula", "formula_label", "formula_tone", "formula_target")


@dataclass(frozen=True)
class Use:
    """What a formula is for: its page's title, what it must come to, and an example."""

    title: LazyText
    hint: LazyText
    button: LazyText
    kind: str | None
    has_label: bool


USES = {
    "rule": Use(
        _l("Filter across columns"),
        _l("Rows for which the rule holds are shown. Example: {example}"),
        _l("Apply rule"),
        "flag",
        False,
    ),
    "compute": Use(
        _l("Computed column"),
        _l("The column is computed for every row. Example: {example}"),
        _l("Save column"),
        None,
        True,
    ),
    "mark": Use(
        _l("Highlight"),
        _l("Cells or rows for which the rule holds stand out. Example: {example}"),
        _l("Save highlight"),
        "flag",
        True,
    ),
}


@dataclass
class Form:
    """What was typed, and what is wrong with it."""

    text: str = ""
    label: str = ""
    tone: str = TONES[0]
    target: str = ""
    text_problem: str | None = None
    label_problem: str | None = None
    shown: Markup | None = None
    """The text with the place marked where it is wrong."""


def formula_page(person: Viewer, source: Source, name: str) -> str | Response | tuple[str, int]:
    use, path = USES[name], f"/{source.plural}"
    state, _problems = address_read(person, source, WORDS)
    edited = request.args.get("edit", "")
    columns = _columns(person, source, state, edited if name == "compute" else "")
    if "formula" not in request.args:
        form = _filled(name, state, edited, columns)
        return _drawn(person, source, name, state, columns, form, edited)
    form = Form(
        request.args["formula"],
        " ".join(request.args.get("formula_label", "").split()),
        request.args.get("formula_tone", TONES[0]),
        request.args.get("formula_target", ""),
    )
    meaning = _checked(form, use, columns)
    if meaning is None or form.label_problem:
        return _drawn(person, source, name, state, columns, form, edited), 422
    text = canonical(form.text, columns)
    return redirect(_with(state, name, edited, form, text, meaning).address(path), 303)


def _columns(person: Viewer, source: Source, state: State, edited: str) -> dict[str, Column]:
    """The columns a formula may use; a computed one those before it."""
    computed = state.computed
    keys = [one.key for one in computed]
    if edited in keys:
        computed = computed[: keys.index(edited)]
    return columns_with(source, person.rights, computed)


def _filled(name: str, state: State, edited: str, columns: dict[str, Column]) -> Form:
    if name == "compute":
        one = next((one for one in state.computed if one.key == edited), None)
        return Form(_shown(one.text, columns), one.label) if one else Form()
    if name == "mark":
        mark = next((one for one in state.marks if one.word[1] == edited), None)
        return Form(_shown(mark.text, columns), mark.label, mark.tone, mark.target) if mark else Form()
    return Form(_shown(edited, columns))


def _shown(text: str, columns: dict[str, Column]) -> str:
    try:
        return in_words(text, columns)
    except ExpressionError:
        return text


def _checked(form: Form, use: Use, columns: dict[str, Column]) -> Meaning | None:
    if use.has_label and (problem := label_problem(form.label)):
        form.label_problem = str(problem)
    try:
        meaning = understood(form.text, columns, kind=use.kind)
        if meaning.kind == "empty":
            raise ExpressionError(_l("This comes to nothing, whatever the row."), (0, len(form.text)))
    except ExpressionError as wrong:
        start, end = wrong.place
        form.text_problem = str(wrong.sentence)
        bad = form.text[start:end] or "\u2038"
        form.shown = Markup("{}<mark>{}</mark>{}").format(
            form.text[:start], bad, form.text[max(start, end) :]
        )
        return None
    return meaning


def _with(state: State, name: str, edited: str, form: Form, text: str, meaning: Meaning) -> State:
    if name == "rule":
        return replace(state, where=(*state.where, Where(text, meaning)))
    if name == "mark":
        mark = Mark(form.tone, form.target, form.label, text, meaning)
        kept = tuple(one for one in state.marks if one.word[1] != edited)
        return replace(state, marks=(*kept, mark)[-MOST_MARKS:])
    keys = {one.key for one in state.computed}
    if edited in keys:
        changed = tuple(
            Computed(edited, form.label, text, meaning) if one.key == edited else one
            for one in state.computed
        )
        return replace(state, computed=changed)
    key = next(f"c{number}" for number in range(1, 100) if f"c{number}" not in keys)
    columns = (*state.columns, key) if state.are_columns_chosen else state.columns
    return replace(
        state, computed=(*state.computed, Computed(key, form.label, text, meaning)), columns=columns
    )


def _drawn(
    person: Viewer,
    source: Source,
    name: str,
    state: State,
    columns: dict[str, Column],
    form: Form,
    edited: str,
) -> str:
    path, use = f"/{source.plural}", USES[name]
    usable = {
        key: column
        for key, column in columns.items()
        if column.kind in KIND_OF_COLUMN and not column.is_masked and column.field.filter
    }
    removed = tuple(one for one in state.computed if one.key != edited)
    remove_url = (
        replace(state, computed=removed, columns=tuple(k for k in state.columns if k != edited)).address(path)
        if name == "compute" and edited
        else None
    )
    return render_template(
        "report/formula.html",
        source=source,
        title=str(use.title),
        hint=Markup(escape(str(use.hint))).format(example=_example(name, columns)),
        button=str(use.button),
        use=use,
        action=f"{path}/{name}",
        back=state.address(path),
        remove_url=remove_url,
        hidden=[*state.words(), ("edit", edited)] if edited else state.words(),
        form=form,
        columns=[_named(column) for column in usable.values() if not column.is_far],
        further=[(str(label), [_named(one) for one in some]) for label, some in by_reference(usable)],
        functions=[(signature, str(words)) for signature, words in FUNCTION_WORDS],
        tones=[(tone, str(words)) for tone, words in TONES_WORDS.items()] if name == "mark" else None,
        targets=[(key, str(column.label)) for key, column in columns.items() if column.is_listable]
        if name == "mark"
        else None,
        longest=LONGEST,
    )


def _named(column: Column) -> tuple[str, str]:
    return str(column.label), str(KINDS[KIND_OF_COLUMN[column.kind]])


TONES_WORDS: dict[str, LazyText] = {
    "warning": _l("Yellow: attention"),
    "critical": _l("Red: urgent"),
    "positive": _l("Green: fine"),
    "info": _l("Blue: note"),
}


def _example(name: str, columns: dict[str, Column]) -> Markup:
    """An example of columns this viewer has."""
    kinds: dict[str, Any] = {}
    for column in columns.values():
        if column.is_listable and not column.is_masked and column.field.filter:
            kinds.setdefault(column.kind, column.label)
    if name == "compute" and "money" in kinds:
        text = f"round([{kinds['money']}] / 12, 2)"
    elif "money" in kinds and name == "rule":
        text = f"[{kinds['money']}] > 1000"
    elif "day" in kinds:
        days = f"days_between(today(), [{kinds['day']}])"
        text = days if name == "compute" else f"{days} < 90"
    else:
        first = next(iter(kinds.values()), _("Column"))
        text = f"length([{first}])" if name == "compute" else f"[{first}] is empty"
    return Markup("<code>{}</code>").format(escape(text))
