"""Sending a report, withdrawing it, and what it becomes: a claim, or something that waits for a colleague."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Connection, Row, insert, select, text, update
from werkzeug.datastructures import FileStorage

from app.claim_reports import notices
from app.claim_reports.choosing import ground_of, risk_addresses
from app.claim_reports.loss import Loss, checked, currencies
from app.claim_reports.models import ClaimReport
from app.claim_reports.who import releasers_of, sees
from app.claims import open_claim
from app.claims.access import REPORT_CLAIMS
from app.core.errors import NotFound, Refusal
from app.core.storage import Storage
from app.core.text import _, _l
from app.documents import uploads
from app.documents.access import UPLOAD_DOCUMENTS
from app.reports.places import Place
from app.reports.typed import number_typed
from permissions import Viewer
from permissions.noting import note
from tenants import visibility
from tenants.jobs import later

NEXT_NUMBER = """
    insert into claim_report_numbers (tenant_id, year, last) values (:tenant, :year, 1)
    on conflict (tenant_id, year) do update set last = claim_report_numbers.last + 1
    returning last"""
TYPES = ("claim_documents", "photo", "other")
"""What files that come with a report are, the first of these that the broker offers."""


class Settled(Refusal):
    """What was to be done with a report that is somewhere else by now."""

    status = 409
    heading = _l("This report has moved on")

    def __str__(self) -> str:
        return _("Somebody was quicker, or the report was withdrawn. Open it again to see how it stands.")


@dataclass(frozen=True)
class Typed:
    """What somebody sends: the words of the form, files, which of the files that are there stay, and the form's own mark."""

    said: Mapping[str, str]
    files: list[FileStorage] = field(default_factory=list)
    kept: frozenset[str] = frozenset()
    mark: str = ""
    number: Callable[[str], Decimal | None] = number_typed
    """How an amount is read: as people write it in their language, unless a program does."""

    def once(self, viewer: Viewer, contract_id: uuid.UUID, files: Iterable[str] = ()) -> str:
        """The same for a form that is sent twice in one organization, and another as soon as anything else was typed
        into it, or comes with other `files`."""
        where = [str(viewer.organization_id), str(contract_id)]
        told = [self.mark or str(uuid.uuid4()), *where, dict(self.said), *sorted(files)]
        return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def loss_of(connection: Connection, viewer: Viewer, contract_id: uuid.UUID, typed: Typed) -> Loss:
    """What happened, if it can be taken. Unacceptable."""
    ground = ground_of(connection, viewer, contract_id)
    places = risk_addresses(connection, viewer, contract_id, ground)
    offered = currencies(ground, viewer)
    return checked(connection, viewer, contract_id, typed.said, places, offered, typed.number)


def send(
    connection: Connection, storage: Storage, viewer: Viewer, contract_id: uuid.UUID, typed: Typed
) -> uuid.UUID:
    """Report a claim on a contract that was found among those he sees. Without four eyes it is one at once, with them
    it waits for a colleague. Sent twice, it is one report. Unacceptable."""
    viewer.must(REPORT_CLAIMS)
    loss = loss_of(connection, viewer, contract_id, typed)
    files = _stored(connection, storage, viewer, typed.files)
    # From here on one at a time: whoever sends the same form a moment later finds what this one made.
    visibility.lock(connection)
    # What was taken from him while he waited is nothing to report on any more.
    if not sees(connection, viewer, contract_id, loss.object_id):
        raise NotFound
    sent = {one["sha256"] for one in files}
    for once in (typed.once(viewer, contract_id), typed.once(viewer, contract_id, sent)):
        mine = select(ClaimReport.id, ClaimReport.files).where(
            ClaimReport.tenant_id == viewer.tenant_id,
            ClaimReport.author_id == viewer.user_id,
            ClaimReport.once == once,
        )
        there = connection.execute(mine).one_or_none()
        if there is None:
            break
        # Who went back finds no files in his form any more. With others than before it is another report: they
        # would be lost without a word.
        if sent <= {one["sha256"] for one in there.files}:
            return there.id  # type: ignore[no-any-return]
    report_id: uuid.UUID = connection.execute(
        insert(ClaimReport)
        .values(
            tenant_id=viewer.tenant_id,
            organization_id=viewer.organization_id,
            author_id=viewer.user_id,
            once=once,
            number=_next_number(connection, viewer),
            state="waiting",
            files=[_as_json(one) for one in files],
            **loss.values,
        )
        .returning(ClaimReport.id)
    ).scalar_one()
    report = own(connection, viewer, report_id)
    note(connection, viewer, "claim_report.sent", "claim_report", report_id, after=told(report))
    _pass_on(connection, viewer, report)
    return report_id


def send_again(
    connection: Connection, storage: Storage, viewer: Viewer, report_id: uuid.UUID, typed: Typed
) -> None:
    """Send a report anew that was handed back, changed or not. Unacceptable."""
    viewer.must(REPORT_CLAIMS)
    report = own(connection, viewer, report_id)
    loss = loss_of(connection, viewer, report.contract_id, typed)
    files = _stored(connection, storage, viewer, typed.files)
    visibility.lock(connection)
    report = _in_state(own(connection, viewer, report_id, is_locked=True), "returned")
    if not sees(connection, viewer, report.contract_id, loss.object_id):
        raise NotFound
    kept = [one for one in report.files if one["id"] in typed.kept]
    set_report(
        connection,
        report,
        state="waiting",
        sent_at=datetime.datetime.now(datetime.UTC),
        reason=None,
        checked_by_id=None,
        files=[*kept, *map(_as_json, files)],
        **loss.values,
    )
    report = own(connection, viewer, report_id)
    note(connection, viewer, "claim_report.changed", "claim_report", report_id, after=told(report))
    _pass_on(connection, viewer, report)


