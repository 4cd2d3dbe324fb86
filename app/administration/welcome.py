"""Pages of what greets clients: the broker's welcome message, video and standard view, and an organization's own."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request
from sqlalchemy import select

from app.administration import config
from app.administration.access import APPLY_CONFIG
from app.administration.config.rest import whole_tenant_only
from app.administration.organizations import reading
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.words import HOME_VIEWS, WELCOME_MODES
from app.core.db import drop, transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import LANGUAGES, _, _p, language
from app.home import video, wording
from app.home.settings import HomeSettings
from permissions.door import allow, viewer
from tenants.models import Tenant

pages = Blueprint("welcome", __name__)

PATH = "/client-home"
OF_ORGANIZATION = "/organizations/<uuid:organization_id>/welcome"
WORDS = ("welcome_shown", "welcome", "video", "video_words", "home_view")


@pages.get(PATH)
@allow(APPLY_CONFIG)
def show() -> str:
    whole_tenant_only(viewer)
    return _page(_of_broker())


@pages.post(PATH)
@allow(APPLY_CONFIG)
def save() -> Any:
    whole_tenant_only(viewer)
    form = request.form
    said = {
        "welcome_shown": "welcome_shown" in form,
        "welcome": wording.typed_in(form, "welcome"),
        "home_view": form.get("home_view", ""),
    }
    if form.get("way") == "preview":
        return _page(_of_broker() | said)
    return _applied(said)


@pages.post(f"{PATH}/video")
@allow(APPLY_CONFIG)
def save_video() -> Any:
    """A link, or a file that is put into the store; or none any more."""
    whole_tenant_only(viewer)
    form, there = request.form, _of_broker()
    if form.get("way") == "remove":
        return _applied({"video": {}, "video_words": {}})
    said: dict[str, Any] = {"video": there["video"], "video_words": wording.typed_in(form, "video_words")}
    sent = request.files.get("file")
    address = form.get("address", "").strip()
    if address:
        said["video"] = {"address": address}
    elif not (sent and sent.filename) and "file" not in there["video"]:
        return _page(there | said, {"video.address": _("Enter an address, or choose a file.")}), 422
    if sent and sent.filename:
        storage = current_app.extensions["storage"]
        try:
            name = video.keep_video(transaction(), storage, viewer.tenant_id, sent.stream, sent.filename)
        except video.NoVideo as refused:
            return _page(there | said, {"file": str(refused)}), 422
        said["video"] = {"file": name}
    return _applied(said, has_file=bool(sent and sent.filename))


@pages.get(f"{PATH}/video/<name>")
@allow(APPLY_CONFIG)
def play(name: str) -> Response:
    whole_tenant_only(viewer)
    if name != _of_broker()["video"].get("file"):
        raise NotFound
    storage = current_app.extensions["storage"]
    return video.answer(transaction(), storage, viewer.tenant_id, name, request.headers.get("Range"))


@pages.get(OF_ORGANIZATION)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def of_organization(organization_id: uuid.UUID) -> str:
    return _own_page(reading.settings_of(transaction(), organization_id))


@pages.post(OF_ORGANIZATION)
@allow(READ_ORGANIZATIONS, MANAGE_ORGANIZATIONS)
def save_for_organization(organization_id: uuid.UUID) -> Any:
    settings, form = reading.settings_of(transaction(), organization_id), request.form
    said = {"welcome_mode": form.get("welcome_mode", ""), "welcome": wording.typed_in(form, "welcome")}
    errors = _unseen(settings, said)
    if form.get("way") == "preview":
        return _own_page(settings, said, errors)
    if errors:
        return _own_page(settings, said, errors), 422
    try:
        entry = {"key": settings.head.key, **said}
        config.apply(transaction(), {"organizations": [entry]}, viewer.user_id)
    except Unacceptable as refused:
        return _own_page(settings, said, _errors(refused, f"organizations[{settings.head.key}].")), 422
    return redirect(f"/organizations/{organization_id}/welcome?done=1", 303)


def _unseen(settings: reading.Settings, said: dict[str, Any]) -> dict[str, str]:
    """Words that were typed just now would be kept and greet nobody while something else is chosen."""
    words, problems = wording.checked(said["welcome"])
    if said["welcome_mode"] == "own" or not words or words == settings.item["welcome"]:
        return {}
    mode = WELCOME_MODES["own"]
    told = _("Choose ‘{mode}’ for the words you typed, or clear them.", mode=mode)
    return {"welcome_mode": told} | {f"welcome.{place}": sentence for place, sentence in problems.items()}


def _of_broker() -> dict[str, Any]:
    columns = [getattr(Tenant, word) for word in WORDS]
    found = transaction().execute(select(*columns).where(Tenant.tenant_id == viewer.tenant_id)).one()
    return dict(found._mapping)


def _applied(said: dict[str, Any], *, has_file: bool = False) -> Any:
    try:
        config.apply(transaction(), {"tenant": said}, viewer.user_id)
    except Unacceptable as refused:
        # A file that was sent along is not kept, either.
        drop()
        errors = _errors(refused, "tenant.")
        if has_file:
            errors.setdefault("file", _("Choose the file again: browsers do not keep it."))
            said.pop("video")
        return _page(_of_broker() | said, errors), 422
    return redirect(f"{PATH}?done=1", 303)


def _errors(refused: Unacceptable, start: str) -> dict[str, str]:
    """By the control it stands beside; what is said of words as a whole, beside the broker's own language."""
    found = {}
    for place, sentence in refused.problems.items():
        word = place.removeprefix(start)
        is_whole = word in ("welcome", "video_words")
        found[f"{word}.{g.house.language}.title" if is_whole else word] = str(sentence)
    return found


