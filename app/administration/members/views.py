"""Pages of an organization's members at the broker's desk: inviting several at once, and looking after one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app.administration import asking, config, forms, undoing
from app.administration.config.state import Item, known_users, read_members
from app.administration.members import changing, reading
from app.administration.members.access import MANAGE_MEMBERS
from app.administration.members.changing import Door
from app.administration.members.inviting import invite_all
from app.administration.members.offers import offers_of
from app.administration.members.typed import people
from app.administration.organizations import lists
from app.administration.organizations.access import READ_ORGANIZATIONS
from app.administration.organizations.reading import Settings, settings_of
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import _
from permissions.door import allow, viewer

pages = Blueprint("organization_members", __name__)

PATH = "/organizations/<uuid:organization_id>/members"


@pages.get(PATH)
@allow(READ_ORGANIZATIONS)
def index(organization_id: uuid.UUID) -> str:
    return _page(settings_of(transaction(), organization_id))


@pages.post(PATH)
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def add(organization_id: uuid.UUID) -> Any:
    """Make those who are typed members, and invite whoever has no password yet."""
    forms.undisturbed()
    settings, connection = settings_of(transaction(), organization_id), transaction()
    try:
        named, profile = people(request.form.get("people", "")), request.form.get("profile", "")
        if not profile:
            raise Unacceptable({"profile": _("Choose a profile of this list.")})
        there = read_members(connection, settings.head.key)
        known = known_users(connection, [person.email for person in named])
        new = {person.email: {"profile": profile} for person in named if person.email not in there}
        config.apply(
            connection,
            {
                # Whoever is known keeps his name.
                "users": [
                    {"email": person.email, "name": person.name}
                    for person in named
                    if person.email not in known
                ],
                **changing.document(settings.head.key, {**there, **new}),
            },
            viewer.user_id,
            may_wait=True,
        )
    except Unacceptable as refused:
        return _page(settings, changing.beside(refused)), 422
    sent = invite_all(connection, (person.email for person in named), viewer.user_id)
    return redirect(f"/organizations/{organization_id}/members?invited={sent}", 303)


@pages.get(f"{PATH}/<uuid:membership_id>")
@allow(READ_ORGANIZATIONS)
def show(organization_id: uuid.UUID, membership_id: uuid.UUID) -> str:
    return _member_page(settings_of(transaction(), organization_id), _member(organization_id, membership_id))


@pages.post(f"{PATH}/<uuid:membership_id>")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def save(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    forms.undisturbed()
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    there = read_members(transaction(), settings.head.key)
    said = changing.said(there[member.email])
    if changing.narrows_to_nothing(there[member.email], said) and not asking.is_sure():
        return _asked(settings, member, *changing.narrowing(member, settings.head))
    try:
        _apply(settings, {**there, member.email: {**there[member.email], **said}})
    except Unacceptable as refused:
        return _member_page(settings, member, said, changing.beside(refused)), 422
    return redirect(_address(organization_id, membership_id, done=True), 303)


@pages.post(f"{PATH}/<uuid:membership_id>/removal")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def remove(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    forms.undisturbed()
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    if not asking.is_sure():
        told = changing.lost(member, settings.head)
        return _asked(
            settings,
            member,
            _("Remove {name} from the organisation?", name=member.name),
            told,
            _("Remove from organisation"),
        )
    there = read_members(transaction(), settings.head.key)
    _apply(settings, {email: item for email, item in there.items() if email != member.email})
    return redirect(f"/organizations/{organization_id}/members", 303)


@pages.post(f"{PATH}/<uuid:membership_id>/activity")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def switch(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    """Let a person in, or shut him out everywhere at once."""
    member, is_in = _member(organization_id, membership_id), request.form.get("active") == "1"
    if not (is_in or asking.is_sure()):
        settings = settings_of(transaction(), organization_id)
        told = _("{name} is signed out everywhere at once and cannot sign in any more.", name=member.name)
        return _asked(settings, member, _("Deactivate {name}?", name=member.name), told, _("Deactivate user"))
    told = {"users": [{"email": member.email, "active": is_in}]}
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
    forms.undisturbed()
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    there = read_members(transaction(), settings.head.key)
    chosen = there[member.email]["objects"]
    add, remove = set(request.form.getlist("add")), set(request.form.getlist("remove"))
    wanted = sorted((set(chosen if chosen != "all" else []) | add) - remove)
    document = changing.document(
        settings.head.key, {**there, member.email: {**there[member.email], "objects": wanted}}
    )
    address = f"{_address(organization_id, membership_id)}/objects"
    return lists.answered(
        settings,
        document,
        address,
        lambda **more: _objects_page(organization_id, membership_id, **more),
        membership_id,
    )


@pages.post(f"{PATH}/<uuid:membership_id>/changes/<uuid:change_id>/undoing")
@allow(READ_ORGANIZATIONS, MANAGE_MEMBERS)
def undo(organization_id: uuid.UUID, membership_id: uuid.UUID, change_id: uuid.UUID) -> Response:
    """Make a membership what it was before a change, as far as nobody changed the same again."""
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    change = undoing.change_of(transaction(), "membership", membership_id, change_id)
    there = read_members(transaction(), settings.head.key)
    former = undoing.former(there[member.email], change.before, change.after)
    _apply(settings, {**there, member.email: {**there[member.email], **former}})
    return redirect(f"{_address(organization_id, membership_id)}/objects", 303)


def _objects_page(organization_id: uuid.UUID, membership_id: uuid.UUID, **more: Any) -> str:
    settings, member = settings_of(transaction(), organization_id), _member(organization_id, membership_id)
    chosen = read_members(transaction(), settings.head.key)[member.email]["objects"]
    address = _address(organization_id, membership_id)
    trail = [(_("Members"), f"/organizations/{organization_id}/members"), (member.name, address)]
    return lists.page(
        settings,
        "objects",
        chosen,
        f"{address}/objects",
        trail,
        viewer.may(MANAGE_MEMBERS),
        offered=reading.OBJECTS_SEEN,
        scope=organization_id,
        person=member.name,
        **more,
    )


def _asked(settings: Settings, member: Any, title: str, told: str, button: str) -> str:
    door, back = _door(settings), _address(settings.head.id, member.id)
    crumbs = [*door.way, (_("Members"), door.path), (member.name, back), (button, None)]
    return asking.question(title, [told], button, back, crumbs)


def _member(organization_id: uuid.UUID, membership_id: uuid.UUID) -> Any:
    return reading.member_of(transaction(), organization_id, membership_id)


def _address(organization_id: uuid.UUID, membership_id: uuid.UUID, done: bool = False) -> str:
    return f"/organizations/{organization_id}/members/{membership_id}{'?done=1' if done else ''}"


def _apply(settings: Settings, members: dict[str, Item]) -> None:
    changing.apply(transaction(), settings.head.key, members, viewer.user_id)


def _door(settings: Settings) -> Door:
    way = lists.of_organization(settings.head)
    return Door(f"/organizations/{settings.head.id}/members", way, viewer.may(MANAGE_MEMBERS))


def _page(settings: Settings, errors: dict[str, str] | None = None) -> str:
    connection, organization_id = transaction(), settings.head.id
    return changing.list_page(
        _door(settings),
        settings.head,
        reading.members_of(connection, organization_id),
        reading.client_profiles(connection),
        errors,
        offers=[(offer, False) for offer in offers_of(connection, organization_id)],
    )


def _member_page(
    settings: Settings, member: Any, said: Item | None = None, errors: dict[str, str] | None = None
) -> str:
    profiles = reading.client_profiles(transaction())
    return changing.member_page(_door(settings), settings.head, member, profiles, said, errors)
