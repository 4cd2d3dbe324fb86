"""The page of one’s own large files, and the way to have one prepared."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template
from sqlalchemy import Row
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import LazyText, _, _l, _lp, language
from app.reports.address import asked_of_a_file
from app.reports.excel.book import MEDIA_TYPE
from app.reports.excel.overview import workbook
from app.reports.exports import actions
from app.reports.pages import EXPORT
from app.reports.reader import reader_of
from app.reports.source import SOURCES, Source
from app.reports.state import State
from app.reports.switches import XLSX
from permissions import Viewer
from permissions.door import allow, viewer

pages = Blueprint("exports", __name__)

STATES: dict[str, tuple[LazyText, str]] = {
    "queued": (_l("Queued"), "info"),
    "running": (_l("Running"), "info"),
    "finished": (_l("Finished"), "positive"),
    "failed": (_l("Failed"), "critical"),
    "cancelled": (_lp("job", "Cancelled"), "off"),
}
"""The word for each state of a file, and the tone of its badge."""


@pages.get("/exports")
@allow(EXPORT)
def index() -> str:
    return _page(viewer._get_current_object())  # type: ignore[attr-defined]


@pages.get("/exports/<plural>")
@allow(EXPORT, XLSX)
def ask(plural: str) -> str | BaseResponse:
    """Say how large the file is before anybody waits for it."""
    person, source, state, rows = _wanted(plural)
    if rows <= current_app.extensions["settings"].rows_at_once:
        return redirect(state.address(f"/{plural}.xlsx"), 303)
    asked = SimpleNamespace(
        title=str(source.area.label),
        rows=_("{n} rows", n=formats_for(language()).integer(rows)),
        action=state.address(f"/exports/{plural}"),
        back=state.address(f"/{plural}"),
    )
    return _page(person, asked)


@pages.post("/exports/<plural>")
@allow(EXPORT, XLSX)
def request_file(plural: str) -> BaseResponse:
    person, source, state, rows = _wanted(plural)
    settings = current_app.extensions["settings"]
    if rows <= settings.rows_at_once:
        return redirect(state.address(f"/{plural}.xlsx"), 303)
    actions.request_export(transaction(), person, source, state, rows=rows, hours=settings.export_hours)
    return redirect("/exports", 303)


@pages.post("/exports/<uuid:export_id>/cancellation")
@allow(EXPORT)
def cancel(export_id: uuid.UUID) -> BaseResponse:
    actions.cancel_export(transaction(), viewer._get_current_object(), export_id)  # type: ignore[attr-defined]
    return redirect("/exports", 303)


@pages.get("/exports/<uuid:export_id>/file")
@allow(EXPORT, XLSX)
def file(export_id: uuid.UUID) -> Response:
    export = actions.fetch_export(transaction(), viewer._get_current_object(), export_id)  # type: ignore[attr-defined]
    pieces = current_app.extensions["storage"].read(export.tenant_id, export.file)
    response = Response(pieces, content_type=MEDIA_TYPE)
    response.content_length = export.size
    name = f"{SOURCES[export.record].plural}-{export.changed_at.date()}.xlsx"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _wanted(plural: str) -> tuple[Viewer, Source, State, int]:
    """The overview an address asks a file of, and how many rows it has; NotFound where he has no such overview."""
    source = next((one for one in SOURCES.values() if one.plural == plural), None)
    if source is None or not viewer.may(source.area):
        raise NotFound
    person = reader_of(source, XLSX)
    state, of_name = asked_of_a_file(person, source)
    if state.grouping:
        raise NotFound
    return person, source, state, workbook(transaction(), person, source, state, of_name).rows


def _page(person: Viewer, asked: Any = None) -> str:
    found = [_told(one) for one in actions.exports_of(transaction(), person)]
    is_moving = any(one.is_moving for one in found)
    return render_template("exports.html", files=found, asked=asked, is_moving=is_moving)


def _told(export: Row[Any]) -> Any:
    formats, is_moving = formats_for(language()), export.state in actions.UNFINISHED
    words, tone = STATES[export.state]
    done, rows = formats.integer(export.rows_done), formats.integer(export.rows)
    facts = [_("{n} rows", n=rows)]
    if export.state == "running":
        facts = [_("{done} of {n} rows", done=done, n=rows)]
    if export.state == "finished":
        facts += [
            formats.file_size(export.size),
            _("Until {moment}", moment=formats.moment(export.expires_at)),
        ]
    return SimpleNamespace(
        id=export.id,
        name=f"{SOURCES[export.record].area.label}.xlsx",
        words=str(words),
        tone=tone,
        facts=" · ".join(facts),
        reason=export.reason,
        asked_at=formats.moment(export.created_at),
        is_moving=is_moving,
        is_finished=export.state == "finished",
        rows=export.rows,
        rows_done=export.rows_done,
    )
