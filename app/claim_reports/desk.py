"""Reports that are no claims yet, and what became of them: a person's own, and those of colleagues that wait for him."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.claim_reports import reading, releasing, sending
from app.claim_reports.choosing import ground_of
from app.claim_reports.views import DEALING
from app.claim_reports.ways import REPORT, REPORTS
from app.claim_reports.who import may_report, releasers_of
from app.claims import CLAIM_SOURCE
from app.claims.access import READ_CLAIMS, RELEASE_CLAIMS, REPORT_CLAIMS
from app.core.db import drop, transaction
from app.core.errors import NotFound, Unacceptable
from app.documents.access import DOWNLOAD_DOCUMENTS, READ_DOCUMENTS, UPLOAD_DOCUMENTS
from app.documents.views import attachment
from app.reports import contacts
from permissions.door import allow, the_viewer
from permissions.noting import note

pages = Blueprint("claim_reports", __name__)

ONE = f"{REPORTS}/<uuid:report_id>"


@pages.get(REPORTS)
@allow(READ_CLAIMS)
def index() -> str:
    connection, who = transaction(), the_viewer()
    return render_template(
        "claim_reports/index.html",
        path=REPORTS,
        report=REPORT if may_report(who) else None,
        to_release=reading.to_release(connection, who) if who.may(RELEASE_CLAIMS) else None,
        mine=reading.mine(connection, who),
        way=(str(CLAIM_SOURCE.area.label), f"/{CLAIM_SOURCE.plural}"),
        is_done="done" in request.args,
    )


@pages.get(ONE)
@allow(READ_CLAIMS)
def show(report_id: uuid.UUID) -> str:
    return _page(report_id)


@pages.post(f"{ONE}/release")
@allow(READ_CLAIMS, RELEASE_CLAIMS)
def release(report_id: uuid.UUID) -> Response:
    releasing.release(transaction(), the_viewer(), report_id)
    return redirect(f"{REPORTS}/{report_id}", 303)


@pages.post(f"{ONE}/return")
@allow(READ_CLAIMS, RELEASE_CLAIMS)
def hand_back(report_id: uuid.UUID) -> Any:
    reason = request.form.get("reason", "")
    try:
        releasing.hand_back(transaction(), the_viewer(), report_id, reason)
    except Unacceptable as refused:
        drop()
        return _page(report_id, reason, str(refused.problems["reason"])), 422
    return redirect(f"{REPORTS}/{report_id}", 303)


@pages.post(f"{ONE}/withdrawal")
@allow(READ_CLAIMS, REPORT_CLAIMS)
def withdraw(report_id: uuid.UUID) -> Response:
    sending.withdraw(transaction(), the_viewer(), report_id)
    return redirect(f"{REPORTS}/{report_id}", 303)


@pages.post(f"{ONE}/sending")
@allow(READ_CLAIMS, REPORT_CLAIMS)
def send_now(report_id: uuid.UUID) -> Response:
    sending.send_now(transaction(), the_viewer(), report_id)
    return redirect(f"{REPORTS}/{report_id}?done=1", 303)


@pages.get(f"{ONE}/files/<uuid:file_id>")
@allow(READ_CLAIMS, READ_DOCUMENTS, DOWNLOAD_DOCUMENTS)
def file(report_id: uuid.UUID, file_id: uuid.UUID) -> Response:
    """A file that came with a report, for its author and for who decides on it."""
    row = reading.row_of(transaction(), the_viewer(), report_id)
    place = next((place for place, one in enumerate(row.files) if one["id"] == str(file_id)), None)
    if place is None:
        raise NotFound
    found, name = row.files[place], reading.file_name(the_viewer(), row, place)
    after = {"file_name": found["file_name"]}
    note(transaction(), the_viewer(), "file.download", "claim_report", report_id, after=after)
    return attachment(found["sha256"], found["media_type"], found["size"], name)


def _page(report_id: uuid.UUID, reason: str = "", error: str | None = None) -> str:
    connection, who = transaction(), the_viewer()
    found = reading.report_of(connection, who, report_id)
    row, team = found.row, {}
    if found.claim_id:
        team = contacts.of_record(connection, who, CLAIM_SOURCE, found.claim_id)
    has_four_eyes = bool(row.organization_id) and ground_of(connection, who, row.contract_id).four_eyes
    able = []
    if row.state == "waiting" and found.is_own and row.organization_id and has_four_eyes:
        able = releasers_of(connection, row.organization_id, row.author_id, row.contract_id, row.object_id)
    return render_template(
        "claim_reports/show.html",
        path=f"{REPORTS}/{report_id}",
        reports=REPORTS,
        found=found,
        is_done="done" in request.args,
        has_four_eyes=has_four_eyes,
        releasers=[one.name for one in able],
        handler=next((team[key] for key in DEALING if key in team), None),
        may_report=may_report(who),
        may_download=who.may(READ_DOCUMENTS) and who.may(DOWNLOAD_DOCUMENTS),
        may_upload=who.may(READ_DOCUMENTS) and who.may(UPLOAD_DOCUMENTS),
        reason=reason,
        error=error,
        way=(str(CLAIM_SOURCE.area.label), f"/{CLAIM_SOURCE.plural}"),
    )
