"""The one door every request comes through, and the sign each route hangs on it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import current_app, redirect, request
from flask_login import current_user

from app.core.errors import NotFound, Refusal
from app.core.text import _, _l
from permissions.catalogue import Area, Function
from permissions.viewer import Forbidden, Viewer

View = TypeVar("View", bound=Callable[..., Any])

viewer = cast(Viewer, current_user)
"""The person looking; only at the edge. Everything deeper takes the viewer as an argument."""


def the_viewer() -> Viewer:
    """The person looking himself, to be handed on; `viewer` only stands for him."""
    person: Viewer = current_user._get_current_object()  # type: ignore[attr-defined]
    return person


class Open(enum.Enum):
    """Signs that name no right."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


def allow(*rights: Area | Function, known_by: str | None = None) -> Callable[[View], View]:
    """Say what a route needs, all of it. `admit` checks it; a route that says nothing stays shut.

    `known_by` names a part of the address that says who comes, as a cookie does elsewhere: no cookie is asked for."""

    def sign(view: View) -> View:
        view.access, view.known_by = rights, known_by  # type: ignore[attr-defined]
        return view

    return sign


def public(view: View) -> View:
    """Open a route to everybody, signed in or not: the sign-in page, the health check."""
    view.access = Open.PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open a route to everybody who is signed in, whatever the profile: home, own settings, signing out."""
    view.access = Open.SIGNED_IN  # type: ignore[attr-defined]
    return view


def while_looking(view: View) -> View:
    """Keep an act open to who looks through somebody else's eyes, although he may change nothing there."""
    view.is_open_to_looks = True  # type: ignore[attr-defined]
    return view


def while_acting(view: View) -> View:
    """Open an act to who looks through somebody else's eyes and may act there: without this sign it stays the user's
    own, whatever is allowed."""
    view.is_open_to_acting = True  # type: ignore[attr-defined]
    return view


def before_terms(view: View) -> View:
    """Open a route to who has not accepted the terms of use yet: what the page that asks for it needs, and the way out."""
    view.is_open_before_terms = True  # type: ignore[attr-defined]
    return view


class TermsDue(Refusal):
    """The broker's terms of use have a version that this person has not accepted."""

    status = 403
    heading = _l("Terms of use")

    def __str__(self) -> str:
        return _("Accept the terms of use first. Open any page of the portal to read them.")


def ask_terms() -> Any:
    """The way to the page that asks for it, and from there on to where the person wanted to go."""
    if request.path.startswith("/api/"):
        raise TermsDue
    way = request.full_path.rstrip("?") if request.method in READING else "/"
    return redirect(f"/terms?{urlencode({'next': way})}", 303)


class OnlyLooking(Refusal):
    """An act that is not for who looks through somebody else's eyes."""

    status = 403
    heading = _l("Not possible in this view")

    def __init__(self, may_act: bool) -> None:
        super().__init__(may_act)
        self.may_act = may_act

    def __str__(self) -> str:
        if self.may_act:
            return _("Only the user can do this. Stop viewing to go back to your own desk.")
        return _("You are only looking, so nothing was changed. Stop viewing to go back to your own desk.")


READING = ("GET", "HEAD", "OPTIONS")


def check_hands(view: Any) -> None:
    """Refuse what changes something to who looks through somebody else's eyes."""
    if request.method in READING or getattr(view, "is_open_to_looks", False):
        return
    look = getattr(current_user, "look", None)
    if look is not None and not (look.may_act and getattr(view, "is_open_to_acting", False)):
        raise OnlyLooking(look.may_act)


def secret_of_address() -> str | None:
    """What the address says of who comes, on a route that is opened by it."""
    view = current_app.view_functions.get(request.endpoint or "")
    name = getattr(view, "known_by", None)
    return None if name is None else (request.view_args or {})[name]


def admit() -> Any:
    """Before every request: who is looking, and may they come in?"""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    access = getattr(view, "access", None)
    check_hands(view)
    if access is Open.PUBLIC:
        return None
    person = the_viewer()
    if secret_of_address() is not None and not (
        person.is_authenticated and all(map(person.may, access or ()))
    ):
        # Whoever tries addresses learns of none; and no sign-in page is told this one to come back to.
        raise NotFound
    if not person.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if access is None:
        raise Forbidden(request.endpoint)
    if person.terms_due is not None and not getattr(view, "is_open_before_terms", False):
        return ask_terms()
    if access is not Open.SIGNED_IN:
        for right in access:
            person.must(right)
    return None
