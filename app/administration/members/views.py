"""Pages of an organization's members: inviting several at once, and looking after one."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration import config
from app.administration.config.state import Item, known_users, read_members
from app.administration.members import reading
from app.administration.members.access import MANAGE_MEMBERS
from app.administration.members.inviting import invite_all
from app.administration.members.typed import people
from app.administration.organizations import lists
from app.administration.organizations.access import READ_ORGANIZATIONS
from app.administration.organizations.reading import Settings, settings_of
from app.administration.users.standing import STATES, TONES
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import language
from permissions.door import allow, viewer

pages = Blueprint("organization_members", __name__)

PATH = "/organizations/<uuid:organization_id>/members"
PLACE = re.compile(r"\.members\[(?P<email>[^\]]+)\]|^users\[(?P<user>[^\]]+)\]")


@pages.get(PATH)
@allow(READ_ORGANIZATIONS)
def index(organization_id: uuid.UUID) -> str:
    return _page(settings_of(transaction(), organization_id))


@pages.post(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def add(organization_id: uuid.UUID) -> Any:
    """Make those who are typed members, and invite whoever has no password yet."""
    settings, connection = settings_of(transaction(), organization_id), transaction()
    try:
        named, profile = people(request.form.get("people", "")), request.form.get("profile", "")
        there = read_members(connection, settings.head.key)
        known = known_users(connection, [person.email for person in named])
        new = [{"user": person.email, "profile": profile} for person in named if person.email not in there]
        config.apply(
            connection,
            {
                # Whoever is known keeps his name.
                "users": [
                    {"email": person.email, "name": person.name}
                    for person in named
                    if person.email not in known
                ],
                "organizations": [{"key": settings.head.key, "members": [*_as_they_are(there), *new]}],
            },
            viewer.user_id,
            may_wait=True,
        )
    except Unacceptable as refused:
        return _page(settings, _beside(refused)), 422
    sent = invite_all(connection, (person.email for person in named), viewer.user_id)
    return redirect(f"/organizations/{organization_id}/members?invited={sent}", 303)


@pages.get(f"{PATH}/<uuid:membership_id>")
@allow(READ_ORGANIZATIONS)
def show(organization_id: uuid.UUID, membership_id: uuid.UUID) -> str:
    return _member_page(settings_of(transaction(), organization_id), _member(organization_id, membership_id))


@pages.post(f"{PATH}/<uuid:membership_id>")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def save(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    there = read_members(transaction(), settings.head.key)
    now = there[member.email]
    said: Item = {
        "profile": request.form.get("profile", ""),
        "starts_on": request.form.get("starts_on") or None,
        "ends_on": request.form.get("ends_on") or None,
        "main": True if request.form.get("main") else now["main"],
        "objects": ([] if now["objects"] == "all" else now["objects"])
        if request.form.get("objects") == "selected"
        else "all",
    }
    try:
        _apply(settings, {**there, member.email: {**now, **said}})
    except Unacceptable as refused:
        return _member_page(settings, member, said, _beside(refused)), 422
    return redirect(_address(organization_id, membership_id, done=True), 303)


@pages.post(f"{PATH}/<uuid:membership_id>/removal")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def remove(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    there = read_members(transaction(), settings.head.key)
    _apply(settings, {email: item for email, item in there.items() if email != member.email})
    return redirect(f"/organizations/{organization_id}/members", 303)


@pages.post(f"{PATH}/<uuid:membership_id>/activity")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def switch(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    """Let a person in, or shut him out everywhere at once."""
    member = _member(organization_id, membership_id)
    told = {"users": [{"email": member.email, "active": request.form.get("active") == "1"}]}
    config.apply(transaction(), told, viewer.user_id, may_wait=True)
    return redirect(_address(organization_id, membership_id, done=True), 303)


@pages.post(f"{PATH}/<uuid:membership_id>/invitation")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def invite(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Response:
    member = _member(organization_id, membership_id)
    sent = invite_all(transaction(), [member.email], viewer.user_id)
    return redirect(f"/organizations/{organization_id}/members?invited={sent}", 303)


@pages.get(f"{PATH}/<uuid:membership_id>/objects")
@allow(READ_ORGANIZATIONS)
def objects(organization_id: uuid.UUID, membership_id: uuid.UUID) -> str:
    return _objects_page(organization_id, membership_id)


@pages.post(f"{PATH}/<uuid:membership_id>/objects")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def choose_objects(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    there = read_members(transaction(), settings.head.key)
    chosen = there[member.email]["objects"]
    add, remove = set(request.form.getlist("add")), set(request.form.getlist("remove"))
    wanted = sorted((set(chosen if chosen != "all" else []) | add) - remove)
    document = _document(settings, {**there, member.email: {**there[member.email], "objects": wanted}})
    address = f"{_address(organization_id, membership_id)}/objects"
    return lists.answered(
        settings, document, address, lambda **more: _objects_page(organization_id, membership_id, **more)
    )


def _objects_page(organization_id: uuid.UUID, membership_id: uuid.UUID, **more: Any) -> str:
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    chosen = read_members(transaction(), settings.head.key)[member.email]["objects"]
    address = _address(organization_id, membership_id)
    trail = [(member.name, address)]
    return lists.page(
        settings, "objects", chosen, f"{address}/objects", trail, viewer.may(MANAGE_MEMBERS), **more
    )


def _member(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    return reading.member_of(transaction(), organization_id, membership_id)


def _address(organization_id: uuid.UUID, membership_id: uuid.UUID, done: bool = False) -> str:
    return f"/organizations/{organization_id}/members/{membership_id}{'?done=1' if done else ''}"


def _as_they_are(members: dict[str, Item]) -> list[Item]:
    return [{"user": email, **item} for email, item in members.items()]


def _document(settings: Settings, members: dict[str, Item]) -> dict[str, Any]:
    return {"organizations": [{"key": settings.head.key, "members": _as_they_are(members)}]}


def _apply(settings: Settings, members: dict[str, Item]) -> None:
    config.apply(transaction(), _document(settings, members), viewer.user_id, may_wait=True)


def _beside(refused: Unacceptable) -> dict[str, str]:
    """What is wrong, by the control it stands beside; of several people with the address it is about."""
    found: dict[str, str] = {}
    for place, sentence in refused.problems.items():
        about = PLACE.search(place)
        word = place.rpartition(".")[2]
        email = about and (about["email"] or about["user"])
        control = word if word in ("profile", "starts_on", "ends_on", "objects", "people") else "people"
        said = f"{email}: {sentence}" if email and control == "people" else str(sentence)
        found[control] = "\n".join(filter(None, [found.get(control), said])) if control == "people" else said
    return found


def _page(settings: Settings, errors: dict[str, str] | None = None) -> str:
    formats, connection = formats_for(language()), transaction()
    invited = request.args.get("invited", "")
    return render_template(
        "administration/members/index.html",
        organization=settings.head,
        members=[
            (member, (STATES[member.state], TONES[member.state]), formats.moment(member.signed_in_at))
            for member in reading.members_of(connection, settings.head.id)
        ],
        profiles=reading.client_profiles(connection),
        people=request.form.get("people", ""),
        profile=request.form.get("profile", ""),
        errors=errors or {},
        invited=int(invited) if invited.isdecimal() and len(invited) < 5 else None,
        may_manage=viewer.may(MANAGE_MEMBERS),
        day=formats.day,
    )


def _member_page(
    settings: Settings, member: Any, said: Item | None = None, errors: dict[str, str] | None = None
) -> str:
    kept = {
        "profile": member.profile,
        "starts_on": str(member.starts_on or ""),
        "ends_on": str(member.ends_on or ""),
        "objects": member.objects,
    }
    formats = formats_for(language())
    return render_template(
        "administration/members/show.html",
        organization=settings.head,
        member=member,
        state=(STATES[member.state], TONES[member.state]),
        signed_in=formats.moment(member.signed_in_at),
        invited_until=formats.moment(member.invited_until),
        item={**kept, **(said or {})},
        profiles=reading.client_profiles(transaction()),
        errors=errors or {},
        may_manage=viewer.may(MANAGE_MEMBERS),
        is_done="done" in request.args,
    )