def _labels(errors: dict[str, str]) -> dict[str, str]:
    """What the controls are called that something is wrong with."""
    parts = {"title": _p("of a text", "Title"), "text": _p("of a message", "Text")}
    named = {
        "home_view": _("Standard view"), "video.address": _("Address of the video"), "file": _("File"),
        "welcome_mode": _("What greets its members"),
    }  # fmt: skip
    for place in errors:
        _name, _dot, rest = place.partition(".")
        code, _dot, part = rest.partition(".")
        if part in parts and code in LANGUAGES:
            named[place] = f"{parts[part]}, {LANGUAGES[code]}"
    return named


def _page(item: dict[str, Any], errors: dict[str, str] | None = None) -> str:
    words, video_words = (_good(item[word]) for word in ("welcome", "video_words"))
    address = item["video"].get("address") or f"{PATH}/video/{item['video'].get('file')}"
    return render_template(
        "administration/welcome.html",
        item=item,
        views=HOME_VIEWS,
        video_instead=_instead(video_words),
        # A link that was refused is told, not drawn.
        film=_shown(words, item["video"], video_words) if not errors else None,
        film_address=address,
        **_common(words, errors),
    )


def _own_page(
    settings: reading.Settings, said: dict[str, Any] | None = None, errors: dict[str, str] | None = None
) -> str:
    item = settings.item | (said or {})
    words = item["welcome"] if item["welcome_mode"] == "own" else {}
    return render_template(
        "administration/organizations/welcome.html",
        organization=settings.head,
        item=item,
        modes=WELCOME_MODES,
        **(_common(_good(words), errors) | {"instead": _instead(_good(item["welcome"]))}),
    )


def _common(words: wording.Words, errors: dict[str, str] | None) -> dict[str, Any]:
    return {
        "errors": errors or {},
        "labels": _labels(errors or {}),
        "instead": _instead(words),
        "limits": wording.PARTS,
        "preview": [
            (code, name, wording.spoken(words, code, g.house.language)) for code, name in LANGUAGES.items()
        ],
        "is_done": "done" in request.args and request.method == "GET",
    }


def _good(typed: wording.Words) -> wording.Words:
    return {code: said for code, said in wording.checked(typed)[0].items() if "title" in said}


def _instead(words: wording.Words) -> dict[str, str | None]:
    return {code: wording.language_for(words, code, g.house.language) for code in LANGUAGES}


def _shown(words: wording.Words, place: dict[str, str], video_words: wording.Words) -> Any:
    """The video as a client of this language would get it, whether or not the welcome is shown yet."""
    there = HomeSettings(words or video_words, place, video_words, "overview", False, [], None, None)
    return there.video_shown(language(), g.house.language)
