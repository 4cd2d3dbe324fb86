"""What the broker's desk and a client's own house do alike with members: their words in the document, and their pages."""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from sqlalchemy import Connection

from app.administration import config
from app.administration.config.state import Item
from app.administration.users import standing
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import _, _lp, language
from tenants import visibility

Members = dict[str, Item]
"""Of an organization, by their email addresses, in the words of the configuration document."""

STATES = {state: (words, standing.TONES[state]) for state, words in standing.STATES.items()}
STATES["ended"] = (_lp("member_state", "Ended"), "off")
"""How far somebody has come into the portal, and whether his membership is over; with the tones."""
PLACE = re.compile(r"\.members\[(?P<email>[^\]]+)\]|^users\[(?P<user>[^\]]+)\]")


@dataclass(frozen=True)
class Door:
    """From where somebody looks after members."""

    path: str
    """Of their list."""
    way: list[tuple[str, str]]
    """Leads to the list, for who is further in."""
    may_manage: bool
    is_desk: bool = True


def document(key: str, members: Members) -> dict[str, Any]:
    return {
        "organizations": [
            {"key": key, "members": [{"user": email, **item} for email, item in members.items()]}
        ]
    }


def apply(connection: Connection, key: str, members: Members, actor_id: uuid.UUID) -> None:
    config.apply(connection, document(key, members), actor_id, may_wait=True)


def said(now: Item) -> Item:
    """What the form of a member's page says. Of the objects it says only whether all are meant."""
    return {
        "profile": request.form.get("profile", ""),
        "starts_on": request.form.get("starts_on") or None,
        "ends_on": request.form.get("ends_on") or None,
        "main": True if request.form.get("main") else now["main"],
        "objects": ([] if now["objects"] == "all" else now["objects"])
        if request.form.get("objects") == "selected"
        else "all",
    }


def narrows_to_nothing(now: Item, said: Item) -> bool:
    """Whether it leaves somebody who sees all objects with those still to be chosen, and so with none."""
    return now["objects"] == "all" and said["objects"] == []


def narrowing(member: Any, head: Any) -> tuple[str, str, str]:
    """The question before it: its title, what would happen, and the button."""
    return (
        _("Limit {name} to selected objects?", name=member.name),
        _(
            "No object is selected for {name} yet. Until one is, {name} sees nothing in {place} but own reports and "
            "uploads.",
            name=member.name,
            place=head.name,
        ),
        _("Limit to selected objects"),
    )


def ended(now: Item) -> Item:
    """Access that is over today, whether it had begun or not."""
    yesterday = str(visibility.today() - datetime.timedelta(days=1))
    starts_on = now["starts_on"] if now["starts_on"] and now["starts_on"] <= yesterday else None
    return {**now, "starts_on": starts_on, "ends_on": yesterday}


def lost(member: Any, organization: Any) -> str:
    """What somebody loses whose access to an organization ends."""
    return _(
        "{name} will no longer see the contracts of {client}.", name=member.name, client=organization.name
    )


def beside(refused: Unacceptable) -> dict[str, str]:
    """What is wrong, by the control it stands beside; of several people with the address it is about."""
    found: dict[str, str] = {}
    for place, sentence in refused.problems.items():
        about = PLACE.search(place)
        word = place.rpartition(".")[2]
        email = about and (about["email"] or about["user"])
        control = word if word in ("profile", "starts_on", "ends_on", "objects", "people") else "people"
        told = f"{email}: {sentence}" if email and control == "people" else str(sentence)
        found[control] = "\n".join(filter(None, [found.get(control), told])) if control == "people" else told
    return found


def list_page(
    door: Door,
    head: Any,
    members: list[Any],
    profiles: list[tuple[str, str]],
    errors: dict[str, str] | None = None,
    **more: Any,
) -> str:
    """All members; `more` is what only one of the doors tells."""
    formats = formats_for(language())
    invited = request.args.get("invited", "")
    known = {"offers": [], "covered": None, "last_day": None, "review": None, "is_reviewed": False}
    return render_template(
        "administration/members/index.html",
        door=door,
        organization=head,
        members=[
            (
                member,
                STATES[member.state],
                formats.moment(member.signed_in_at if door.is_desk else member.came_here_at),
            )
            for member in members
        ],
        profiles=profiles,
        people=request.form.get("people", ""),
        profile=request.form.get("profile", ""),
        ends_on=request.form.get("ends_on", ""),
        errors=errors or {},
        invited=int(invited) if invited.isdecimal() and len(invited) < 5 else None,
        day=formats.day,
        **known | more,
    )


def member_page(
    door: Door,
    head: Any,
    member: Any,
    profiles: list[tuple[str, str]],
    typed: Item | None = None,
    errors: dict[str, str] | None = None,
    **more: Any,
) -> str:
    kept = {
        "profile": member.profile,
        "starts_on": str(member.starts_on or ""),
        "ends_on": str(member.ends_on or ""),
        "objects": member.objects,
    }
    formats = formats_for(language())
    known = {"is_narrowed": False, "has_objects": True, "last_day": None}
    return render_template(
        "administration/members/show.html",
        door=door,
        organization=head,
        member=member,
        state=STATES[member.state],
        signed_in=formats.moment(member.signed_in_at if door.is_desk else member.came_here_at),
        invited_until=formats.moment(member.invited_until),
        item={**kept, **(typed or {})},
        profiles=profiles,
        errors=errors or {},
        is_ended=member.state == "ended",
        is_done="done" in request.args,
        **known | more,
    )
