"""Telling whoever asked for a file, on whatever page he is, that it is ready.

A cookie remembers that there may be something to tell: without it, no page asks the database."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import after_this_request, current_app, g, request
from werkzeug.wrappers import Response

from app.core.db import transaction
from app.reports.access import EXPORT
from app.reports.exports import actions
from app.reports.source import SOURCES
from permissions.door import the_viewer, viewer

COOKIE = "files"


def remember(response: Response) -> Response:
    """From here on each page of this person looks for news, until there is none."""
    settings = current_app.extensions["settings"]
    response.set_cookie(
        COOKIE,
        "1",
        max_age=settings.export_hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=settings.is_secure,
        path="/",
    )
    return response


def forget(response: Any) -> Any:
    response.delete_cookie(COOKIE, path="/")
    return response


def context() -> dict[str, Any]:
    """The notice’s part of every template’s context. The cookie of who looks through another’s eyes is his own."""
    return {"prepared": news() if request and COOKIE in request.cookies and not g.get("looking") else None}


def news() -> SimpleNamespace | None:
    """What has become of a person's files that he was not told yet, and whether some are on their way."""
    if g.get("house") is None or g.get("is_away") or not viewer.is_authenticated or not viewer.may(EXPORT):
        return None
    found = actions.untold(transaction(), the_viewer())
    if not found:
        after_this_request(forget)
        return None
    done = [one for one in found if one.state not in actions.UNFINISHED]
    return SimpleNamespace(
        is_moving=len(done) < len(found),
        files=[(one.id, file_name(one), one.state == "finished") for one in done],
    )


def file_name(export: Any) -> str:
    return f"{SOURCES[export.record].area.label}.{export.ending}"
