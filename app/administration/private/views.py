"""Pages of a user's private portal at the desk: choosing what it shows, unlocking it, and locking it again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.administration import asking
from app.administration.members.access import MANAGE_MEMBERS
from app.administration.members.reading import client_profiles
from app.administration.organizations.access import MANAGE_ORGANIZATIONS
from app.administration.organizations.lists import LONGEST_SEARCH, MOST_SHOWN
from app.administration.private import opening, reading
from app.administration.users.access import USERS
from app.administration.users.reading import person_of
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from permissions.door import allow, the_viewer, viewer

pages = Blueprint("private_portals", __name__)

PATH = "/users/<uuid:user_id>/private-portal"


@pages.get(PATH)
@allow(USERS, MANAGE_MEMBERS, MANAGE_ORGANIZATIONS)
def show(user_id: uuid.UUID) -> Any:
    person = _client(user_id)
    portal = reading.portal_of(transaction(), user_id)
    if portal is not None and portal.is_open:
        return redirect(f"/users/{user_id}", 303)
    proposed = reading.proposals_for(transaction(), the_viewer(), person.name, person.email)
    chosen = portal.holders if portal else sorted(proposed.certain)
    return _page(person, proposed, chosen, (portal and portal.profile) or "")


@pages.post(PATH)
@allow(USERS, MANAGE_MEMBERS, MANAGE_ORGANIZATIONS)
def unlock(user_id: uuid.UUID) -> Any:
    """Unlock it, or look for further clients by a few letters, as the button says that was pressed."""
    person = _client(user_id)
    holders = list(dict.fromkeys(request.form.getlist("holder")))[:MOST_SHOWN]
    profile, errors = request.form.get("profile", ""), {}
    if request.form.get("way") == "unlock":
        try:
            opening.unlock(transaction(), viewer, person, holders, profile)
        except Unacceptable as refused:
            errors = {place: str(sentence) for place, sentence in refused.problems.items()}
        else:
            return redirect(f"/users/{user_id}?done=1", 303)
    proposed = reading.proposals_for(transaction(), the_viewer(), person.name, person.email)
    return _page(person, proposed, holders, profile, errors), 422 if errors else 200


@pages.post(f"{PATH}/locking")
@allow(USERS, MANAGE_MEMBERS, MANAGE_ORGANIZATIONS)
def lock(user_id: uuid.UUID) -> Any:
    person = _client(user_id)
    if not asking.is_sure():
        return _asked(person)
    opening.lock(transaction(), viewer, person)
    return redirect(f"/users/{user_id}?done=locked", 303)


def _asked(person: Any) -> str:
    portal, here = reading.portal_of(transaction(), person.id), f"/users/{person.id}"
    consequences = [_("It can be unlocked again at any time; what it shows is kept.")]
    if portal and portal.names:
        told = _(
            "{name} will no longer see the private insurance of these clients: {clients}",
            name=person.name,
            clients=", ".join(portal.names),
        )
        consequences.insert(0, told)
    crumbs: list[tuple[str, str | None]] = [
        (_("Users"), "/users"),
        (person.name, here),
        (_("Lock private portal"), None),
    ]
    return asking.question(
        _("Lock the private portal of {name}?", name=person.name),
        consequences,
        _("Lock private portal"),
        here,
        crumbs,
    )


def _client(user_id: uuid.UUID) -> Any:
    """NotFound for staff, too: they have no insurance here."""
    person = person_of(transaction(), user_id)
    if person.is_staff:
        raise NotFound
    return person


def _page(
    person: Any,
    proposed: reading.Proposals,
    chosen: list[str],
    profile: str,
    errors: dict[str, str] | None = None,
) -> str:
    connection = transaction()
    search = " ".join(request.form.get("q", "").split())[:LONGEST_SEARCH]
    listed = list(dict.fromkeys([*proposed.keys, *chosen]))
    found, has_more = reading.found(connection, the_viewer(), search, listed) if search else ([], False)
    entries = {one.key: one for one in reading.named(connection, the_viewer(), listed)}
    return render_template(
        "administration/users/private.html",
        person=person,
        clients=[(entries[key], _why(key, proposed)) for key in listed if key in entries],
        unknown=[key for key in chosen if key not in entries],
        found=found,
        has_more=has_more,
        search=search,
        chosen=set(chosen),
        elsewhere=reading.seen_elsewhere(connection, person.id, [*entries, *(one.key for one in found)]),
        profiles=client_profiles(connection),
        profile=profile,
        errors=errors or {},
    )


def _why(key: str, proposed: reading.Proposals) -> str:
    if key in proposed.certain:
        return _("Same email address")
    return _("Same name") if key in proposed.keys else ""
