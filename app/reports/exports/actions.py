"""Asking for a large file, cancelling it, fetching it: each for oneself only."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Row, func, insert, select, update

from app.core.errors import NotFound, Refusal
from app.core.text import _, language
from app.reports.exports.job import write_export
from app.reports.exports.models import Export
from app.reports.exports.seal import seal
from app.reports.source import Source
from app.reports.state import State
from permissions import Viewer
from permissions.noting import note
from tenants.jobs import later

MOST_WAITING = 3
"""Files that one person may have in preparation."""
UNFINISHED = ("queued", "running")


class TooManyWaiting(Refusal):
    """He has asked for enough."""

    def __str__(self) -> str:
        return _(
            "{n} files are already being prepared for you. Wait for one of them, or cancel it.",
            n=MOST_WAITING,
        )


class Outdated(Refusal):
    """His rights are not those the file was written with."""

    def __str__(self) -> str:
        return _("What you may see has changed since this file was prepared. Prepare it again.")


def _own(viewer: Viewer) -> Any:
    """The files a person asked for in the organization he works in now."""
    return viewer.own(Export) & (Export.expires_at > func.now())


def exports_of(connection: Connection, viewer: Viewer) -> list[Row[Any]]:
    """His files and those on their way, latest first."""
    table = Export.__table__
    return list(connection.execute(select(table).where(_own(viewer)).order_by(Export.id.desc())))


def untold(connection: Connection, viewer: Viewer) -> list[Row[Any]]:
    """His files on their way, and those he was not told of yet what became of them."""
    known = (Export.id, Export.record, Export.ending, Export.state)
    wanted = _own(viewer), Export.seen_at.is_(None), Export.state != "cancelled"
    return list(connection.execute(select(*known).where(*wanted).order_by(Export.id)))


def see(connection: Connection, viewer: Viewer) -> None:
    """He has been told what became of his files."""
    connection.execute(
        update(Export)
        .where(_own(viewer), Export.seen_at.is_(None), Export.state.not_in(UNFINISHED))
        .values(seen_at=func.now())
    )


def request_export(
    connection: Connection,
    viewer: Viewer,
    source: Source,
    state: State,
    ending: str,
    *,
    rows: int,
    hours: int,
    is_mailed: bool = False,
) -> uuid.UUID:
    """Have a file prepared; it is written with the rights he has when that happens."""
    waiting = select(func.count()).select_from(Export).where(_own(viewer), Export.state.in_(UNFINISHED))
    if connection.scalar(waiting) >= MOST_WAITING:  # type: ignore[operator]
        raise TooManyWaiting
    export_id = connection.execute(
        insert(Export)
        .values(
            tenant_id=viewer.tenant_id,
            user_id=viewer.user_id,
            membership_id=viewer.membership_id,
            record=source.record,
            address=urlencode(replace(state, base=None).words()),
            ending=ending,
            language=language(),
            is_mailed=is_mailed,
            rows=rows,
            expires_at=func.now() + datetime.timedelta(hours=hours),
        )
        .returning(Export.id)
    ).scalar_one()
    told = {"record": source.record, "ending": ending, "rows": rows}
    note(connection, viewer, "export.request", "export", export_id, after=told)
    later(connection, write_export, export_id=export_id)
    return export_id


def cancel_export(connection: Connection, viewer: Viewer, export_id: uuid.UUID) -> None:
    """The job notices before its next lines."""
    cancelled = connection.execute(
        update(Export)
        .where(_own(viewer), Export.id == export_id, Export.state.in_(UNFINISHED))
        .values(state="cancelled", changed_at=func.now())
        .returning(Export.id)
    )
    if cancelled.one_or_none() is None:
        raise NotFound
    note(connection, viewer, "export.cancel", "export", export_id)


def fetch_export(connection: Connection, viewer: Viewer, export_id: uuid.UUID) -> Row[Any]:
    """The finished file; Outdated when its reader may see something else by now."""
    table = Export.__table__
    wanted = select(table).where(_own(viewer), Export.id == export_id, Export.state == "finished")
    found = connection.execute(wanted).one_or_none()
    if found is None:
        raise NotFound
    if found.seal != seal(connection, viewer):
        raise Outdated
    if viewer.look is None:
        connection.execute(
            update(Export).where(_own(viewer), Export.id == export_id).values(seen_at=func.now())
        )
    note(connection, viewer, "export.open", "export", export_id)
    return found
