"""The reports a person finds: his own, and those of colleagues that wait for him."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from app.claim_reports.choosing import Found, name_of
from app.claim_reports.loss import asked_of
from app.claim_reports.who import may_release, sees
from app.claims import CLAIM_SOURCE
from app.contracts import CONTRACT_SOURCE
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import LazyText, _, _lp, language
from app.objects import OBJECT_SOURCE
from app.reports.record import seen_ids
from permissions import Viewer

STATES: dict[str, tuple[LazyText, str]] = {
    "waiting": (_lp("claim_report", "Waiting for approval"), "warning"),
    "returned": (_lp("claim_report", "Handed back"), "critical"),
    "withdrawn": (_lp("claim_report", "Withdrawn"), "off"),
    "released": (_lp("claim_report", "Sent to the broker"), "positive"),
}
MOST = 100
"""Reports of a list; what is older is found among the claims."""

LINES = """
    select r.*, a.name as author, b.name as checked_by
      from claim_reports r
      join users a on a.tenant_id = :tenant and a.id = r.author_id
      left join users b on b.tenant_id = :tenant and b.id = r.checked_by_id
     where r.tenant_id = :tenant"""
MINE = """
       and r.author_id = :user and r.organization_id is not distinct from cast(:organization as uuid)"""
OF_COLLEAGUES = """
       and r.author_id <> :user and r.organization_id = :organization
       and exists (select 1 from visible_contracts v
                    where v.tenant_id = :tenant and v.scope_id = :scope and v.contract_id = r.contract_id)
       and (r.object_id is null
            or (:objects and exists (select 1 from visible_objects v
                                      where v.tenant_id = :tenant and v.scope_id = :scope and v.object_id = r.object_id)))"""
"""Those about what he sees himself."""
WAITS = " and r.state = 'waiting'"
COUNTED = "select count(*) from claim_reports r where r.tenant_id = :tenant"


@dataclass(frozen=True)
class Waiting:
    """How much waits for somebody: to be released, and handed back to him."""

    to_release: int
    returned: int


@dataclass(frozen=True)
class Line:
    """A report in a list."""

    id: uuid.UUID
    number: str
    state: tuple[str, str]
    author: str
    sent: str
    about: str


@dataclass(frozen=True)
class Report:
    """A report on its page."""

    row: Row[Any]
    is_own: bool
    state: tuple[str, str]
    sent: str
    contract: Found | None
    object: Found | None
    facts: list[tuple[str, str]]
    files: list[Mapping[str, Any]]
    claim_id: uuid.UUID | None
    """Where he can open it."""


def waiting_for(connection: Connection, viewer: Viewer) -> Waiting:
    """What of reports is his to do next."""
    returned = connection.execute(text(f"{COUNTED}{MINE} and r.state = 'returned'"), _asked(viewer))
    if not may_release(viewer):
        return Waiting(0, returned.scalar_one())
    found = connection.execute(text(COUNTED + OF_COLLEAGUES + WAITS), _asked(viewer))
    return Waiting(found.scalar_one(), returned.scalar_one())


def mine(connection: Connection, viewer: Viewer) -> list[Line]:
    """The latest first; those that he still has something to do with before all others."""
    order = f" order by r.state = 'returned' desc, r.state = 'waiting' desc, r.sent_at desc limit {MOST}"
    return [_line(row, viewer) for row in connection.execute(text(LINES + MINE + order), _asked(viewer))]


def to_release(connection: Connection, viewer: Viewer) -> list[Line]:
    """Those that wait for him, the oldest first."""
    if not may_release(viewer):
        return []
    query = f"{LINES}{OF_COLLEAGUES}{WAITS} order by r.sent_at limit {MOST}"
    return [_line(row, viewer) for row in connection.execute(text(query), _asked(viewer))]


def row_of(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> Row[Any]:
    """One of his own; or a colleague's that he may release, or could have released. NotFound."""
    query = text(
        f"{LINES} and r.id = :report and r.organization_id is not distinct from cast(:organization as uuid)"
    )
    row = connection.execute(query, {**_asked(viewer), "report": report_id}).one_or_none()
    if row is None or (row.author_id != viewer.user_id and not _is_for(connection, viewer, row)):
        raise NotFound
    return row


def _is_for(connection: Connection, viewer: Viewer, row: Row[Any]) -> bool:
    return (
        row.state != "withdrawn"
        and may_release(viewer)
        and sees(connection, viewer, row.contract_id, row.object_id)
    )


def report_of(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> Report:
    """What he reads of it: fields that his profile hides or masks of claims are not there. NotFound."""
    row = row_of(connection, viewer, report_id)
    known, formats = asked_of(viewer), formats_for(language())
    facts = []
    for name in ("claim_type", "occurred_on", "loss_location", "cause", "description", "claimed_amount"):
        value = getattr(row, name)
        if name not in known or value is None:
            continue
        field = CLAIM_SOURCE.schema.field(name)
        if isinstance(value, datetime.date):
            words = formats.day(value)
        elif name == "claimed_amount":
            words = formats.money(value, row.currency)
        else:
            words = field.words(value) if field.kind == "code" else str(value)
        facts.append((str(field.label), words))
    claims = {row.claim_id} if row.claim_id else set()
    return Report(
        row=row,
        is_own=row.author_id == viewer.user_id,
        state=_state(row.state),
        sent=formats.moment(row.sent_at),
        contract=name_of(connection, viewer, CONTRACT_SOURCE, row.contract_id),
        object=name_of(connection, viewer, OBJECT_SOURCE, row.object_id)
        if row.object_id and "object" in known
        else None,
        facts=facts,
        files=[
            {**one, "file_name": file_name(viewer, row, number), "size": formats.file_size(one["size"])}
            for number, one in enumerate(row.files)
        ],
        claim_id=row.claim_id if seen_ids(connection, viewer, CLAIM_SOURCE, claims) else None,
    )


def file_name(viewer: Viewer, row: Row[Any], number: int) -> str:
    """How a file of a report is called: for who may read no names of documents, by its place."""
    if row.author_id == viewer.user_id or viewer.may_read("document", "file_name"):
        return str(row.files[number]["file_name"])
    return _("File {n}", n=number + 1)


def _line(row: Row[Any], viewer: Viewer) -> Line:
    formats, known = formats_for(language()), asked_of(viewer)
    said = []
    if row.claim_type and "claim_type" in known:
        said.append(CLAIM_SOURCE.schema.field("claim_type").words(row.claim_type))
    if row.occurred_on and "occurred_on" in known:
        said.append(formats.day(row.occurred_on))
    return Line(
        row.id, row.number, _state(row.state), row.author, formats.moment(row.sent_at), ", ".join(said)
    )


def _state(state: str) -> tuple[str, str]:
    words, tone = STATES[state]
    return str(words), tone


def _asked(viewer: Viewer) -> dict[str, Any]:
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "organization": viewer.organization_id,
        "scope": viewer.scope_id,
        "objects": viewer.may(OBJECT_SOURCE.area),
    }
