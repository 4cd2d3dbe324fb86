"""The record types that clients may see: the matrices of rights and fields go through them. Those of the desk are
closed to clients as a whole, and have tests of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.reports import source as sources
from app.reports.source import Source


class OfClients(Mapping[str, Source]):
    """Looked up when it is asked: the sources are declared when the portal is made."""

    def _known(self) -> dict[str, Source]:
        return {record: one for record, one in sources.SOURCES.items() if not one.area.staff_only}

    def __getitem__(self, record: str) -> Source:
        return self._known()[record]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())


SOURCES = OfClients()
