"""Writing a large file: away from any request, with the rights that its reader has now."""

from __future__ import annotations

import datetime
import time
import uuid
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app
from sqlalchemy import Connection, Engine, delete, func, select, update

from app.core.db import within
from app.core.errors import NotFound, Refusal, Unacceptable
from app.core.formats import formats_for
from app.core.outbox import Job
from app.core.text import _, labelled, language, speaking
from app.reports.access import EXPORT
from app.reports.address import title_of, understood
from app.reports.exports.models import Export
from app.reports.exports.seal import seal
from app.reports.facts import rows_in
from app.reports.letters import write_to
from app.reports.making import MEDIA_TYPES, Asked, pieces_apart
from app.reports.source import SOURCES
from app.reports.switches import FILES
from permissions import Viewer
from permissions.arrival import viewer_of
from tenants import current
from tenants.directory import house_of
from tenants.jobs import later

FOLDER = "exports/"
PAUSE = 1.0
"""Seconds between two looks at whether it is still wanted, each telling how far it is."""


class Cancelled(Exception):
    """Nobody wants it any more."""


class Withdrawn(Refusal):
    """What was asked for is not his to see any more."""

    def __str__(self) -> str:
        return _("What this file was to show is not part of your access any more.")


def _one(export_id: uuid.UUID) -> Any:
    return (Export.tenant_id == current.tenant_id()) & (Export.id == export_id)


class Progress:
    """Tells how far a file is, in transactions of its own: what the job itself writes is seen when it is done."""

    def __init__(self, engine: Engine, export_id: uuid.UUID) -> None:
        self._engine, self._export_id, self._told_at = engine, export_id, time.monotonic()

    def begin(self) -> None:
        self._say(
            {"state": "running", "rows_done": 0, "reason": None, "seen_at": None},
            ("queued", "running", "failed"),
        )

    def tell(self, rows: int) -> None:
        """Now and then. Cancelled as soon as it is not wanted."""
        if time.monotonic() - self._told_at >= PAUSE:
            self._say({"rows_done": rows}, ("running",))
            self._told_at = time.monotonic()

    def stumble(self) -> None:
        self._say({"state": "failed", "reason": _("The file could not be prepared.")}, ("running",))

    def _say(self, values: dict[str, Any], of: tuple[str, ...]) -> None:
        with self._engine.begin() as connection:
            written = connection.execute(
                update(Export)
                .where(_one(self._export_id), Export.state.in_(of))
                .values(changed_at=func.now(), **values)
                .returning(Export.id)
            )
            if written.one_or_none() is None:
                raise Cancelled


def write_export(connection: Connection, export_id: uuid.UUID) -> None:
    """Write the file and keep it in storage. What fails in passing is tried again; what is not allowed is not."""
    table = Export.__table__
    export = connection.execute(select(table).where(_one(export_id))).one_or_none()
    if export is None:
        return
    progress = Progress(connection.engine, export_id)
    with speaking(export.language):
        try:
            progress.begin()
            viewer = viewer_of(connection, export.user_id, export.membership_id)
            values = _written(connection, viewer, export, progress)
        except Cancelled:
            return
        except Unacceptable as refusal:
            values = {"state": "failed", "reason": str(next(iter(refusal.problems.values())))}
        except (Refusal, NotFound) as refusal:
            values = {"state": "failed", "reason": str(refusal) or str(Withdrawn())}
        except Exception:
            progress.stumble()
            raise
    # Who cancelled in this very moment has cancelled.
    connection.execute(
        update(Export)
        .where(_one(export_id), Export.state == "running")
        .values(changed_at=func.now(), **values)
    )


def _written(
    connection: Connection, viewer: Viewer | None, export: Any, progress: Progress
) -> dict[str, Any]:
    """What the row says once the file is there."""
    if viewer is None:
        raise Withdrawn
    sealed, asked = seal(connection, viewer), _asked(connection, viewer, export)
    rows = rows_in(connection, viewer, asked.source, asked.state)
    name = f"{FOLDER}{export.id}/{uuid.uuid4()}"
    with within(connection):
        pieces = pieces_apart(connection, connection.engine, asked, export.ending, progress.tell)
        storage, media_type = current_app.extensions["storage"], MEDIA_TYPES[export.ending]
        size = storage.put(viewer.tenant_id, name, pieces, media_type)
    hours = current_app.extensions["settings"].export_hours
    if export.is_mailed:
        later(connection, tell_of_export, export_id=export.id)
    return {
        "state": "finished",
        "rows": rows,
        "rows_done": rows,
        "file": name,
        "size": size,
        "seal": sealed,
        "expires_at": func.now() + datetime.timedelta(hours=hours),
    }


def _asked(connection: Connection, viewer: Viewer, export: Any) -> Asked:
    """What was asked for, as this viewer has it now."""
    source = SOURCES[export.record]
    if not (viewer.may(source.area) and viewer.may(EXPORT) and viewer.may(FILES[export.ending])):
        raise Withdrawn
    state, problems = understood(source, viewer.rights, parse_qsl(export.address, keep_blank_values=True))
    if problems or not state.columns:
        raise Withdrawn
    house = house_of(connection, viewer.tenant_id)
    return Asked(viewer, house, source, state, title_of(connection, viewer, state))


def tell_of_export(connection: Connection, export_id: uuid.UUID) -> None:
    """Mail whoever asked for it that his file is there; nothing of what it holds, not even its name."""
    table = Export.__table__
    wanted = _one(export_id), Export.state == "finished", Export.expires_at > func.now()
    export = connection.execute(select(table).where(*wanted)).one_or_none()
    if export is None:
        return
    viewer = viewer_of(connection, export.user_id, export.membership_id)
    if viewer is None or not viewer.may(EXPORT):
        return

    def composed(home: str) -> tuple[str, list[str]]:
        until = formats_for(language()).moment(export.expires_at)
        return _("Your file is ready"), [
            _("The file you asked for is ready. You can download it until {moment}.", moment=until),
            labelled(_("Prepared files"), f"{home}/exports"),
        ]

    write_to(connection, viewer, f"export-{export_id}", composed)


def drop_exports(connection: Connection) -> None:
    """Delete the files whose time is over, and whatever of others nobody can fetch."""
    tenant = current.tenant_id()
    connection.execute(delete(Export).where(Export.tenant_id == tenant, Export.expires_at < func.now()))
    rows = connection.execute(
        select(Export.id, Export.file, Export.state).where(Export.tenant_id == tenant)
    ).all()
    kept = {str(row.id): row.file if row.state == "finished" else None for row in rows}
    running = {str(row.id) for row in rows if row.state == "running"}
    storage = current_app.extensions["storage"]
    for name, _stored_at in list(storage.files(tenant, FOLDER)):
        export_id = name.removeprefix(FOLDER).partition("/")[0]
        if kept.get(export_id) != name and export_id not in running:
            storage.remove(tenant, name)


JOBS = [
    Job(write_export, lease=30 * 60),
    Job(tell_of_export),
    Job(drop_exports, lease=10 * 60, daily=datetime.time(3, 40)),
]
