"""What `report=` in an address stands for: the words of a saved report, as far as its reader has them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection

from app.core.errors import NotFound
from app.reports.saved.actions import may_change
from app.reports.saved.documents import Document, Word, document_of, parts_of, words_of
from app.reports.saved.queries import Saved, report_of
from app.reports.source import Source
from app.reports.state import Base, State
from permissions import Viewer

STANDARD = "standard"
"""The overview as it is without any report, where one would open by itself."""
SAME = {"fields": "columns", "limit": "rows"}
"""Words of the API that say what others say on pages."""

Reader = Callable[[list[Word]], State]
"""Reads words with somebody's own columns; what he has not is left out."""


class Opened(NamedTuple):
    """A report under an address: what of it its reader has, and how much he has not."""

    report: Saved | None
    document: Document
    dropped: int

    @property
    def base(self) -> Base:
        return Base(str(self.report.id) if self.report else STANDARD, tuple(self.document))

    def under(self, asked: bytes) -> bytes:
        """An address with the report's words where it says nothing else; an empty word takes one away."""
        said = parse_qsl(asked.decode(), keep_blank_values=True)
        names = {SAME.get(name, name) for name, _value in said}
        words = [word for word in words_of(self.document) if word[0] not in names]
        words += [(name, value) for name, value in said if value or name not in self.document]
        return urlencode(words).encode()

    def off_for(self, viewer: Viewer) -> list[str]:
        return off_for(viewer, self.report) if self.report else []

    def is_changed(self, state: State) -> bool:
        return document_of(state) != self.document


def off_for(viewer: Viewer, report: Saved) -> list[str]:
    """The functions a report switches off for somebody; whoever may change it has them all."""
    return [] if may_change(viewer, report) else report.functions_off


def opened(connection: Connection, viewer: Viewer, source: Source, asked: str, reader: Reader) -> Opened:
    """The report an address names; NotFound if it is none of this overview that the viewer may open."""
    if asked == STANDARD:
        return Opened(None, {}, 0)
    try:
        report_id = uuid.UUID(asked)
    except ValueError:
        raise NotFound from None
    report = report_of(connection, viewer, report_id)
    if report.source is not source:
        raise NotFound
    return read_with(report, reader)


def read_with(report: Saved, reader: Reader) -> Opened:
    kept = document_of(reader(words_of(report.document)))
    return Opened(report, kept, len(parts_of(report.document) - parts_of(kept)))
