"""The record that an address names: one to choose, one that documents are uploaded to, one that a message is about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.errors import NotFound
from app.reports.record import seen_ids
from app.reports.source import SOURCES, Source
from permissions import Viewer


@dataclass(frozen=True)
class Place:
    """A record of any type."""

    record: str
    id: uuid.UUID

    @property
    def word(self) -> str:
        """How an address names it."""
        return f"{self.record}:{self.id}"

    @property
    def path(self) -> str:
        return f"/{SOURCES[self.record].plural}/{self.id}"


def place_named(connection: Connection, viewer: Viewer, word: str, among: tuple[str, ...]) -> Place | None:
    """The record of a word such as `contract:…`, none for an empty one. NotFound if it is of no type of `among`, or if
    the viewer does not see it."""
    if not word:
        return None
    record, _colon, name = word.partition(":")
    found = id_named(connection, viewer, SOURCES[record], name) if record in among else None
    if found is None:
        raise NotFound
    return Place(record, found)


def id_named(connection: Connection, viewer: Viewer, source: Source, word: str) -> uuid.UUID | None:
    """The record whose id the word is, none for an empty one; NotFound if the viewer does not see it."""
    if not word:
        return None
    try:
        record_id = uuid.UUID(word)
    except ValueError:
        raise NotFound from None
    if not seen_ids(connection, viewer, source, {record_id}):
        raise NotFound
    return record_id
