"""The data sheet of a record: what its page says to this viewer, on the house's paper."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from app.core.db import transaction
from app.core.text import _
from app.core.typeset import pdf
from app.reports.detail import record_seen, side_by_side
from app.reports.details import Fact
from app.reports.letterhead import letterhead
from app.reports.printed import TEMPLATES, rows_table
from app.reports.related import followed, related_page
from app.reports.source import SOURCES, Source
from app.reports.spoken import Run, spoken
from permissions import Viewer
from tenants.directory import House

SHOWN = ("contract", "object", "claim")
"""What belongs to a record and stands on its sheet. Papers, invoices and talks stay in the portal."""
MOST_RELATED = 10


def sheet_pdf(person: Viewer, house: House, source: Source, record_id: uuid.UUID) -> bytes:
    """The sheet; NotFound if the record is not there or not for this viewer."""
    record = record_seen(person, source, record_id)
    badge = [record.badge[0]] if record.badge else []
    told = {
        **letterhead(
            person, house, record.title, kind=str(source.sheet), sub="  ·  ".join(badge + record.bits)
        ),
        "figures": [(label, words, unit) for label, words, unit, *_rest in record.figures],
        "groups": [(title, _told(facts), is_half) for title, facts, is_half in side_by_side(record.groups)],
        "tables": list(_tables(person, source, record_id)),
        "team": [(one.name, one.role, one.phone or "", one.email) for one in record.team],
        "contacts": _("Your contacts"),
        "foreign": (_("As named by the GDV"), _told(record.foreign)),
    }
    return pdf(TEMPLATES / "sheet.typ", told, person.today)


def _told(facts: list[Fact]) -> list[tuple[str, list[list[Run]]]]:
    return [(label, spoken(value)) for label, value in facts]


def _tables(person: Viewer, source: Source, record_id: uuid.UUID) -> Iterator[dict[str, Any]]:
    for record in followed(person, source):
        if record not in SHOWN:
            continue
        found = related_page(transaction(), person, source, record_id, record, MOST_RELATED)
        if found is not None:
            placed, page = found
            table = rows_table(SOURCES[record], placed, page.rows, 1 + page.key_count)
            table.total = None
            more = _("The first {n}; the portal has all of them.", n=MOST_RELATED) if page.has_next else ""
            yield {"title": str(SOURCES[record].schema.nouns), "more": more, **table.told(is_upright=True)}
