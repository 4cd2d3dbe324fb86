"""The page an invitation leads to: setting a password of one's own, once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import invitations
from app.accounts.passwords import MINIMUM_LENGTH
from app.accounts.views import LANGUAGE_COOKIE, set_session
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import set_language
from permissions.door import public

pages = Blueprint("activation", __name__)


@pages.get("/activation/<secret>")
@public
def show(secret: str) -> Any:
    return _page(secret)


@pages.post("/activation/<secret>")
@public
def activate(secret: str) -> Any:
    try:
        token = invitations.accept(transaction(), secret, request.form.get("password", ""))
    except NotFound:
        return _page(secret)
    except Unacceptable as refused:
        return _page(secret, str(refused.problems["password"]), 422)
    response: Response = redirect("/" if token else "/sign-in", 303)
    if token:
        set_session(response, token)
    return response


def _page(secret: str, error: str | None = None, status: int = 200) -> Any:
    """The page of a link that works, in the language of whom it is for; or that this one does not."""
    try:
        invited = invitations.invited_by(transaction(), secret)
    except NotFound:
        return render_template("activation.html", invited=None, error=None, minimum=MINIMUM_LENGTH), 404
    if invited.language and LANGUAGE_COOKIE not in request.cookies:
        set_language(invited.language)
    return render_template("activation.html", invited=invited, error=error, minimum=MINIMUM_LENGTH), status
