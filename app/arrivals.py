"""Who a request comes from: by the secret in its address, a token, a session, or a look through somebody's eyes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, redirect, request
from flask.sessions import NullSession, SessionInterface
from flask_login import LoginManager

from app.accounts.views import cookie_name, drop_cookie, look_cookie_name
from app.core import text
from app.core.db import transaction
from app.refusals import problem, wants_json
from permissions.arrival import Key, arrive
from permissions.door import secret_of_address
from permissions.viewer import Viewer


class Arrivals(LoginManager):
    """Who is signed in stands in our sessions table; what Flask-Login keeps in Flask's session is never asked."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(self._load_user_from_request(request._get_current_object()))  # type: ignore[attr-defined]

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


class NoCookie(SessionInterface):
    """Flask's own session is not used: nothing to open, nothing to sign, nothing to save."""

    def open_session(self, portal: Flask, request: Any) -> NullSession:
        return NullSession()

    def save_session(self, portal: Flask, session: Any, response: Response) -> None:
        pass


def recognize(portal: Flask) -> None:
    """Know the viewer by what the request brings along, and send who is nobody to sign in."""
    portal.session_interface = NoCookie()
    login = Arrivals(portal)

    @login.request_loader
    def who(request: Any) -> Viewer | None:
        # The page that tells so is drawn without the database that is away.
        if g.get("is_away"):
            return None
        if (secret := secret_of_address()) is not None:
            return arrive(transaction(), secret, Key.ADDRESS)
        header = request.headers.get("Authorization", "")
        if header:
            scheme, _space, token = header.partition(" ")
            return arrive(transaction(), token.strip(), Key.TOKEN) if scheme.lower() == "bearer" else None
        token, look = request.cookies.get(cookie_name()), request.cookies.get(look_cookie_name())
        if not (token and look):
            return arrive(transaction(), token) if token else None
        g.looking = arrive(transaction(), token, Key.LOOK, look)
        return g.looking

    @login.unauthorized_handler
    def unknown() -> Any:
        response = _unknown()
        # Whose look is over does nothing more in that request: it was meant for another's portal.
        if look_cookie_name() in request.cookies:
            drop_cookie(response, look_cookie_name())
            if not wants_json():
                response.location = "/viewing/ended"
        return response

    def _unknown() -> Any:
        if wants_json():
            response = problem(401, text._("Sign in"), None)
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        path = request.full_path.rstrip("?")
        if path == "/" or request.method != "GET":
            return redirect("/sign-in")
        return redirect(f"/sign-in?{urlencode({'next': path}, safe='/?')}")
