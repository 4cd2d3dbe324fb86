"""The pages around the profile editor: which profiles there are, who has one, two compared, the portal one makes."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration import config
from app.administration.config.state import grants_of
from app.administration.profiles import queries
from app.administration.profiles.access import MANAGE_PROFILES, PROFILES
from app.administration.profiles.grants import granted, known_rules
from app.administration.profiles.parts import FUNCTIONS, HIDE, parts, said
from app.administration.profiles.preview import functions_of, menu_seen, overviews, rights_seen
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _, folded
from permissions.catalogue import catalogue
from permissions.door import allow, viewer
from permissions.editing import InUse, delete_profile, read_profiles
from tenants import visibility

pages = Blueprint("profiles", __name__, url_prefix="/profiles")


@pages.get("")
@allow(PROFILES)
def index() -> str:
    connection = transaction()
    heads, profiles = queries.heads(connection), read_profiles(connection)
    names = {one.key: one.name for one in heads}
    told = [
        (one, [names[key] for key in profiles[one.key].inherits], len(granted(profiles, one.key)))
        for one in heads
    ]
    return render_template(
        "administration/profiles/index.html",
        kinds=[
            (_("For clients"), [line for line in told if not line[0].is_staff]),
            (_("For the broker’s staff"), [line for line in told if line[0].is_staff]),
        ],
        all=sum(1 for _subject in catalogue.subjects()),
        may_manage=viewer.may(MANAGE_PROFILES),
        done=_("The profile is deleted.") if "deleted" in request.args else None,
    )


@pages.get("/new")
@allow(PROFILES, MANAGE_PROFILES)
def new() -> str:
    return _new_page(None, "", False, {})


@pages.post("")
@allow(PROFILES, MANAGE_PROFILES)
def create() -> Response | tuple[str, int]:
    return _create(None)


@pages.get("/<uuid:profile_id>/copy")
@allow(PROFILES, MANAGE_PROFILES)
def ask_copy(profile_id: uuid.UUID) -> str:
    return _new_page(_head(profile_id), "", False, {})


@pages.post("/<uuid:profile_id>/copy")
@allow(PROFILES, MANAGE_PROFILES)
def copy(profile_id: uuid.UUID) -> Response | tuple[str, int]:
    return _create(_head(profile_id))


def _create(original: queries.Head | None) -> Response | tuple[str, int]:
    """Make a profile that grants nothing, or what its original does."""
    connection = transaction()
    visibility.lock(connection)
    profiles = read_profiles(connection)
    name, is_staff = request.form.get("name", ""), request.form.get("staff") == "1"
    told: dict[str, Any] = {"key": _free_key(name, profiles), "name": name, "staff": is_staff}
    if original:
        like = profiles[original.key]
        told |= {"staff": like.is_staff, "inherits": like.inherits, "grants": grants_of(known_rules(like))}
    try:
        config.apply(connection, {"profiles": [told]}, viewer.user_id)
    except Unacceptable as error:
        sentence = " ".join(map(str, error.problems.values()))
        return _new_page(original, name, is_staff, {"name": sentence}), 422
    made = next(one for one in queries.heads(connection) if one.key == told["key"])
    return redirect(f"/profiles/{made.id}", 303)


def _new_page(original: queries.Head | None, name: str, staff: bool, errors: dict[str, str]) -> str:
    return render_template(
        "administration/profiles/new.html", original=original, name=name, staff=staff, errors=errors
    )


def _free_key(name: str, taken: Any) -> str:
    """A key made of the name; with a number if another profile has it."""
    plain = re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:60] or "profile"
    key, number = plain, 1
    while key in taken:
        number += 1
        key = f"{plain}-{number}"
    return key


@pages.get("/<uuid:profile_id>/deletion")
@allow(PROFILES, MANAGE_PROFILES)
def ask_deletion(profile_id: uuid.UUID) -> str:
    return _deletion_page(_head(profile_id))


@pages.post("/<uuid:profile_id>/deletion")
@allow(PROFILES, MANAGE_PROFILES)
def delete(profile_id: uuid.UUID) -> Response | tuple[str, int]:
    visibility.lock(transaction())
    head = _head(profile_id)
    try:
        delete_profile(transaction(), profile_id, viewer.user_id)
    except InUse as refusal:
        return _deletion_page(head), refusal.status
    return redirect("/profiles?deleted=1", 303)


def _deletion_page(head: queries.Head) -> str:
    connection = transaction()
    profiles = read_profiles(connection)
    return render_template(
        "administration/profiles/deletion.html",
        profile=head,
        holders=queries.holders_by_organization(connection).get(head.key, []),
        heirs=[
            (one.id, one.name) for one in queries.heads(connection) if head.key in profiles[one.key].inherits
        ],
    )


@pages.get("/<uuid:profile_id>/members")
@allow(PROFILES)
def members(profile_id: uuid.UUID) -> str:
    head = _head(profile_id)
    number = request.args.get("page", "1")
    page = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    found = queries.members(transaction(), profile_id, page)
    return render_template(
        "administration/profiles/members.html",
        profile=head,
        members=found.rows,
        page=page,
        pages=-(-found.total // queries.MEMBERS_ON_A_PAGE),
        today=viewer.today,
    )


@pages.get("/comparison")
@allow(PROFILES)
def comparison() -> str:
    connection = transaction()
    heads = queries.heads(connection)
    left, right = (_asked(heads, request.args.get(side)) for side in ("left", "right"))
    is_all, tables, differing = request.args.get("all") == "1", [], 0
    if left and right:
        profiles = read_profiles(connection)
        one, other = granted(profiles, left.key), granted(profiles, right.key)
        for part in parts():
            rows = []
            for found in part.rights:
                levels = one.get(found.subject, HIDE), other.get(found.subject, HIDE)
                differs = levels[0] != levels[1]
                differing += differs
                if differs or is_all:
                    label = f"{found.section}: {found.label}" if part.key == FUNCTIONS else found.label
                    rows.append((label, *(said(level, found.subject) for level in levels), differs))
            if rows:
                tables.append((part.title, rows))
    return render_template(
        "administration/profiles/comparison.html",
        profiles=heads,
        left=left,
        right=right,
        tables=tables,
        differing=differing,
        is_all=is_all,
    )


@pages.get("/<uuid:profile_id>/preview")
@allow(PROFILES)
def preview(profile_id: uuid.UUID) -> str:
    head = _head(profile_id)
    rights = rights_seen(transaction(), head)
    return render_template(
        "administration/profiles/preview.html",
        profile=head,
        menu=menu_seen(rights),
        overviews=overviews(rights),
        functions=functions_of(rights),
    )


def _head(profile_id: uuid.UUID) -> queries.Head:
    return queries.head(queries.heads(transaction()), profile_id)


def _asked(heads: list[queries.Head], told: str | None) -> queries.Head | None:
    """The profile an address names; NotFound where it names none of the broker's."""
    if not told:
        return None
    for one in heads:
        if str(one.id) == told:
            return one
    raise NotFound
