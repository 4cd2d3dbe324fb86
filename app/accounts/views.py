"""Pages of signing in, the switches of the frame, and one's own settings."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts import actions, feeds
from app.accounts.access import MANAGE_TOKENS, SUBSCRIBE_CALENDAR
from app.accounts.passwords import minimum_length
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import LANGUAGES, _, language
from app.core.web import base_address, is_local
from permissions import Forbidden
from permissions.door import allow, before_terms, public, signed_in, viewer, while_looking
from tenants.keys import ApiToken

pages = Blueprint("accounts", __name__)

LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600
LONGEST_NAME = 80
TOKEN_DAYS = (30, 90, 365)


def cookie_name() -> str:
    return "__Host-portico" if current_app.config["IS_SECURE"] else "portico"


def look_cookie_name() -> str:
    """Of the cookie that says through whose eyes somebody looks; it means nothing without his own."""
    return f"{cookie_name()}-look"


def set_cookie(response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["IS_SECURE"],
        path="/",
    )


def set_session(response: Response, token: str) -> None:
    """The cookie of somebody who has just come in; whatever he looked through before is over."""
    set_cookie(response, cookie_name(), token, None)
    drop_cookie(response, look_cookie_name())


def drop_cookie(response: Response, name: str) -> None:
    """Said as it was set: of a cookie that is for secure connections only, browsers believe nothing else."""
    response.delete_cookie(
        name, path="/", httponly=True, samesite="Lax", secure=current_app.config["IS_SECURE"]
    )


def destination(default: str = "/") -> str:
    wanted = request.values.get("next", "")
    return wanted if is_local(wanted) else default


@pages.get("/sign-in")
@public
def sign_in_form() -> str | Response:
    if viewer.is_authenticated:
        return redirect(destination())
    return _sign_in_page()


@pages.post("/sign-in")
@public
def sign_in() -> Any:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    found = None
    if len(email) <= 254 and len(password) <= 1000:
        found = actions.sign_in(transaction(), email, password, request.remote_addr or "")
    if found is None:
        error = _("The email address or password is not correct. Try again or reset your password.")
        return _sign_in_page(error, email[:254]), 401
    token, chosen = found
    response = redirect(destination(), 303)
    set_session(response, token)
    if chosen:
        set_cookie(response, LANGUAGE_COOKIE, chosen, YEAR)
    return response


def _sign_in_page(error: str | None = None, email: str = "") -> str:
    is_reset = request.method == "GET" and "reset" in request.args
    return render_template("login.html", error=error, email=email, next=destination(""), is_reset=is_reset)


@pages.post("/sign-out")
@signed_in
@while_looking
@before_terms
def sign_out() -> Response:
    if viewer.look:
        return redirect("/viewing/end", 307)
    actions.sign_out(transaction(), viewer)
    response = redirect("/sign-in", 303)
    drop_cookie(response, cookie_name())
    return response


@pages.post("/language")
@public
@while_looking
def choose_language() -> Response:
    chosen = request.form.get("language", "")
    response = redirect(destination(), 303)
    if chosen in LANGUAGES:
        set_cookie(response, LANGUAGE_COOKIE, chosen, YEAR)
        if viewer.is_authenticated and not viewer.look:
            actions.set_preferences(transaction(), viewer, language=chosen)
    return response


@pages.post("/organization")
@signed_in
def switch_organization() -> Response:
    try:
        membership_id = uuid.UUID(request.form.get("organization", ""))
    except ValueError:
        raise NotFound from None
    actions.switch_organization(transaction(), viewer, membership_id)
    return redirect("/", 303)


@pages.get("/settings")
@signed_in
def settings() -> str:
    is_done = "changed" in request.args
    return settings_page(
        saved=_("Your password is changed. Everywhere else you are signed out.") if is_done else None
    )


@pages.post("/settings/appearance")
@signed_in
def appearance() -> Response:
    scheme, density = request.form.get("scheme"), request.form.get("density")
    actions.set_preferences(
        transaction(),
        viewer,
        scheme=scheme if scheme in ("light", "dark") else None,
        density=density if density in ("comfortable", "compact") else None,
    )
    return redirect("/settings#appearance", 303)


@pages.post("/settings/tokens")
@allow(MANAGE_TOKENS)
def create_token() -> Any:
    """A person makes one: a token that made the next would outlive all that ends it."""
    if viewer.session_hash is None:
        raise Forbidden(request.endpoint)
    name, days = " ".join(request.form.get("name", "").split()), request.form.get("days", "")
    if not name or len(name) > LONGEST_NAME:
        sentence = _("Please fill in") if not name else _("At most {n} characters", n=LONGEST_NAME)
        return settings_page(errors={"name": sentence}), 422
    lasts = int(days) if days in map(str, TOKEN_DAYS) else TOKEN_DAYS[0]
    token = actions.create_token(
        transaction(), viewer.user_id, viewer.membership_id, name, lasts, actor_id=viewer.user_id
    )
    return make_response(settings_page(new_token=token), 201)


@pages.post("/settings/tokens/<uuid:token_id>/revocation")
@signed_in
def revoke_token(token_id: uuid.UUID) -> Response:
    """His own, whatever his profile grants now: it would open again once he may have tokens again."""
    actions.revoke_token(transaction(), viewer, token_id)
    return redirect("/settings#tokens", 303)


@pages.post("/settings/calendar")
@allow(SUBSCRIBE_CALENDAR)
def renew_calendar() -> Response:
    secret = feeds.renew_feed(transaction(), viewer)
    return make_response(settings_page(new_calendar=f"{base_address()}/calendar/{secret}.ics"), 201)


@pages.post("/settings/calendar/revocation")
@signed_in
def revoke_calendar() -> Response:
    """His own, for the same reason."""
    feeds.revoke_feed(transaction(), viewer)
    return redirect("/settings#calendar", 303)


def settings_page(
    new_token: str | None = None,
    errors: dict[str, str] | None = None,
    new_calendar: str | None = None,
    saved: str | None = None,
) -> str:
    own = [(_("Name"), viewer.name), (_("Email address"), viewer.email), (_("Broker"), g.house.name)]
    if viewer.organization_name:
        own.append((_("Organisation"), viewer.organization_name))
    return render_template(
        "settings.html",
        own=own,
        # What is left of a right that he has no more is for himself to revoke, not for who looks through his eyes.
        tokens=_tokens() if viewer.may(MANAGE_TOKENS) or not viewer.look else [],
        may_have_tokens=viewer.may(MANAGE_TOKENS),
        new_token=new_token,
        may_have_calendar=viewer.may(SUBSCRIBE_CALENDAR),
        calendar=_calendar() if viewer.may(SUBSCRIBE_CALENDAR) or not viewer.look else None,
        new_calendar=new_calendar,
        saved=saved,
        minimum=minimum_length(transaction()),
        errors=errors or {},
        token_days=TOKEN_DAYS,
        crumbs=[],
    )


def _calendar() -> tuple[str, str] | None:
    """When the address of the person's calendar was made and last asked for."""
    formats, found = formats_for(language()), feeds.feed_of(transaction(), viewer)
    return found and (formats.moment(found.created_at), formats.moment(found.used_at))


def _tokens() -> list[tuple[Any, ...]]:
    formats = formats_for(language())
    rows = transaction().execute(
        select(ApiToken.id, ApiToken.name, ApiToken.created_at, ApiToken.used_at, ApiToken.expires_at)
        .where(ApiToken.tenant_id == viewer.tenant_id, ApiToken.user_id == viewer.user_id)
        .order_by(ApiToken.created_at.desc())
    )
    return [
        (
            row.id,
            row.name,
            "",
            *(formats.moment(at) if at else None for at in (row.created_at, row.used_at, row.expires_at)),
        )
        for row in rows
    ]
