"""The audit log as a CSV file, with number and hash of each row: what is kept elsewhere proves the chain."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator

from sqlalchemy import Engine

from app.administration.audit.entries import Entry, entries_of
from app.administration.audit.queries import Wanted, rows_of
from app.core.text import _, _p, labelled, language
from app.reports.files import harmless_text
from tenants import current

AT_ONCE = 500
"""Rows that are read together."""


def csv_pieces(engine: Engine, tenant_id: uuid.UUID, wanted: Wanted) -> Iterator[bytes]:
    """The rows of all pages, newest first, in a transaction of their own."""
    delimiter = "," if language() == "en" else ";"
    yield "\ufeff".encode() + _written([_headings()], delimiter)
    place = None
    with current.acting_for(tenant_id), current.patient_for(None), engine.connect() as connection:
        while rows := rows_of(connection, wanted, AT_ONCE, place):
            place = rows[-1].at, rows[-1].id
            entries = entries_of(connection, rows)
            yield _written(
                [
                    _line(entry, row.at.isoformat(timespec="seconds"), row.act, row.hash)
                    for entry, row in zip(entries, rows, strict=True)
                ],
                delimiter,
            )


def _headings() -> list[str]:
    return [
        _p("audit", "Number"),
        _("When"),
        _("Who"),
        _("As whom"),
        _("What"),
        _("Act code"),
        _("Concerning"),
        _("Name"),
        _("Before and after"),
        _("Check value"),
        "id",
    ]


def _line(entry: Entry, at: str, act: str, check: bytes | None) -> list[str]:
    said = [labelled(fact.label, f"{fact.was or '–'} → {fact.became or '–'}") for fact in entry.facts]
    cells = (
        "" if entry.number is None else str(entry.number),
        at,
        entry.who,
        entry.as_whom or "",
        entry.what,
        act,
        entry.record or "",
        entry.name or "",
        "; ".join(said),
        check.hex() if check else "",
        str(entry.id),
    )
    return [harmless_text(cell) for cell in cells]


def _written(lines: list[list[str]], delimiter: str) -> bytes:
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter).writerows(lines)
    return held.getvalue().encode()
