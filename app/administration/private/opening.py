"""Unlocking somebody's private portal, and locking it at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.administration import config
from app.administration.config.state import read_members, read_organization
from app.administration.members import changing
from app.administration.organizations.lifecycle import beginning, new_key
from app.administration.private import reading
from app.core.errors import Unacceptable
from app.core.text import _
from permissions import Viewer
from permissions.noting import note
from tenants import visibility


def unlock(connection: Connection, actor: Viewer, person: Any, holders: list[str], profile: str) -> None:
    """Give a client an organization of his own that shows these private clients, or open again the one he has.
    Unacceptable with sentences for `holders`, `profile` and `form`; nothing is done then."""
    # Of two who do it at once the second is told so.
    visibility.lock(connection)
    portal = reading.portal_of(connection, person.id)
    if portal is not None and portal.is_open:
        raise Unacceptable({"form": _("The private portal is unlocked already.")})
    problems = {}
    if not holders:
        problems["holders"] = _("Choose at least one private client.")
    if not profile:
        problems["profile"] = _("Choose a profile.")
    if problems:
        raise Unacceptable(problems)
    opened = {"starts_on": None, "ends_on": None, "policyholders": holders}
    member = {"user": person.email, "profile": profile, "starts_on": str(visibility.today()), "ends_on": None}
    if portal is None:
        key = new_key(connection, person.name)
        opened |= {**beginning(connection), "name": person.name, "home_view": "private"}
    else:
        key = portal.key
    entry = {"key": key, **opened, "private_for": person.email, "members": [member]}
    try:
        config.apply(connection, {"organizations": [entry]}, actor.user_id, may_wait=True)
    except Unacceptable as refused:
        raise Unacceptable(_beside(refused)) from None
    given = {"profile": profile, "policyholders": holders}
    note(connection, actor, "user.private_unlocked", "user", person.id, after=given)


def lock(connection: Connection, actor: Viewer, person: Any) -> None:
    """End what he has there, from his next page on. What it showed is kept, to be unlocked again."""
    visibility.lock(connection)
    portal = reading.portal_of(connection, person.id)
    if portal is None or not portal.is_open:
        return
    now, members = read_organization(connection, portal.key), read_members(connection, portal.key)
    entry = {word: value for word, value in changing.ended(now).items() if word in ("starts_on", "ends_on")}
    over = [{"user": email, **changing.ended(item)} for email, item in members.items()]
    config.apply(
        connection, {"organizations": [{"key": portal.key, **entry, "members": over}]}, actor.user_id
    )
    note(connection, actor, "user.private_locked", "user", person.id)


def _beside(refused: Unacceptable) -> dict[str, str]:
    """What is wrong, by the control it stands beside."""
    found = {}
    for place, sentence in refused.problems.items():
        word = place.rpartition(".")[2]
        found[{"policyholders": "holders", "profile": "profile"}.get(word, "form")] = str(sentence)
    return found
