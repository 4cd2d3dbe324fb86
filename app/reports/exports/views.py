"""The page of one’s own large files, and the way to have one prepared."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect, render_template, request
from sqlalchemy import Row
from werkzeug.wrappers import Response as BaseResponse

from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.streams import body_of
from app.core.text import LazyText, _, _l, _lp, language
from app.core.web import is_local
from app.reports.access import EXPORT
from app.reports.address import asked_of_a_file
from app.reports.exports import actions, notice
from app.reports.facts import rows_in
from app.reports.making import MEDIA_TYPES, MOST, most_at_once
from app.reports.reader import reader_of
from app.reports.source import SOURCES, Source
from app.reports.state import State
from app.reports.switches import FILES
from permissions import Viewer
from permissions.door import allow, the_viewer, viewer

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
    return _page(the_viewer())


@pages.get("/exports/<plural>.<any(xlsx, pdf, csv):ending>")
@allow(EXPORT)
def ask(plural: str, ending: str) -> str | BaseResponse:
    """Say how large the file is before anybody waits for it, and what other kinds there are."""
    person, source, state = _wanted(plural, ending)
    rows = rows_in(transaction(), person, source, state)
    if rows <= most_at_once(ending):
        return redirect(state.address(f"/{plural}.{ending}"), 303)
    asked = SimpleNamespace(
        title=f"{source.area.label}.{ending}",
        rows=_("{n} rows", n=formats_for(language()).integer(rows)),
        action=state.address(f"/exports/{plural}.{ending}"),
        others=[
            (state.address(f"/exports/{plural}.{other}"), other.upper())
            for other, most in MOST.items()
            if other != ending and rows <= most and person.may(FILES[other])
        ],
        is_too_large=rows > MOST[ending],
        can_mail=bool(current_app.extensions["settings"].smtp_url),
        back=state.address(f"/{plural}"),
    )
    return _page(person, asked)


@pages.post("/exports/<plural>.<any(xlsx, pdf, csv):ending>")
@allow(EXPORT)
def request_file(plural: str, ending: str) -> BaseResponse:
    person, source, state = _wanted(plural, ending)
    rows = rows_in(transaction(), person, source, state)
    if rows <= most_at_once(ending):
        return redirect(state.address(f"/{plural}.{ending}"), 303)
    if rows > MOST[ending]:
        return redirect(state.address(f"/exports/{plural}.{ending}"), 303)
    actions.request_export(
        transaction(),
        person,
        source,
        state,
        ending,
        rows=rows,
        hours=current_app.extensions["settings"].export_hours,
        is_mailed=bool(request.form.get("mail")),
    )
    return notice.remember(redirect("/exports", 303))


@pages.get("/exports/notice")
@allow(EXPORT)
def show_notice() -> str:
    """What the other pages show of it, for their script."""
    news = notice.news()
    here = request.args.get("next", "")
    return render_template("frame/prepared.html", prepared=news, here=here) if news else ""


@pages.post("/exports/notice")
@allow(EXPORT)
def close_notice() -> BaseResponse:
    actions.see(transaction(), the_viewer())
    wanted = request.form.get("next", "")
    return redirect(wanted if is_local(wanted) else "/exports", 303)


@pages.post("/exports/<uuid:export_id>/cancellation")
@allow(EXPORT)
def cancel(export_id: uuid.UUID) -> BaseResponse:
    actions.cancel_export(transaction(), the_viewer(), export_id)
    return redirect("/exports", 303)


@pages.get("/exports/<uuid:export_id>/file")
@allow(EXPORT)
def file(export_id: uuid.UUID) -> Response:
    export = actions.fetch_export(transaction(), the_viewer(), export_id)
    viewer.must(FILES[export.ending])
    pieces = current_app.extensions["storage"].read(export.tenant_id, export.file)
    response = Response(body_of(pieces), content_type=MEDIA_TYPES[export.ending])
    response.content_length = export.size
    name = f"{SOURCES[export.record].plural}-{export.created_at.date()}.{export.ending}"
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _wanted(plural: str, ending: str) -> tuple[Viewer, Source, State]:
    """The overview an address asks a file of; NotFound where he has no such overview."""
    source = next((one for one in SOURCES.values() if one.plural == plural), None)
    if source is None or not viewer.may(source.area):
        raise NotFound
    viewer.must(FILES[ending])
    person = reader_of(source, FILES[ending])
    state, _of_name = asked_of_a_file(person, source)
    if state.grouping:
        raise NotFound
    return person, source, state


def _page(person: Viewer, asked: Any = None) -> str:
    found = [_told(one) for one in actions.exports_of(transaction(), person)]
    # Here they are all told of.
    actions.see(transaction(), person)
    is_moving = any(one.is_moving for one in found)
    return render_template("exports.html", files=found, asked=asked, is_moving=is_moving, prepared=None)


def _told(export: Row[Any]) -> Any:
    formats, is_moving = formats_for(language()), export.state in actions.UNFINISHED
    words, tone = STATES[export.state]
    done, rows = formats.integer(export.rows_done), formats.integer(export.rows)
    told = [_("{n} rows", n=rows)]
    if export.state == "running":
        told = [_("{done} of {n} rows", done=done, n=rows)]
    # The pages of a PDF are set all at once, after its rows are read.
    is_set = export.ending == "pdf" and export.state == "running" and export.rows_done >= export.rows
    if is_set:
        told.append(_("the pages are being set"))
    if export.state == "finished":
        told += [
            formats.file_size(export.size),
            _("Until {moment}", moment=formats.moment(export.expires_at)),
        ]
    return SimpleNamespace(
        id=export.id,
        name=notice.file_name(export),
        words=str(words),
        tone=tone,
        facts=" · ".join(told),
        reason=export.reason,
        asked_at=formats.moment(export.created_at),
        is_moving=is_moving,
        is_finished=export.state == "finished",
        rows=export.rows,
        rows_done=None if is_set else export.rows_done,
    )
