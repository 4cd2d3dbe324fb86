"""What jobs hand out when nobody asks at that moment: reports by mail, and large files that were prepared."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import text

from app.core.db import db
from app.reports.exports.job import write_export
from app.reports.subscriptions import sending
from tenants import current
from tests.factories import Make
from tests.security.stock import unpacked

Answer = tuple[int, bytes]
DAY = datetime.date(2026, 1, 1)


def subscribed(make: Make, membership: uuid.UUID, reports: dict[str, list[Any]]) -> dict[str, uuid.UUID]:
    """A member's subscriptions to reports, by record type and number."""
    return {
        f"{record} {number}": make.row(
            "report_subscriptions", report_id=report, user_id=make.user_of(membership), membership_id=membership, rhythm="daily",
            starts_on=DAY, ends_on=DAY,
        )
        for record, some in reports.items()
        for number, report in enumerate(some)
    }  # fmt: skip


def prepared(make: Make, membership: uuid.UUID, columns: dict[str, list[str]]) -> dict[str, uuid.UUID]:
    """Files of these columns that a member asked for, by record type."""
    return {
        record: make.row(
            "exports", user_id=make.user_of(membership), membership_id=membership, record=record, language="en", rows=0,
            address=urlencode({"columns": ",".join(some)}), expires_at=datetime.datetime(2126, 1, 1, tzinfo=datetime.UTC),
        )
        for record, some in columns.items()
        if some
    }  # fmt: skip


def mailed(portal: Flask, tenant: uuid.UUID, subscription: uuid.UUID) -> Answer:
    """What a mail says and brings along; 404 where none is sent."""
    with portal.app_context(), current.acting_for(tenant), db.engine.connect() as connection:
        values = {"tenant": tenant, "id": subscription}
        asked = connection.execute(text(sending.ASKED), values).one()
        try:
            with sending.within(connection):
                message, _result = sending.composed(connection, asked, subscription)
        except sending.NotSent as reason:
            return 404, reason.result.encode()
    parts = [part for part in message.walk() if not part.is_multipart()]
    said = [str(message["Subject"]).encode(), *(part.get_payload(decode=True) for part in parts)]
    return 200, b"\n".join(said)


def written(portal: Flask, make: Make, export: uuid.UUID) -> Answer:
    """The file that the job writes now; 404 where it refuses to."""
    make.change("exports", export, state="queued", file=None)
    with portal.app_context(), current.acting_for(make.tenant_id):
        with db.engine.begin() as connection:
            write_export(connection, export)
        with db.engine.begin() as connection:
            found = text("select file, reason from exports where tenant_id = :t and id = :id")
            file, reason = connection.execute(found, {"t": make.tenant_id, "id": export}).one()
        if file is None:
            return 404, str(reason).encode()
        return 200, unpacked(b"".join(portal.extensions["storage"].read(make.tenant_id, file)))


def later(
    portal: Flask, make: Make, mails: dict[str, uuid.UUID], files: dict[str, uuid.UUID]
) -> Iterator[tuple[str, Callable[[], Answer]]]:
    """Each mail and file by a name, and how to have it made now."""
    for name, subscription in mails.items():
        yield f"mail {name}", partial(mailed, portal, make.tenant_id, subscription)
    for record, export in files.items():
        yield f"file {record}", partial(written, portal, make, export)
