"""Pages of looking through a user's eyes: whom, why and how long; the way out; and what he reads of it himself."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.actions import is_himself
from app.accounts.views import LANGUAGE_COOKIE, YEAR, drop_cookie, look_cookie_name, set_cookie
from app.administration.eyes import actions
from app.administration.eyes.access import ACT_AS, VIEW_AS
from app.administration.eyes.models import LookRow
from app.administration.users.access import USERS
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import _, language
from permissions.door import allow, signed_in, viewer, while_looking

pages = Blueprint("eyes", __name__)

SHORTEST, LONGEST = 10, 300
"""Characters of a reason."""


@pages.get("/users/<uuid:user_id>/view")
@allow(USERS, VIEW_AS)
def ask(user_id: uuid.UUID) -> str:
    return _form(actions.person_of(transaction(), viewer, user_id), {}, {})


@pages.post("/users/<uuid:user_id>/view")
@allow(USERS, VIEW_AS)
def start(user_id: uuid.UUID) -> Any:
    person, form = actions.person_of(transaction(), viewer, user_id), request.form
    reason, password = " ".join(form.get("reason", "").split()), form.get("password", "")
    chosen = form.get("membership") or str(person.organizations[0][0])
    memberships = {str(membership): membership for membership, _name in person.organizations}
    errors = {}
    if not SHORTEST <= len(reason) <= LONGEST:
        errors["reason"] = _("Between {least} and {most} characters", least=SHORTEST, most=LONGEST)
    if form.get("minutes") not in map(str, actions.MINUTES):
        errors["minutes"] = _("Choose one of these")
    if chosen not in memberships:
        errors["membership"] = _("Choose one of these")
    if "may_act" in form and (refusal := _why_only_looking()):
        errors["may_act"] = refusal
    # Asked last: whoever mistypes something else has not tried a password.
    if not errors and not (
        0 < len(password) <= 1000 and is_himself(transaction(), viewer, password, request.remote_addr or "")
    ):
        errors["password"] = _("This is not your password.")
    if errors:
        return _form(person, form.to_dict() | {"reason": reason}, errors), 422
    token = actions.start(
        transaction(),
        viewer,
        person,
        memberships[chosen],
        reason=reason,
        minutes=int(form["minutes"]),
        may_act="may_act" in form,
    )
    response = redirect("/", 303)
    set_cookie(response, look_cookie_name(), token, None)
    if person.language:
        set_cookie(response, LANGUAGE_COOKIE, person.language, YEAR)
    return response


@pages.post("/viewing/end")
@signed_in
@while_looking
def end() -> Response:
    if viewer.look is None:
        raise NotFound
    actions.end(transaction(), LookRow.id == viewer.look.id, viewer.tenant_id)
    response = redirect("/viewing/ended", 303)
    drop_cookie(response, look_cookie_name())
    return response


@pages.get("/viewing/ended")
@signed_in
def ended() -> Any:
    """Back at one's own desk, in one's own language."""
    if viewer.look is not None or (latest := actions.latest_of(transaction(), viewer)) is None:
        raise NotFound
    page = render_template("administration/eyes/ended.html", ended=latest, has_users=viewer.may(USERS))
    response = Response(page, mimetype="text/html")
    if viewer.language:
        set_cookie(response, LANGUAGE_COOKIE, viewer.language, YEAR)
    else:
        drop_cookie(response, LANGUAGE_COOKIE)
    return response


@pages.get("/settings/views")
@signed_in
def of_oneself() -> str:
    if viewer.is_staff:
        raise NotFound
    return render_template(
        "administration/eyes/of_oneself.html",
        looks=actions.looks_at(transaction(), viewer),
        moment=formats_for(language()).moment,
    )


def _why_only_looking() -> str | None:
    if not actions.rules_of(transaction(), viewer).views_may_change:
        return _("Your firm allows looking only.")
    if not viewer.may(ACT_AS):
        return _("Your profile does not include ‘{function}’.", function=ACT_AS.label)
    return None


def _form(person: actions.Person, typed: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "administration/eyes/form.html",
        person=person,
        typed=typed,
        errors=errors,
        minutes=actions.MINUTES,
        longest=LONGEST,
        why_only_looking=_why_only_looking(),
        is_mailed=actions.rules_of(transaction(), viewer).views_are_mailed,
    )
