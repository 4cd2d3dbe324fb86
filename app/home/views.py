"""The home page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.db import transaction
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
    return render_template("home.html", view=view, greeting=content.greeting(person), **shown)
