"""The home page, and how a person lays it out."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app import claim_reports
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.text import language
from app.home import announcements as messages
from app.home import content, layout, video
from app.home.mailbox.placing import VIEW_COOKIE, shown_view
from app.home.settings import HomeSettings, arrange, close_welcome, settings_of
from app.home.tiles import AREAS, tiles
from permissions.door import signed_in, the_viewer, viewer

pages = Blueprint("home", __name__)

YEAR = 365 * 24 * 3600


@pages.get("/")
@signed_in
def index() -> str | Response:
    """Widgets with figures, deadlines and news; or, where the broker or the person prefers it, tiles."""
    if (chosen := request.args.get("view")) in ("overview", "icons"):
        response = redirect("/", 303)
        response.set_cookie(VIEW_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="Lax")
        return response
    person, connection = the_viewer(), transaction()
    settings = settings_of(connection, person)
    view = shown_view(person, request.cookies.get(VIEW_COOKIE))
    placed = layout.layout_of(person, settings.view, settings.places, settings.widgets)
    own = _own_widgets(settings, placed)
    shown: dict[str, Any]
    if view == "icons":
        keys = settings.tiles if settings.view == "tiles" and settings.tiles else AREAS
        shown = {"tiles": tiles(connection, person, keys), "subline": None}
        places = {layout.TOP: [(key, own[key]) for key in own]}
    else:
        shown = {"tiles": [], "subline": content.subline(connection, person)}
        found = content.overview(connection, person, placed)
        places = {
            place: _in_order(keys, dict(found.get(place, ())) | own)
            for place, keys in placed.items()
            if place != layout.HIDDEN
        }
    return render_template(
        "home.html",
        view=view,
        is_fixed=settings.is_fixed,
        is_locked=layout.is_locked(settings.widgets),
        greeting=content.greeting(person),
        top=places[layout.TOP],
        main_column=places.get(layout.MAIN, []),
        side_column=places.get(layout.SIDE, []),
        is_empty=view != "icons"
        and not any(
            key in content.CONTENT and key != "mailbox" for some in places.values() for key, _ in some
        ),
        welcome_again=any("welcome" in keys for keys in placed.values()) and _welcome_again(settings),
        may_report_claims=claim_reports.may_report(person),
        **shown,
    )


def _in_order(keys: list[str], shown: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, shown[key]) for key in keys if key in shown]


def _own_widgets(settings: HomeSettings, placed: layout.Layout) -> dict[str, Any]:
    """What the broker and his colleagues have for the person, unless he has hidden it."""
    keys = {key for place, some in placed.items() if place != layout.HIDDEN for key in some}
    found = {}
    if "messages" in keys:
        received = list(messages.shown_to(transaction(), viewer, g.house.language))
        unread = [one for one in received if not one.read]
        if received:
            found["messages"] = SimpleNamespace(unread=unread, has_read=len(unread) < len(received))
    if "claim_reports" in keys:
        waiting = claim_reports.waiting_for(transaction(), the_viewer())
        if waiting.to_release or waiting.returned:
            found["claim_reports"] = waiting
    if "welcome" in keys:
        welcome = settings.welcome(language(), g.house.language)
        if welcome and not welcome.is_closed:
            found["welcome"] = welcome
    return found


def _welcome_again(settings: HomeSettings) -> bool:
    welcome = settings.welcome(language(), g.house.language)
    return welcome is not None and welcome.is_closed


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


@pages.get("/home/welcome")
@signed_in
def welcome() -> str:
    found = settings_of(transaction(), viewer).welcome(language(), g.house.language)
    if found is None:
        raise NotFound
    return render_template("home/welcome.html", welcome=found)


@pages.post("/home/welcome/closing")
@signed_in
def close() -> Response:
    found = settings_of(transaction(), viewer).welcome(language(), g.house.language)
    if found is None:
        raise NotFound
    close_welcome(transaction(), viewer, found.mark)
    return redirect("/", 303)


@pages.get("/home/video/<name>")
@signed_in
def welcome_video(name: str) -> Response:
    """The file of the welcome that is shown to him, and no other."""
    settings = settings_of(transaction(), viewer)
    if not settings.welcome_words or name != settings.video.get("file"):
        raise NotFound
    storage = current_app.extensions["storage"]
    return video.answer(transaction(), storage, viewer.tenant_id, name, request.headers.get("Range"))


@pages.get("/home/widgets")
@signed_in
def widgets() -> str:
    person, settings = the_viewer(), _unlocked()
    placed = layout.layout_of(person, settings.view, settings.places, settings.widgets)
    return render_template(
        "home/widgets.html",
        lines=layout.lines_of(placed, layout.standard_of(settings.view, settings.widgets)),
        places=layout.PLACES,
        is_done="done" in request.args,
        is_own=settings.places is not None,
    )


@pages.post("/home/widgets")
@signed_in
def put() -> Response:
    """Laid out as the form says, or as it was at first."""
    person, form = the_viewer(), request.form
    settings = _unlocked()
    if form.get("way") == "standard":
        arrange(transaction(), person, None)
        return redirect("/home/widgets?done=1", 303)
    offered = layout.layout_of(person, settings.view, settings.places, settings.widgets)
    chosen = layout.told(form.getlist("order"), form.getlist("shown"), form.get("move", ""), offered)
    arrange(transaction(), person, {"view": settings.view, **chosen})
    return redirect("/home/widgets" if "move" in form else "/home/widgets?done=1", 303)


def _unlocked() -> HomeSettings:
    """NotFound where the broker has locked where widgets are."""
    settings = settings_of(transaction(), viewer)
    if layout.is_locked(settings.widgets):
        raise NotFound
    return settings
