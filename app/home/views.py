"""The home page."""

from __future__ import annotations

import uuid
from types import SimpleNamespace

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.db import transaction
from app.home import announcements as messages
from app.home import content
from permissions.door import signed_in, viewer

pages = Blueprint("home", __name__)

VIEW_COOKIE = "home"
YEAR = 365 * 24 * 3600


@pages.get("/")
@signed_in
def index() -> str | Response:
    """Figures, deadlines and open claims; or, if that is liked better, one tile for each area."""
    if (chosen := request.args.get("view")) in ("overview", "icons"):
        response = redirect("/", 303)
        response.set_cookie(VIEW_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax")
        return response
    view = "icons" if request.cookies.get(VIEW_COOKIE) == "icons" else "overview"
    person, connection = viewer._get_current_object(), transaction()  # type: ignore[attr-defined]
    shown = content.tiles(connection, person) if view == "icons" else content.overview(connection, person)
    return render_template(
        "home.html",
        view=view,
        greeting=content.greeting(person),
        announcements=_messages(),
        **shown,
    )


def _messages() -> SimpleNamespace | None:
    """What a client has not read yet, and whether there is something that he has."""
    found = list(messages.shown_to(transaction(), viewer, g.house.language))
    unread = [one for one in found if not one.read]
    return SimpleNamespace(unread=unread, has_read=len(unread) < len(found)) if found else None


@pages.get("/home/announcements")
@signed_in
def announcements() -> str:
    """All that is for him now, what he has read included."""
    found = list(messages.shown_to(transaction(), viewer, g.house.language))
    return render_template("home/announcements.html", announcements=found)


@pages.post("/home/announcements/<uuid:announcement_id>/receipt")
@signed_in
def receive(announcement_id: uuid.UUID) -> Response:
    """Marked as read by its reader, and by nobody for him."""
    messages.mark_as_read(transaction(), viewer, announcement_id)
    return redirect("/", 303)
