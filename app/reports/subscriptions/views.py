"""Subscribing to a report, the list of subscriptions, and the link at the end of each mail."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from itsdangerous import BadSignature
from werkzeug.wrappers import Response

from app.core.db import transaction
from app.core.errors import NotFound
from app.reports.saved.access import SUBSCRIBE, is_manager
from app.reports.saved.opening import off_for
from app.reports.saved.views import asked_for, done
from app.reports.subscriptions import actions
from app.reports.subscriptions.queries import subscriptions_of
from app.reports.subscriptions.sending import signer
from app.reports.switches import MAIL
from permissions.door import allow, public, signed_in, viewer
from tenants import current

pages = Blueprint("subscriptions", __name__)


@pages.get("/subscriptions")
@signed_in
def index() -> str:
    return render_template(
        "saved/subscriptions.html",
        subscriptions=subscriptions_of(transaction(), viewer),
        shows_people=is_manager(viewer),
    )


@pages.post("/reports/<uuid:report_id>/subscriptions")
@allow(SUBSCRIBE)
def subscribe(report_id: uuid.UUID) -> Any:
    report, form = asked_for(report_id), request.form
    viewer.without(off_for(viewer, report)).must(SUBSCRIBE)

    def act() -> None:
        addresses = actions.addressees(transaction(), viewer, form.get("addresses", ""))
        rhythm, ending = actions.rhythm_of(viewer, form), actions.ending_of(form)
        actions.subscribe(transaction(), viewer, report, rhythm, ending, addresses)

    return done(report, act, "subscriptions")


@pages.post("/reports/<uuid:report_id>/mail")
@allow(MAIL)
def mail(report_id: uuid.UUID) -> Any:
    report = asked_for(report_id)
    viewer.without(off_for(viewer, report)).must(MAIL)

    def act() -> None:
        addresses = actions.addressees(transaction(), viewer, request.form.get("addresses", ""))
        actions.mail_once(transaction(), viewer, report, actions.ending_of(request.form), addresses)

    return done(report, act, "mail")


@pages.post("/subscriptions/<uuid:subscription_id>/end")
@signed_in
def end(subscription_id: uuid.UUID) -> Response:
    actions.end(transaction(), viewer, subscription_id)
    return redirect("/subscriptions", 303)


def _named_by(token: str) -> uuid.UUID:
    """The subscription that a link from a mail names."""
    try:
        tenant, subscription = signer().loads(token)
    except BadSignature:
        raise NotFound from None
    if tenant != str(current.tenant_id()):
        raise NotFound
    return uuid.UUID(subscription)


@pages.get("/unsubscribe/<token>")
@public
def ask_unsubscribe(token: str) -> str:
    """Mail programs open links by themselves: looking ends nothing."""
    _named_by(token)
    return render_template("saved/unsubscribe.html", is_done=False)


@pages.post("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    actions.unsubscribe(transaction(), current.tenant_id(), _named_by(token))
    return render_template("saved/unsubscribe.html", is_done=True)
