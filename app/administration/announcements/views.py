"""Pages of general messages at the desk: the list, the editor with its preview, and who has read one."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration.access import APPLY_CONFIG
from app.administration.announcements import actions, reading
from app.administration.announcements.access import MANAGE_ANNOUNCEMENTS, READ_ANNOUNCEMENTS
from app.administration.announcements.typed import Typed, check
from app.core.db import transaction
from app.core.formats import formats_for
from app.core.text import LANGUAGES, _, _l, _p, language
from app.home import wording
from app.home.announcements import TONES
from permissions.door import allow, viewer
from tenants import visibility

pages = Blueprint("announcements", __name__)

PATH = "/announcements"
LAST_PAGE = 10_000
MOST_LETTERS = 100
STATES = {
    "current": (_l("Shown now"), "positive"),
    "planned": (_l("Planned"), "info"),
    "ended": (_l("Ended"), "off"),
}
TONE_WORDS = {"notice": _l("Notice"), "important": _l("Important")}


@pages.get(PATH)
@allow(READ_ANNOUNCEMENTS)
def index() -> str:
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() else 1
    found, has_more = reading.announcements(transaction(), page)
    today, formats = visibility.today(), formats_for(language())
    return render_template(
        "administration/announcements/index.html",
        rows=[
            (row, wording.spoken(row.words, language(), g.house.language), STATES[_state(row, today)])
            for row in found
        ],
        tones=TONE_WORDS,
        day=formats.day,
        page=page,
        way=lambda to: f"{PATH}?{urlencode({'page': to})}",
        has_more=has_more,
        may_manage=viewer.may(MANAGE_ANNOUNCEMENTS),
        may_decide=viewer.may(APPLY_CONFIG),
        is_removed="removed" in request.args,
    )


@pages.get(f"{PATH}/new")
@allow(READ_ANNOUNCEMENTS, MANAGE_ANNOUNCEMENTS)
def new() -> str:
    return _editor(None, Typed(starts_on=visibility.today().isoformat()))


@pages.post(f"{PATH}/new")
@allow(READ_ANNOUNCEMENTS, MANAGE_ANNOUNCEMENTS)
def create() -> Any:
    typed = Typed.of_form(request.form)
    if request.form.get("way") in ("preview", "find"):
        return _editor(None, typed)
    if errors := check(transaction(), typed, g.house.language):
        return _editor(None, typed, errors), 422
    made = actions.create(transaction(), viewer, typed)
    return redirect(f"{PATH}/{made}?done=1", 303)


@pages.get(f"{PATH}/<uuid:announcement_id>")
@allow(READ_ANNOUNCEMENTS)
def show(announcement_id: uuid.UUID) -> str:
    row = reading.announcement(transaction(), announcement_id)
    return _editor(row, Typed.of_row(row))


@pages.post(f"{PATH}/<uuid:announcement_id>")
@allow(READ_ANNOUNCEMENTS, MANAGE_ANNOUNCEMENTS)
def save(announcement_id: uuid.UUID) -> Any:
    row = reading.announcement(transaction(), announcement_id)
    typed = Typed.of_form(request.form)
    if request.form.get("way") in ("preview", "find"):
        return _editor(row, typed)
    if errors := check(transaction(), typed, g.house.language):
        return _editor(row, typed, errors), 422
    there = Typed.of_row(row)
    if typed.seen != there.seen and typed.kept() != there.kept():
        # Whoever sends it once more has seen that there is another version, and wants his own.
        typed.seen = there.seen
        return _editor(row, typed, is_clash=True), 409
    actions.change(transaction(), viewer, row, typed)
    return redirect(f"{PATH}/{announcement_id}?done=1", 303)


@pages.get(f"{PATH}/<uuid:announcement_id>/deletion")
@allow(READ_ANNOUNCEMENTS, MANAGE_ANNOUNCEMENTS)
def ask_deletion(announcement_id: uuid.UUID) -> str:
    row = reading.announcement(transaction(), announcement_id)
    return render_template(
        "administration/announcements/deletion.html",
        path=f"{PATH}/{announcement_id}",
        said=wording.spoken(row.words, language(), g.house.language),
    )


@pages.post(f"{PATH}/<uuid:announcement_id>/deletion")
@allow(READ_ANNOUNCEMENTS, MANAGE_ANNOUNCEMENTS)
def delete(announcement_id: uuid.UUID) -> Response:
    actions.remove(transaction(), viewer, reading.announcement(transaction(), announcement_id))
    return redirect(f"{PATH}?removed=1", 303)


def _state(row: Any, today: Any) -> str:
    return reading.state_of(row.starts_on, row.ends_on, today)


def _labels(errors: dict[str, str]) -> dict[str, str]:
    parts = {"title": _p("of a text", "Title"), "text": _p("of a message", "Text")}
    named = {
        "starts_on": _("First day"),
        "ends_on": _("Last day"),
        "organizations": _("Organisations"),
        "tone": _("Tone"),
    }
    for place in errors:
        words, _dot, part = place.rpartition(".")
        if part in parts:
            named[place] = f"{parts[part]}, {LANGUAGES.get(words.rpartition('.')[2], '')}"
    return named


def _editor(row: Any, typed: Typed, errors: dict[str, str] | None = None, *, is_clash: bool = False) -> str:
    letters = " ".join(request.form.get("letters", "").split())[:MOST_LETTERS]
    words = wording.checked(typed.words)[0]
    titled = {code: said for code, said in words.items() if "title" in said}
    readers = reading.readers(transaction(), row.id) if row else []
    return render_template(
        "administration/announcements/editor.html",
        path=f"{PATH}/{row.id}" if row else f"{PATH}/new",
        is_new=row is None,
        heading=wording.spoken(row.words, language(), g.house.language) if row else None,
        state=STATES[_state(row, visibility.today())] if row else None,
        typed=typed,
        errors=errors or {},
        labels=_labels(errors or {}),
        is_clash=is_clash,
        is_done="done" in request.args and request.method == "GET",
        instead={code: wording.language_for(titled, code, g.house.language) for code in LANGUAGES},
        preview=[
            (code, name, wording.spoken(titled, code, g.house.language)) for code, name in LANGUAGES.items()
        ],
        tone=TONES.get(typed.tone, TONES["notice"]),
        tones=TONE_WORDS,
        limits=wording.PARTS,
        letters=letters,
        organizations=reading.organizations(transaction(), typed.organizations, letters),
        most_found=reading.MOST_FOUND,
        readers=readers,
        most_readers=reading.MOST_READERS,
        moment=formats_for(language()).moment,
        may_manage=viewer.may(MANAGE_ANNOUNCEMENTS),
    )
