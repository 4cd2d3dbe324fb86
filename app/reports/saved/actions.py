"""What people do with saved reports: one function each. Checks come before what they write."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.core.errors import NotFound, Unacceptable
from app.core.text import _l
from app.reports.saved.access import is_manager
from app.reports.saved.documents import LARGEST, Document, words_of
from app.reports.saved.models import ReportDefault, SavedReport
from app.reports.saved.queries import Saved
from app.reports.source import Source
from permissions import Viewer
from permissions.noting import note

LONGEST_NAME = 80
MOST_REPORTS = 200
"""Of one person."""


def may_change(viewer: Viewer, report: Saved) -> bool:
    """The owner may; and once he has left, whoever manages the broker's reports."""
    return report.owner_id == viewer.user_id or (not report.is_owner_active and is_manager(viewer))


def must_change(viewer: Viewer, report: Saved) -> None:
    if not may_change(viewer, report):
        raise NotFound


def create(
    connection: Connection, viewer: Viewer, source: Source, name: str, document: Document
) -> uuid.UUID:
    """Keep a report under a new name."""
    _check_size(document)
    of_mine = (SavedReport.tenant_id == viewer.tenant_id, SavedReport.owner_id == viewer.user_id)
    count = connection.execute(select(func.count()).select_from(SavedReport).where(*of_mine)).scalar_one()
    if count >= MOST_REPORTS:
        raise Unacceptable({"name": _l("Keep at most {n} reports. Delete one first.", n=MOST_REPORTS)})
    name = free_name(connection, viewer, viewer.user_id, source, name)
    values = {"owner_id": viewer.user_id, "source": source.record, "name": name, "document": document}
    try:
        report_id = connection.execute(
            insert(SavedReport).values(tenant_id=viewer.tenant_id, **values).returning(SavedReport.id)
        ).scalar_one()
    except IntegrityError:
        # Somebody pressed the button twice: the other one came first.
        raise Unacceptable({"name": TAKEN}) from None
    note(
        connection,
        viewer,
        "report.create",
        "report",
        report_id,
        after={**values, "owner_id": str(viewer.user_id)},
    )
    return report_id


def rename(connection: Connection, viewer: Viewer, report: Saved, name: str) -> None:
    must_change(viewer, report)
    name = free_name(connection, viewer, report.owner_id, report.source, name, but=report.id)
    change(connection, viewer, report, "report.rename", {"name": name})


def save(connection: Connection, viewer: Viewer, report: Saved, document: Document) -> None:
    """Keep another state under the same name."""
    must_change(viewer, report)
    _check_size(document)
    change(connection, viewer, report, "report.save", {"document": document})


def switch(connection: Connection, viewer: Viewer, report: Saved, off: list[str]) -> None:
    """Switch functions off for those who read the report, and on again all others."""
    must_change(viewer, report)
    change(connection, viewer, report, "report.switch", {"functions_off": off})


def remove(connection: Connection, viewer: Viewer, report: Saved) -> None:
    """Delete a report, and with it the defaults and subscriptions that name it."""
    must_change(viewer, report)
    connection.execute(
        delete(SavedReport).where(SavedReport.tenant_id == viewer.tenant_id, SavedReport.id == report.id)
    )
    before = {"name": report.name, "source": report.source.record, "document": report.document}
    note(
        connection,
        viewer,
        "report.delete",
        "report",
        report.id,
        before={**before, "owner_id": str(report.owner_id)},
    )


def open_with(connection: Connection, viewer: Viewer, report: Saved) -> None:
    """Let the overview open with this report, for the viewer himself."""
    leave_default(connection, viewer, report.source)
    connection.execute(
        insert(ReportDefault).values(
            tenant_id=viewer.tenant_id,
            source=report.source.record,
            report_id=report.id,
            user_id=viewer.user_id,
        )
    )
    note(connection, viewer, "report.default", "report", report.id, after={"user_id": str(viewer.user_id)})


def leave_default(connection: Connection, viewer: Viewer, source: Source) -> None:
    """Let the overview open for the viewer as it does for others of his profile."""
    gone = connection.execute(
        delete(ReportDefault)
        .where(
            ReportDefault.tenant_id == viewer.tenant_id,
            ReportDefault.user_id == viewer.user_id,
            ReportDefault.source == source.record,
        )
        .returning(ReportDefault.report_id)
    ).scalar_one_or_none()
    if gone:
        note(connection, viewer, "report.default", "report", gone, before={"user_id": str(viewer.user_id)})


TOO_LONG = _l("This report is too long to be kept. Use fewer filters or columns.")
TAKEN = _l("You already have a report of this name. Choose another.")


def free_name(
    connection: Connection,
    viewer: Viewer,
    owner_id: uuid.UUID,
    source: Source,
    name: str,
    *,
    but: uuid.UUID | None = None,
) -> str:
    """The name as it is kept; Unacceptable if its owner cannot have it."""
    name = " ".join(name.split())
    if not name:
        raise Unacceptable({"name": _l("Enter a name.")})
    if len(name) > LONGEST_NAME:
        raise Unacceptable({"name": _l("At most {n} characters", n=LONGEST_NAME)})
    found = connection.execute(
        select(SavedReport.id).where(
            SavedReport.tenant_id == viewer.tenant_id,
            SavedReport.owner_id == owner_id,
            SavedReport.source == source.record,
            SavedReport.name_key == func.folded(name),
        )
    ).scalar()
    if found not in (None, but):
        raise Unacceptable({"name": TAKEN})
    return name


def change(
    connection: Connection, viewer: Viewer, report: Saved, act: str, values: dict[str, Any], **told: Any
) -> None:
    """Keep other values of a report, and in the audit what they were; `told` is what more to tell there."""
    rows = update(SavedReport).where(SavedReport.tenant_id == viewer.tenant_id, SavedReport.id == report.id)
    try:
        connection.execute(rows.values(**values, changed_at=func.now()))
    except IntegrityError:
        raise Unacceptable({"name": TAKEN}) from None
    before = {key: getattr(report, key) for key in values}
    note(connection, viewer, act, "report", report.id, before=_plain(before), after=_plain(values) | told)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: str(one) if isinstance(one, uuid.UUID) else one for key, one in values.items()}


def _check_size(document: Document) -> None:
    if sum(len(name) + len(value) for name, value in words_of(document)) > LARGEST:
        raise Unacceptable({"name": TOO_LONG})