def send_now(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> None:
    """Let a report go that waits for nobody any more, since four eyes were switched off meanwhile. NotFound where he
    does not see any more what it is about."""
    viewer.must(REPORT_CLAIMS)
    visibility.lock(connection)
    report = _in_state(own(connection, viewer, report_id, is_locked=True), "waiting")
    if not sees(connection, viewer, report.contract_id, report.object_id):
        raise NotFound
    if ground_of(connection, viewer, report.contract_id).four_eyes:
        raise Settled
    become(connection, report, viewer, None)


def withdraw(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> None:
    """Take back what is no claim yet. Nobody at the broker’s has heard of it."""
    report = _in_state(own(connection, viewer, report_id, is_locked=True), "waiting", "returned")
    set_report(connection, report, state="withdrawn")
    note(connection, viewer, "claim_report.withdrawn", "claim_report", report.id, before=told(report))


def own(connection: Connection, viewer: Viewer, report_id: uuid.UUID, *, is_locked: bool = False) -> Row[Any]:
    """A report of his own, in the organization he works in now. NotFound."""
    query = select(ClaimReport.__table__).where(
        ClaimReport.tenant_id == viewer.tenant_id,
        ClaimReport.id == report_id,
        ClaimReport.author_id == viewer.user_id,
        ClaimReport.organization_id.is_not_distinct_from(viewer.organization_id),
    )
    report = connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    if report is None:
        raise NotFound
    return report


def _in_state(report: Row[Any], *states: str) -> Row[Any]:
    if report.state not in states:
        raise Settled
    return report


def told(report: Row[Any]) -> dict[str, Any]:
    """What the log says of a report: which one it is, and on what. What happened stands in the report."""
    return {"number": report.number, "contract_id": str(report.contract_id)}


def _pass_on(connection: Connection, viewer: Viewer, report: Row[Any]) -> None:
    """A report that was just sent goes on: to the broker, or to those who may release it."""
    if viewer.organization_id is None or not ground_of(connection, viewer, report.contract_id).four_eyes:
        become(connection, report, viewer, None)
        return
    for one in releasers_of(
        connection, viewer.organization_id, viewer.user_id, report.contract_id, report.object_id
    ):
        assert one.membership_id
        later(
            connection,
            notices.tell_releaser,
            report_id=report.id,
            user_id=one.user_id,
            membership_id=one.membership_id,
        )


def become(connection: Connection, report: Row[Any], author: Viewer, releaser: Viewer | None) -> None:
    """Make the claim that a report tells of, with its documents. The broker's lock is held already."""
    claim_id: uuid.UUID = connection.execute(text("select uuidv7()")).scalar_one()
    ground = ground_of(connection, author, report.contract_id)
    open_claim(
        connection,
        claim_id,
        {
            "broker_number": report.number,
            "contract_id": report.contract_id,
            "object_id": report.object_id,
            "policyholder_id": ground.policyholder_id,
            "claim_type": report.claim_type,
            "cause": report.cause,
            "occurred_on": report.occurred_on,
            "reported_on": author.today,
            "loss_location": report.loss_location,
            "description": report.description,
            "claimed_amount": report.claimed_amount,
            "currency": report.currency,
            "claims_handler_id": ground.claims_handler_id,
            "reported_by_id": report.author_id,
        },
    )
    if report.files:
        place = Place("claim", claim_id)
        uploads.write(
            connection, author, place, [{**one, "id": uuid.UUID(one["id"])} for one in report.files]
        )
    checked_by = releaser.user_id if releaser else None
    set_report(connection, report, state="released", claim_id=claim_id, checked_by_id=checked_by)
    after = {"broker_number": report.number, "reported_by_id": str(report.author_id)}
    note(connection, releaser or author, "claim.reported", "claim", claim_id, after=after)
    later(connection, notices.tell_handler, claim_id=claim_id)


def set_report(connection: Connection, report: Row[Any], **values: Any) -> None:
    connection.execute(
        update(ClaimReport)
        .where(ClaimReport.tenant_id == report.tenant_id, ClaimReport.id == report.id)
        .values(**values, changed_at=datetime.datetime.now(datetime.UTC))
    )


def _next_number(connection: Connection, viewer: Viewer) -> str:
    """Each broker counts his own from the beginning of each year, so no number tells of others."""
    values = {"tenant": viewer.tenant_id, "year": viewer.today.year}
    return f"M-{viewer.today.year}-{connection.execute(text(NEXT_NUMBER), values).scalar_one():04}"


def _stored(
    connection: Connection, storage: Storage, viewer: Viewer, files: list[FileStorage]
) -> list[dict[str, Any]]:
    files = [file for file in files if file.filename]
    if not files or not viewer.may(UPLOAD_DOCUMENTS):
        return []
    types = uploads.limits_of(connection, viewer).types
    kind = next((one for one in TYPES if one in types), types[0])
    return uploads.store(connection, storage, viewer, uploads.Wish(kind, "", ""), files)


def _as_json(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "id": str(document["id"]), "dated_on": None}
