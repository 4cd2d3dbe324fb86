"""What the address of a request asks of an overview."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl

from flask import request

from app.reports.as_of import refusal
from app.reports.columns import columns_of, may_follow
from app.reports.source import SOURCES, Source
from app.reports.state import Problems, State, read
from permissions import Rights


@lru_cache(maxsize=2048)
def relations_of(source: Source, rights: Rights) -> list[str]:
    """The record types whose pages lead here, as far as a profile may go that way."""
    return [
        other.record
        for other in SOURCES.values()
        if any(one.record == source.record and may_follow(other, one, rights) for one in other.related)
    ]


def address_read(source: Source, rights: Rights, besides: tuple[str, ...] = ()) -> tuple[State, Problems]:
    """What the address asks for of an overview, and what of it is not understood; `besides` are words of others."""
    asked = request.query_string
    reader = _read if len(asked) <= LONGEST_KEPT else _read.__wrapped__
    state, problems = reader(source, rights, asked, besides)
    problems = Problems(dict(problems.by_control))
    if state.as_of and (wrong := refusal(source, state.as_of)):
        problems.add("as_of", wrong)
        state = replace(state, as_of=None)
    return state, problems


LONGEST_KEPT = 1000
"""Bytes of an address up to which what it means is kept: menus, links and programs ask for the same again."""


@lru_cache(maxsize=2048)
def _read(source: Source, rights: Rights, asked: bytes, besides: tuple[str, ...]) -> tuple[State, Problems]:
    problems = Problems()
    words = [pair for pair in parse_qsl(asked.decode(), keep_blank_values=True) if pair[0] not in besides]
    state = read(
        words,
        columns_of(source, rights),
        source.sort,
        relations_of(source, rights),
        problems,
        money=source.money,
    )
    return state, problems
