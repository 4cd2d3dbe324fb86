"""The one door every request comes through, and the sign each route hangs on it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import current_app, request
from flask_login import current_user

from permissions.catalogue import Area, Function
from permissions.viewer import Forbidden, Viewer

View = TypeVar("View", bound=Callable[..., Any])

viewer = cast(Viewer, current_user)
"""The person looking; only at the edge. Everything deeper takes the viewer as an argument."""


class Open(enum.Enum):
    """Signs that name no right."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


def allow(*rights: Area | Function) -> Callable[[View], View]:
    """Say what a route needs, all of it. `admit` checks it; a route that says nothing stays shut."""

    def sign(view: View) -> View:
        view.access = rights  # type: ignore[attr-defined]
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


def admit() -> Any:
    """Before every request: who is looking, and may they come in?"""
    if request.endpoint is None:
        return None
    access = getattr(current_app.view_functions[request.endpoint], "access", None)
    if access is Open.PUBLIC:
        return None
    person = current_user._get_current_object()  # type: ignore[attr-defined]
    if not person.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if access is None:
        raise Forbidden(request.endpoint)
    if access is not Open.SIGNED_IN:
        for right in access:
            person.must(right)
    return None
