"""The page an invitation leads to: setting a password of one's own, once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import invitations
from app.accounts.passwords import minimum_length
from app.accounts.views import LANGUAGE_COOKIE, set_session
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import set_language
from permissions.door import public

pages = Blueprint("activation", __name__)


@pages.get("/activation/<secret>")
@public
def show(secret: str) -> Any:
    return link_page("activation.html", secret)


@pages.post("/activation/<secret>")
@public
def activate(secret: str) -> Any:
    try:
        token = invitations.accept(transaction(), secret, request.form.get("password", ""))
    except NotFound:
        return link_page("activation.html", secret)
    except Unacceptable as refused:
        return link_page("activation.html", secret, error=str(refused.problems["password"]))
    response: Response = redirect("/" if token else "/sign-in", 303)
    if token:
        set_session(response, token)
    return response


def link_page(template: str, secret: str, *, is_reset: bool = False, error: str | None = None) -> Any:
    """The page of a link that works, in the language of whom it is for; or that this one does not."""
    minimum = minimum_length(transaction())
    try:
        invited = invitations.invited_by(transaction(), secret, is_reset=is_reset)
    except NotFound:
        return render_template(template, invited=None, error=None, minimum=minimum), 404
    if invited.language and LANGUAGE_COOKIE not in request.cookies:
        set_language(invited.language)
    return render_template(template, invited=invited, error=error, minimum=minimum), 422 if error else 200
