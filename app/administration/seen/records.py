"""Which records somebody may ask about: those he sees himself, found by name, number, id or key."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from app.administration.seen.access import EXPLAIN, PATH, WHO_SEES
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, language
from app.reports import query
from app.reports.asking import state_with
from app.reports.columns import Column, columns_of
from app.reports.record import seen_ids, title_of_record
from app.reports.source import SOURCES, Source, stored
from app.reports.table import words_of
from permissions import Viewer

SHORT = ("text", "code", "reference")
"""Kinds of values that tell a record from others."""
FOUND = 5
"""So many records of each kind a search shows."""


@dataclass(frozen=True)
class Record:
    source: Source
    id: uuid.UUID

    @property
    def kind(self) -> str:
        return self.source.record

    @property
    def word(self) -> str:
        """How an address names it."""
        return f"{self.kind}:{self.id}"


def record_named(connection: Connection, asker: Viewer, word: str) -> Record:
    """The record of a word such as `contract:…`, by id or by the broker system's key; NotFound where it is not there,
    or not for the asker."""
    kind, _colon, name = word.partition(":")
    source = stored().get(kind)
    if source is None:
        raise NotFound
    record_id = _id(connection, asker, source, name)
    if record_id is None or not seen_ids(connection, asker, source, {record_id}):
        raise NotFound
    return Record(source, record_id)


def _id(connection: Connection, asker: Viewer, source: Source, name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        # Whoever does not read keys shall not find out whose one is.
        if not asker.may_read(source.record, "key"):
            return None
    t = source.table
    return connection.scalar(select(t.c.id).where(t.c.tenant_id == asker.tenant_id, t.c.key == name))


def records_like(
    connection: Connection, asker: Viewer, letters: str
) -> list[tuple[Source, list[tuple[Record, str, str]]]]:
    """What the searches of the overviews find for the asker, a few of each kind: title, and what else tells it from
    others."""
    found = []
    for source in stored().values():
        columns = columns_of(source, asker.rights)
        keys = dict.fromkeys((*source.title, source.subtitle, "policyholder"))
        listed = tuple(key for key in keys if key in columns and columns[key].kind in SHORT)
        state = state_with(asker, source, ("q", letters)) if source.title[0] in columns else None
        if state is None:
            continue
        state = replace(state, columns=listed, size=FOUND)
        page = query.page(connection, replace(asker, profile_currency=None), source, state)
        named = [
            (Record(source, row[0]), *_told(source, columns, listed, row[1 + page.key_count :]))
            for row in page.rows
        ]
        if named:
            found.append((source, named))
    return found


def _told(
    source: Source, columns: dict[str, Column], listed: tuple[str, ...], values: Sequence[Any]
) -> tuple[str, str]:
    formats = formats_for(language())
    told = {
        key: words_of(columns[key], value, None, formats)
        for key, value in zip(listed, values, strict=False)
        if value
    }
    title = [told[key] for key in source.title if key in told]
    return ", ".join(title), ", ".join(words for key, words in told.items() if key not in source.title)


def way_here(viewer: Viewer, source: Source, record_id: uuid.UUID) -> tuple[str, str, str] | None:
    """From a record's page to the question who sees it."""
    if not (viewer.may(WHO_SEES) and viewer.may(EXPLAIN)):
        return None
    return _("Who sees this?"), f"{PATH}?record={Record(source, record_id).word}", WHO_SEES.icon


class Names:
    """What records are called for the asker: what he does not see has no name for him, and is only what it is."""

    def __init__(self, connection: Connection, asker: Viewer) -> None:
        self.connection, self.asker = connection, asker
        self.known: dict[tuple[str, uuid.UUID], str] = {}

    def of(self, kind: str, record_id: uuid.UUID) -> str:
        if (kind, record_id) not in self.known:
            self.known[kind, record_id] = self._asked(SOURCES[kind], record_id)
        return self.known[kind, record_id]

    def _asked(self, source: Source, record_id: uuid.UUID) -> str:
        if not seen_ids(self.connection, self.asker, source, {record_id}):
            return str(source.schema.noun)
        title = title_of_record(self.connection, self.asker, source, record_id)
        return title if title == str(source.schema.noun) else f"{source.schema.noun} {title}"
