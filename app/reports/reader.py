"""Who reads an overview: the person looking, without what the saved report he opens switches off for its readers."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from app.core.text import _
from app.reports.address import opened_here
from app.reports.saved.opening import STANDARD
from app.reports.source import Source
from app.reports.state import State
from app.reports.switches import BAR
from permissions import Function, Viewer
from permissions.door import the_viewer


def reader_of(source: Source, *needed: Function) -> Viewer:
    """The viewer as the report in the address leaves him; Forbidden where it switches off what is needed."""
    person = the_viewer()
    if opened := opened_here(person, source):
        person = person.without(opened.off_for(person))
        for function in needed:
            person.must(function)
    return person


def told_without_bar(person: Viewer, source: Source, state: State) -> Iterator[Markup]:
    """That an overview is filtered, and the way back, where no bar shows it; what the opened report says is meant."""
    opened, path = opened_here(person, source), f"/{source.plural}"
    if person.may(BAR) or not (state.conditions() or state.search or state.of):
        return
    if opened is None or opened.is_changed(state):
        url = f"{path}?report={opened.report.id if opened.report else STANDARD}" if opened else path
        yield Markup('{} <a href="{}">{}</a>').format(_("This view is filtered."), url, _("Reset all"))
