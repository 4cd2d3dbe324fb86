"""Accepting the membership that a colleague offers: the link of the mail leads here, whoever comes with it."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import Connection, text
from werkzeug.wrappers import Response

from app.accounts.invitations import accept, invite
from app.accounts.passwords import check_password, minimum_length
from app.accounts.views import LANGUAGE_COOKIE, set_session
from app.administration import config
from app.administration.config.state import read_members
from app.administration.members.changing import document
from app.administration.members.offers import LASTS, member_of
from app.administration.members.reach import reach_of
from app.core import audit
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import set_language
from permissions import Forbidden
from permissions.arrival import hashed, viewer_of
from permissions.door import public
from tenants import current, visibility

pages = Blueprint("membership_offers", __name__)

OFFERED = """
    select f.id, f.name as typed, f.email, p.key as profile, f.objects, f.ends_on, f.membership_id, m.user_id as by_id,
           by.name as by_name, o.id as organization_id, o.key as organization_key, o.name as organization,
           u.name, u.language, u.id is null or u.password_hash is null as is_new
      from membership_offers f
      join profiles p on p.tenant_id = :tenant and p.id = f.profile_id
      join memberships m on m.tenant_id = :tenant and m.id = f.membership_id
      join users by on by.tenant_id = :tenant and by.id = m.user_id
      join organizations o on o.tenant_id = :tenant and o.id = f.organization_id
      left join users u on u.tenant_id = :tenant and u.email = f.email
     where f.tenant_id = :tenant and f.token_hash = :hash and f.expires_at > now()
       and (u.id is null or (u.is_active and not u.is_staff))"""
TAKE = "delete from membership_offers where tenant_id = :tenant and id = :id returning id"
USER = "select id from users where tenant_id = :tenant and email = :email"


class Accepted(NamedTuple):
    """Who is a member now; with the cookie of a session, if he has just chosen his password."""

    user_id: uuid.UUID
    token: str | None


@pages.get("/invitation/<secret>")
@public
def show(secret: str) -> Any:
    return _page(secret)


@pages.post("/invitation/<secret>")
@public
def take(secret: str) -> Any:
    try:
        accepted = take_up(transaction(), secret, request.form.get("password", ""))
    except NotFound:
        return _page(secret)
    except Unacceptable as refused:
        # What else cannot be, such as an object that is no more, lies with who made the offer.
        return _page(secret, str(refused.problems.get("password", refused)), 422)
    response: Response = redirect("/" if accepted.token else "/sign-in", 303)
    if accepted.token:
        set_session(response, accepted.token)
    return response


def offered(connection: Connection, secret: str) -> Any:
    """NotFound where the link was used, replaced or withdrawn, is too old, or never was; or who made the offer could not
    make it any more."""
    values = {"tenant": current.tenant_id(), "hash": hashed(secret)}
    offer = connection.execute(text(OFFERED), values).one_or_none()
    if offer is None:
        raise NotFound
    by = viewer_of(connection, offer.by_id, offer.membership_id)
    try:
        is_held = by is not None and not reach_of(connection, by).problems(member_of(offer))
    except Forbidden:
        is_held = False
    if not is_held:
        raise NotFound
    return offer


def take_up(connection: Connection, secret: str, password: str) -> Accepted:
    """Make the membership; somebody new, or without a password yet, chooses one. Of many tries at once one succeeds.
    Unacceptable, NotFound; nothing is done then."""
    # Whoever makes up a link waits for nobody, and nobody for him.
    offered(connection, secret)
    # What an administrator may give is looked at while nobody changes it.
    visibility.lock(connection)
    offer = offered(connection, secret)
    if offer.is_new:
        check_password(connection, password)
    tenant = current.tenant_id()
    connection.execute(text(TAKE), {"tenant": tenant, "id": offer.id}).one()
    there = read_members(connection, offer.organization_key)
    members = {offer.email: member_of(offer)} | there
    known = connection.execute(text(USER), {"tenant": tenant, "email": offer.email}).scalar_one_or_none()
    config.apply(
        connection,
        {
            "users": [] if known else [{"email": offer.email, "name": offer.typed}],
            **document(offer.organization_key, members),
        },
        offer.by_id,
    )
    user_id = connection.execute(text(USER), {"tenant": tenant, "email": offer.email}).scalar_one()
    audit.write(
        connection,
        tenant,
        "offer.accepted",
        actor_id=user_id,
        record="organization",
        record_id=offer.organization_id,
        after={"user_id": str(user_id), "profile": offer.profile},
    )
    if not offer.is_new:
        return Accepted(user_id, None)
    return Accepted(user_id, accept(connection, invite(connection, user_id), password))


def _page(secret: str, error: str | None = None, status: int = 200) -> Any:
    try:
        offer = offered(transaction(), secret)
    except NotFound:
        return render_template("administration/members/offer.html", offer=None, days=LASTS.days), 404
    if offer.language and LANGUAGE_COOKIE not in request.cookies:
        set_language(offer.language)
    return (
        render_template(
            "administration/members/offer.html",
            offer=offer,
            name=offer.name or offer.typed,
            error=error,
            minimum=minimum_length(transaction()),
        ),
        status,
    )
