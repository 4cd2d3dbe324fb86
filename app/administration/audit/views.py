"""The page of the audit log: every act, newest first, found by person, thing, act and day."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, stream_with_context
from sqlalchemy import Connection

from app.administration.audit.access import AUDIT_LOG, EXPORT_AUDIT, READ_AUDIT
from app.administration.audit.entries import entries_of
from app.administration.audit.file import csv_pieces
from app.administration.audit.queries import Wanted, people_called, place_of, rows_of, things_called
from app.administration.audit.words import ACTS, RECORDS, record_in_words
from app.core.db import db, transaction
from app.core.text import LazyText, _l, by_words
from app.reports.source import stored
from permissions.door import allow, viewer
from permissions.noting import note
from tenants import visibility

pages = Blueprint("audit", __name__)

PER_PAGE = 50
LONGEST = 200
"""Characters of a name that is looked for."""
WORDS = ("person", "act", "record", "name", "from", "to")
"""Of the address, besides the place of the page."""


@dataclass
class Asked:
    """What the address asks for, and what of it cannot be."""

    typed: dict[str, str]
    problems: dict[str, LazyText] = field(default_factory=dict)
    since: datetime.date | None = None
    until: datetime.date | None = None

    def wanted(self, connection: Connection) -> Wanted:
        typed = self.typed
        return Wanted(
            people=people_called(connection, typed["person"]) if typed["person"] else None,
            act=typed["act"] or None,
            record=typed["record"] or None,
            ids=things_called(connection, typed["record"] or None, typed["name"]) if typed["name"] else None,
            since=_moment(self.since, datetime.time.min),
            until=_moment(self.until, datetime.time.max),
        )

    def address(self, path: str, **more: object) -> str:
        words = {name: value for name, value in self.typed.items() if value} | more
        return f"{path}?{urlencode(words)}" if words else path


def asked(words: Mapping[str, str]) -> Asked:
    found = Asked({name: words.get(name, "").strip()[:LONGEST] for name in WORDS})
    for name, known in (("act", ACTS), ("record", {*RECORDS, *stored()})):
        if found.typed[name] and found.typed[name] not in known:
            found.problems[name] = _l("Choose one.")
    for name, place in (("from", "since"), ("to", "until")):
        if said := found.typed[name]:
            try:
                setattr(found, place, datetime.date.fromisoformat(said))
            except ValueError:
                found.problems[name] = _l("Enter a date.")
    if found.since and found.until and found.until < found.since:
        found.problems["to"] = _l("The end is before the start.")
    return found


def _moment(day: datetime.date | None, time: datetime.time) -> datetime.datetime | None:
    """The beginning or the end of the broker's day."""
    return day and datetime.datetime.combine(day, time, visibility.BERLIN)


@pages.get("/audit")
@allow(AUDIT_LOG, READ_AUDIT)
def index() -> tuple[str, int]:
    what, rows, older = asked(request.args), [], None
    if not what.problems:
        wanted, before = what.wanted(transaction()), _id(request.args.get("before", ""))
        place = place_of(transaction(), before) if before else None
        rows = rows_of(transaction(), wanted, PER_PAGE + 1, place)
        if len(rows) > PER_PAGE:
            rows = rows[:PER_PAGE]
            older = what.address("/audit", before=rows[-1].id)
    page = render_template(
        "administration/audit/index.html",
        entries=entries_of(transaction(), rows),
        typed=what.typed,
        errors={name: str(sentence) for name, sentence in what.problems.items()},
        acts=by_words(ACTS.items()),
        records=by_words((record, record_in_words(record)) for record in {*RECORDS, *stored()}),
        is_filtered=any(what.typed.values()),
        file_url=what.address("/audit.csv") if viewer.may(EXPORT_AUDIT) and not what.problems else None,
        older=older,
        newest=what.address("/audit") if request.args.get("before") else None,
    )
    return page, 422 if what.problems else 200


@pages.get("/audit.csv")
@allow(AUDIT_LOG, READ_AUDIT, EXPORT_AUDIT)
def file() -> Any:
    what = asked(request.args)
    if what.problems:
        return index()
    told = {name: value for name, value in what.typed.items() if value}
    wanted = what.wanted(transaction())
    note(transaction(), viewer, "audit.export", after=told or None)
    name = f"audit-{visibility.today()}.csv"
    return Response(
        stream_with_context(csv_pieces(db.engine, viewer.tenant_id, wanted)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _id(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except ValueError:
        return None
