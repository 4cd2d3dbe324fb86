"""The pages of the profile editor: choosing, what a change does to whom, and saving it."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration import config
from app.administration.profiles import draft as drafts
from app.administration.profiles import parts as catalogue_parts
from app.administration.profiles import queries
from app.administration.profiles.access import MANAGE_PROFILES, PROFILES
from app.administration.profiles.draft import INHERITS, NAME, Draft, Rebased
from app.administration.profiles.effect import effects
from app.administration.profiles.page import shown
from app.administration.profiles.parts import FUNCTIONS, GENERAL, Part, by_subject, found, said
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import _l, language
from permissions.door import allow, viewer
from permissions.editing import ProfileText, read_profiles
from tenants import visibility

pages = Blueprint("profile_editor", __name__, url_prefix="/profiles/<uuid:profile_id>")

GENERAL_SETTINGS = {NAME: _l("Name of the profile"), INHERITS: _l("Inherits from")}
"""What a profile has besides rights, and how it is called."""


class Scene(NamedTuple):
    """What every page of the editor starts from."""

    head: queries.Head
    heads: list[queries.Head]
    profiles: dict[str, ProfileText]
    parts: list[Part]

    @property
    def stored(self) -> ProfileText:
        return self.profiles[self.head.key]

    def fresh(self) -> Draft:
        return drafts.fresh(self.stored, self.head.version)

    def draft(self) -> Draft:
        return drafts.read(request.form, self.stored, self.profiles, by_subject(self.parts))


def _scene(profile_id: uuid.UUID) -> Scene:
    heads = queries.heads(transaction())
    head = queries.head(heads, profile_id)
    return Scene(head, heads, read_profiles(transaction()), catalogue_parts.parts())


@pages.get("")
@allow(PROFILES)
def show(profile_id: uuid.UUID) -> str:
    scene = _scene(profile_id)
    return _editor(scene, scene.fresh(), **_place(request.args), is_saved="saved" in request.args)


@pages.post("/draft")
@allow(PROFILES)
def turn(profile_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """Another part, a search, a whole section: nothing is stored, and nothing chosen is lost."""
    scene, place = _scene(profile_id), _place(request.form)
    draft = scene.draft()
    if draft.changed() or draft.problems:
        return _editor(scene, draft, **place), 422 if draft.problems else 200
    return redirect(f"/profiles/{profile_id}?{urlencode({k: v for k, v in place.items() if v})}", 303)


@pages.post("/review")
@allow(PROFILES, MANAGE_PROFILES)
def review(profile_id: uuid.UUID) -> str | Response | tuple[str, int]:
    """What the change would do to whom; before that, what others changed meanwhile where it is the same."""
    return _reviewed(_scene(profile_id))


@pages.post("")
@allow(PROFILES, MANAGE_PROFILES)
def save(profile_id: uuid.UUID) -> str | Response | tuple[str, int]:
    # From here on nobody else changes a profile: what was reviewed is what is saved.
    visibility.lock(transaction())
    scene = _scene(profile_id)
    draft = scene.draft()
    over = drafts.rebase(draft, scene.stored, scene.head.version, {})
    is_reviewed = draft.version == scene.head.version and not (draft.problems or over.conflicts)
    if not (is_reviewed and over.draft.changed()):
        return _reviewed(scene)
    try:
        config.apply(transaction(), over.draft.document(), viewer.user_id)
    except Unacceptable as error:
        return _refused(scene, over.draft, error)
    return redirect(
        f"/profiles/{profile_id}?{urlencode({'part': _place(request.form)['part'], 'saved': 1})}", 303
    )


def _reviewed(scene: Scene) -> str | Response | tuple[str, int]:
    draft = scene.draft()
    if draft.problems:
        return _wrong(scene, draft)
    over = drafts.rebase(draft, scene.stored, scene.head.version, drafts.choices_in(request.form))
    if over.conflicts:
        return _review_page(scene, over, "conflicts"), 409
    if not over.draft.changed():
        place = _place(request.form)
        return redirect(f"/profiles/{scene.head.id}?{urlencode({k: v for k, v in place.items() if v})}", 303)
    try:
        config.plan(transaction(), over.draft.document())
    except Unacceptable as error:
        return _refused(scene, over.draft, error)
    return _review_page(scene, over, "review")


def _refused(scene: Scene, draft: Draft, error: Unacceptable) -> tuple[str, int]:
    """The editor again, with each sentence at what it is about."""
    for place, sentence in error.problems.items():
        draft.problems[drafts.place_of(place, draft.wish.key)] = str(sentence)
    return _wrong(scene, draft)


def _wrong(scene: Scene, draft: Draft) -> tuple[str, int]:
    part_of = {right.subject: part.key for part in scene.parts for right in part.rights}
    part_of |= {NAME: GENERAL, INHERITS: GENERAL}
    place = _place(request.form)
    at = next((part_of[one] for one in draft.problems if one in part_of), place["part"])
    return _editor(scene, draft, part=at, q="", only=""), 422


def _place(words: Any) -> dict[str, str]:
    """Where in the editor somebody is, or goes."""
    gone = words.get("go")
    return {
        "part": (gone or words.get("part", ""))[:100],
        "q": "" if gone else words.get("q", "").strip()[:100],
        "only": "1" if words.get("show", words.get("only")) == "1" else "",
    }


def _editor(scene: Scene, draft: Draft, part: str, q: str, only: str, is_saved: bool = False) -> str:
    known = {one.key: one for one in scene.parts}
    if part not in known and part != GENERAL:
        part = scene.parts[0].key
    on_page = found(scene.parts, q) if q else [known[part]] if part in known else []
    profiles = scene.profiles
    return render_template(
        "administration/profiles/editor.html",
        **_common(scene, draft),
        part="" if q else part,
        place={"part": part, "q": q, "only": only},
        shown=shown(draft, profiles, scene.parts, on_page, bool(only)),
        others=[
            one for one in scene.heads if one.id != scene.head.id and one.is_staff <= scene.head.is_staff
        ],
        may_manage=viewer.may(MANAGE_PROFILES),
        is_saved=is_saved,
        labels=_labels(scene, draft),
    )


def _labels(scene: Scene, draft: Draft) -> dict[str, str]:
    """What that is called which cannot be saved as it is."""
    rights = by_subject(scene.parts)
    called = {key: str(right.label) for key, right in rights.items() if key in draft.problems}
    return {key: str(words) for key, words in GENERAL_SETTINGS.items()} | called


def _review_page(scene: Scene, over: Rebased, name: str) -> str:
    connection, draft = transaction(), over.draft
    after = {**scene.profiles, draft.wish.key: draft.wish}
    told = effects(
        scene.profiles, after, draft.wish.key, queries.holders_by_organization(connection), scene.parts
    )
    last = queries.last_change(connection, scene.head.id) if over.theirs else None
    at = formats_for(language()).moment(last.at) if last else ""
    return render_template(
        f"administration/profiles/{name}.html",
        **_common(scene, draft),
        place=_place(request.form),
        effects=told,
        settings=[
            _setting(scene, key, *values)
            for key, values in draft.changed().items()
            if key in (NAME, INHERITS)
        ],
        theirs=[_setting(scene, key, *values) for key, values in over.theirs.items()],
        conflicts=[(key, *_setting(scene, key, *values)) for key, values in over.conflicts.items()],
        unclear=any(key.startswith("keep:") for key in request.form) or "choosing" in request.form,
        changed_by=last.by if last else None,
        changed_at=at,
    )


def _setting(scene: Scene, key: str, before: Any, after: Any) -> tuple[str, str, str]:
    """A setting in words, with what it was and what it becomes."""
    if key == NAME:
        return str(GENERAL_SETTINGS[key]), before, after
    if key == INHERITS:
        names = {one.key: one.name for one in scene.heads}
        first, second = (", ".join(names.get(one, one) for one in keys) or "–" for keys in (before, after))
        return str(GENERAL_SETTINGS[key]), first, second
    for part in scene.parts:
        for right in part.rights:
            if right.subject == key:
                title = right.label if part.key == FUNCTIONS else f"{part.title}: {right.label}"
                return title, said(before, key), said(after, key)
    return key, before, after


def _common(scene: Scene, draft: Draft) -> dict[str, Any]:
    differing = draft.changed()
    wishes = {key: after for key, (_was, after) in differing.items() if key not in (NAME, INHERITS)}
    return {
        "profile": scene.head,
        "draft": draft,
        "hidden_was": drafts.rules_text(draft.was.rules),
        "hidden_wish": drafts.rules_text(wishes),
        "changes": len(differing),
        "names": {one.key: one for one in scene.heads},
    }
