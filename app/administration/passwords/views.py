"""Pages of one's own password: changing it, and setting another by a link from a mail when it is forgotten."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts import invitations
from app.accounts.activation import link_page
from app.accounts.changing import change_password
from app.accounts.views import set_session, settings_page
from app.administration.config.kinds import EMAIL
from app.administration.passwords import forgotten as way_back
from app.administration.passwords.telling import tell_of_password
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from permissions.door import public, signed_in, viewer
from tenants.jobs import later

pages = Blueprint("passwords", __name__)

LONGEST_EMAIL = 254


@pages.post("/settings/password")
@signed_in
def change() -> Any:
    present, new = request.form.get("present", ""), request.form.get("new", "")
    try:
        token = change_password(transaction(), viewer, present, new, request.remote_addr or "")
    except Unacceptable as refused:
        return settings_page(errors={name: str(said) for name, said in refused.problems.items()}), 422
    later(transaction(), tell_of_password, user_id=viewer.user_id)
    response: Response = redirect("/settings?changed=1", 303)
    set_session(response, token)
    return response


@pages.get("/password")
@public
def forgotten() -> str:
    return render_template("forgotten.html", email="", error=None, is_asked="asked" in request.args)


@pages.post("/password")
@public
def ask() -> Any:
    typed = request.form.get("email", "")
    email = typed.strip().lower()
    if len(email) > LONGEST_EMAIL or not EMAIL.fullmatch(email):
        error = _("This is not an email address.")
        page = render_template("forgotten.html", email=typed[:LONGEST_EMAIL], error=error, is_asked=False)
        return page, 422
    way_back.ask(transaction(), email, request.remote_addr or "")
    return redirect("/password?asked=1", 303)


@pages.get("/password/<secret>")
@public
def show(secret: str) -> Any:
    return link_page("new_password.html", secret, is_reset=True)


@pages.post("/password/<secret>")
@public
def reset(secret: str) -> Any:
    """Nobody is signed in by a link alone: he comes in by the page for everybody, with all it asks."""
    try:
        user_id = invitations.reset(transaction(), secret, request.form.get("password", ""))
    except NotFound:
        return link_page("new_password.html", secret, is_reset=True)
    except Unacceptable as refused:
        problem = str(refused.problems["password"])
        return link_page("new_password.html", secret, is_reset=True, error=problem)
    later(transaction(), tell_of_password, user_id=user_id)
    return redirect("/sign-in?reset=1", 303)
