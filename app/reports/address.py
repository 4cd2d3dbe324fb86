"""What the address of a request asks of an overview."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from flask import g, request
from sqlalchemy import Connection

from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import LazyText
from app.reports.as_of import refusal
from app.reports.columns import may_follow
from app.reports.computed import columns_with
from app.reports.reading import Problems, read
from app.reports.record import title_of_record
from app.reports.saved.documents import Document
from app.reports.saved.opening import Opened, opened
from app.reports.source import SOURCES, Source
from app.reports.state import State
from app.reports.switches import ReportFunction, obeyed, switched_off
from permissions import Rights, Viewer


@lru_cache(maxsize=2048)
def relations_of(source: Source, rights: Rights) -> list[str]:
    """The record types whose pages lead here, as far as a profile may go that way."""
    return [
        other.record
        for other in SOURCES.values()
        if any(one.record == source.record and may_follow(other, one, rights) for one in other.related)
    ]


def address_read(person: Viewer, source: Source, besides: tuple[str, ...] = ()) -> tuple[State, Problems]:
    """What the address asks for of an overview, and what of it is not understood; `besides` are words of others."""
    asked, opened = request.query_string, opened_here(person, source)
    if opened:
        asked = opened.under(asked)
    refused: dict[str, LazyText] = {}
    if off := switched_off(person.rights):
        asked, refused = _as_allowed(off, asked, opened.document if opened else {}, besides)
    reader = _read if len(asked) <= LONGEST_KEPT else _read.__wrapped__
    state, problems = reader(source, person.rights, asked, besides)
    problems = Problems({**problems.by_control, **refused})
    state = _of_its_time(source, state, problems)
    return replace(state, base=opened.base) if opened else state, problems


def opened_here(person: Viewer, source: Source) -> Opened | None:
    """The saved report that the address of this request names, asked for once."""
    if "report" not in request.args:
        return None
    if "report" not in g:
        g.report = opened_by(person, source, request.args["report"])
    return g.report


def _as_allowed(
    off: frozenset[ReportFunction], asked: bytes, fixed: Document, besides: tuple[str, ...]
) -> tuple[bytes, dict[str, LazyText]]:
    said = parse_qsl(asked.decode(), keep_blank_values=True)
    others = [word for word in said if word[0] in besides]
    words, refused = obeyed(off, [word for word in said if word[0] not in besides], fixed)
    return urlencode(others + words).encode(), refused


LONGEST_KEPT = 1000
"""Bytes of an address up to which what it means is kept: menus, links and programs ask for the same again."""


@lru_cache(maxsize=2048)
def _read(source: Source, rights: Rights, asked: bytes, besides: tuple[str, ...]) -> tuple[State, Problems]:
    words = [pair for pair in parse_qsl(asked.decode(), keep_blank_values=True) if pair[0] not in besides]
    return _meant(source, rights, words)


def understood(source: Source, rights: Rights, words: Iterable[tuple[str, str]]) -> tuple[State, Problems]:
    """What words mean to a profile, and what of them it does not have or nobody understands."""
    state, problems = _meant(source, rights, words)
    return _of_its_time(source, state, problems), problems


def _of_its_time(source: Source, state: State, problems: Problems) -> State:
    """Asked each time, for the future does not stay one."""
    if state.as_of and (wrong := refusal(source, state.as_of)):
        problems.add("as_of", wrong)
        return replace(state, as_of=None)
    return state


def _meant(source: Source, rights: Rights, words: Iterable[tuple[str, str]]) -> tuple[State, Problems]:
    problems = Problems()
    state = read(
        words,
        columns_with(source, rights),
        source.sort,
        relations_of(source, rights),
        problems,
        money=source.money,
    )
    return state, problems


def opened_by(person: Viewer, source: Source, asked: str) -> Opened:
    """The saved report of this name in an address, as far as this person has what it shows."""

    def reader(words: list[tuple[str, str]]) -> State:
        state, _problems = understood(source, person.rights, words)
        try:
            of_title(person, state)
        except NotFound:
            # It is limited to a record that somebody else sees.
            return replace(state, of=None)
        return state

    return opened(transaction(), person, source, asked, reader)


def of_title(person: Viewer, state: State) -> str | None:
    """The name of the record the overview is limited to; NotFound if the viewer cannot see it."""
    return title_of(transaction(), person, state)


def title_of(connection: Connection, person: Viewer, state: State) -> str | None:
    """The same, away from a request."""
    if state.of is None:
        return None
    source = SOURCES[state.of[0]]
    if not person.may(source.area):
        raise NotFound
    return title_of_record(connection, person, source, state.of[1])


def asked_of_a_file(
    person: Viewer, source: Source, besides: tuple[str, ...] = ()
) -> tuple[State, str | None]:
    """What the address asks of a file, and the name of the record it is limited to; Unacceptable where it cannot be
    understood."""
    state, problems = address_read(person, source, besides)
    if problems:
        raise Unacceptable(problems.by_control)
    return in_a_file(person, source, state), of_title(person, state)


def in_a_file(person: Viewer, source: Source, state: State) -> State:
    """The state with the columns a file has: several references of one record stand in tables of links, and on its
    page only. NotFound where nothing is left."""
    columns = state.columns_in(source, person.rights)
    shown = tuple(key for key in state.columns if columns[key].kind != "references")
    if not shown and not state.grouping:
        raise NotFound
    return replace(state, columns=shown)
