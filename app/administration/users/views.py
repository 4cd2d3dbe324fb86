"""The page of a user: who he is, where he belongs, how far he has come, and letting him in or shutting him out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.administration import asking, config, forms
from app.administration.access import APPLY_CONFIG
from app.administration.audit.access import AUDIT_LOG, READ_AUDIT
from app.administration.config.state import read_members
from app.administration.eyes.access import VIEW_AS
from app.administration.members.access import MANAGE_MEMBERS
from app.administration.members.inviting import invite_all
from app.administration.organizations.access import MANAGE_ORGANIZATIONS, READ_ORGANIZATIONS
from app.administration.private.reading import portal_of
from app.administration.seen.access import EXPLAIN, WHO_SEES
from app.administration.users import reading
from app.administration.users.access import USERS
from app.administration.users.standing import STATES, TONES
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import formats_for
from app.core.text import LANGUAGES, _, _n, language
from permissions import Forbidden
from permissions.door import allow, viewer

pages = Blueprint("user_desk", __name__)

PATH = "/users/<uuid:user_id>"


@pages.get(PATH)
@allow(USERS)
def show(user_id: uuid.UUID) -> str:
    return _page(reading.person_of(transaction(), user_id))


@pages.post(f"{PATH}/activity")
@allow(USERS, MANAGE_MEMBERS)
def switch(user_id: uuid.UUID) -> Any:
    """Let a person in, or shut him out everywhere at once."""
    person, is_in = _changeable(user_id), request.form.get("active") == "1"
    if not is_in and person.id != viewer.user_id and not asking.is_sure():
        return _asked(person)
    told = {"users": [{"email": person.email, "active": is_in}]}
    return _applied(person, told, "activated" if is_in else "deactivated")


def _asked(person: Any) -> str:
    left = [one.name for one in reading.memberships_of(transaction(), person.id) if one.runs]
    consequences = [
        _("{name} is signed out everywhere at once and cannot sign in any more.", name=person.name)
    ]
    if left:
        told = _n(
            "This ends the access to {n} organisation: {names}",
            "This ends the access to {n} organisations: {names}",
            len(left),
            names=", ".join(left),
        )
        consequences.append(told)
    here, button = f"/users/{person.id}", _("Deactivate user")
    crumbs = [(_("Users"), "/users"), (person.name, here), (button, None)]
    return asking.question(_("Deactivate {name}?", name=person.name), consequences, button, here, crumbs)


@pages.post(f"{PATH}/invitation")
@allow(USERS, MANAGE_MEMBERS)
def invite(user_id: uuid.UUID) -> Response:
    person = _changeable(user_id)
    sent = invite_all(transaction(), [person.email], viewer.user_id)
    return redirect(f"/users/{user_id}?{'invited' if sent else 'done'}=1", 303)


@pages.post(f"{PATH}/main")
@allow(USERS, MANAGE_MEMBERS)
def choose_main(user_id: uuid.UUID) -> Any:
    """Decide in which of his organizations a person is after signing in."""
    forms.undisturbed()
    person, wanted = _changeable(user_id), request.form.get("membership", "")
    chosen = next(
        (one for one in reading.memberships_of(transaction(), user_id) if str(one.id) == wanted), None
    )
    if chosen is None:
        raise NotFound
    members = read_members(transaction(), chosen.key)
    members[person.email]["main"] = True
    told = [{"user": email, **member} for email, member in members.items()]
    return _applied(person, {"organizations": [{"key": chosen.key, "members": told}]})


def _changeable(user_id: uuid.UUID) -> Any:
    """A user whom the viewer may change: members; staff only for whoever may declare them."""
    person = reading.person_of(transaction(), user_id)
    if person.is_staff and not viewer.may(APPLY_CONFIG):
        raise Forbidden(APPLY_CONFIG.subject)
    return person


def _applied(person: Any, document: dict[str, Any], done: str = "changed") -> Any:
    if person.id == viewer.user_id:
        return _page(person, _("Somebody else has to change your own access.")), 422
    try:
        config.apply(transaction(), document, viewer.user_id)
    except Unacceptable as refused:
        return _page(person, str(next(iter(refused.problems.values())))), 422
    return redirect(f"/users/{person.id}?done={done}", 303)


def _done(person: Any, portal: Any) -> str | None:
    """What was just done, as far as it is so."""
    done = request.args.get("done")
    if done == "deactivated" and not person.is_active:
        return _("{name} is deactivated and signed out everywhere.", name=person.name)
    if done == "activated" and person.is_active:
        return _("{name} is active again.", name=person.name)
    if done == "locked" and portal and not portal.is_open:
        return _("The private portal of {name} is locked.", name=person.name)
    return _("The change is saved and holds from the next page on.") if done else None


def _page(person: Any, error: str | None = None) -> str:
    formats, connection = formats_for(language()), transaction()
    portal = None if person.is_staff else portal_of(connection, person.id)
    return render_template(
        "administration/users/show.html",
        person=person,
        state=(STATES[person.state], TONES[person.state]),
        memberships=reading.memberships_of(connection, person.id),
        latest=[formats.moment(at) for at in reading.latest_sign_ins(connection, person.id)],
        moment=formats.moment,
        day=formats.day,
        number=formats.integer,
        spoken=LANGUAGES.get(person.language or "", ""),
        error=error,
        done=_done(person, portal),
        is_invited="invited" in request.args,
        may_manage=viewer.may(MANAGE_MEMBERS) and (not person.is_staff or viewer.may(APPLY_CONFIG)),
        is_himself=person.id == viewer.user_id,
        portal=portal,
        may_unlock=viewer.may(MANAGE_MEMBERS) and viewer.may(MANAGE_ORGANIZATIONS),
        has_organizations=viewer.may(READ_ORGANIZATIONS),
        ways=[
            (url, words, icon)
            for is_open, url, words, icon in (
                (
                    viewer.may(WHO_SEES) and viewer.may(EXPLAIN),
                    f"/visibility?person={person.id}",
                    _("What does this person see?"),
                    WHO_SEES.icon,
                ),
                (
                    viewer.may(AUDIT_LOG) and viewer.may(READ_AUDIT),
                    f"/audit?person={person.id}",
                    _("Audit log of this person"),
                    AUDIT_LOG.icon,
                ),
                (
                    person.can_be_viewed and viewer.may(VIEW_AS),
                    f"/users/{person.id}/view",
                    _("View as user"),
                    "eye",
                ),
            )
            if is_open
        ],
    )
