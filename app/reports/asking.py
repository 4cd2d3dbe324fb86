"""Overviews that the portal itself asks for, in the words an address would use: for the home page, for a calendar."""

from __future__ import annotations

from functools import lru_cache

from app.reports.columns import columns_of
from app.reports.reading import Problems, read
from app.reports.source import Source
from app.reports.state import State
from app.reports.switches import obeyed, switched_off
from permissions import Rights, Viewer


def state_with(viewer: Viewer, source: Source, *words: tuple[str, str]) -> State | None:
    """The state of an overview with these words; None when the viewer's profile does not reach that far."""
    return _state(source, viewer.rights, words) if viewer.may(source.area) else None


@lru_cache(maxsize=1024)
def _state(source: Source, rights: Rights, words: tuple[tuple[str, str], ...]) -> State | None:
    problems = Problems()
    state = read(words, columns_of(source, rights), source.sort, (), problems)
    return None if problems else state


def may_open(viewer: Viewer, state: State) -> bool:
    """Whether somebody may open such an overview: what it takes can be switched off."""
    off = switched_off(viewer.rights)
    return not (off and obeyed(off, state.words(), {})[1])


def way_to(viewer: Viewer, source: Source, state: State) -> str:
    """Its address; the plain overview for whoever may not open it so."""
    path = f"/{source.plural}"
    return state.address(path) if may_open(viewer, state) else path
