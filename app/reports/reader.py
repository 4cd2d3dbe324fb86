"""Who reads an overview: the person looking, without what the saved report he opens switches off for its readers."""

from __future__ import annotations

from app.reports.address import opened_here
from app.reports.source import Source
from permissions import Function, Viewer
from permissions.door import viewer


def reader_of(source: Source, *needed: Function) -> Viewer:
    """The viewer as the report in the address leaves him; Forbidden where it switches off what is needed."""
    person: Viewer = viewer._get_current_object()  # type: ignore[attr-defined]
    if opened := opened_here(person, source):
        person = person.without(opened.off_for(person))
        for function in needed:
            person.must(function)
    return person
