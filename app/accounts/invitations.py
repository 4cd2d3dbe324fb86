"""Inviting somebody into the portal, and his first steps: a link that works once, and a password of his own."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.accounts.actions import start_session
from app.accounts.passwords import MINIMUM_LENGTH, hash_password
from app.core import audit
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from permissions.arrival import hashed, running_memberships
from tenants import current

LASTS = datetime.timedelta(days=14)
LONGEST = 1000
"""Characters of a password: what is longer is hashed for nothing."""

OPEN = """
    select u.id, u.name, u.email, u.language
      from invitations i
      join users u on u.tenant_id = :tenant and u.id = i.user_id and u.is_active
     where i.tenant_id = :tenant and i.token_hash = :hash and i.used_at is null and i.expires_at > now()"""
USE = """
    update invitations i set used_at = now()
      from users u
     where i.tenant_id = :tenant and i.token_hash = :hash and i.used_at is null and i.expires_at > now()
       and u.tenant_id = :tenant and u.id = i.user_id and u.is_active
    returning i.user_id, u.is_staff"""
REPLACE = "delete from invitations where tenant_id = :tenant and user_id = :user"
INVITE = """
    insert into invitations (tenant_id, user_id, token_hash, expires_at)
    values (:tenant, :user, :hash, now() + make_interval(days => :days))"""


class Invited(NamedTuple):
    """Whom a link is for."""

    user_id: uuid.UUID
    name: str
    email: str
    language: str | None


def invite(connection: Connection, user_id: uuid.UUID) -> str:
    """The secret of a new link for this person; those sent before work no more."""
    secret = secrets.token_urlsafe(32)
    values = {"tenant": current.tenant_id(), "user": user_id, "hash": hashed(secret), "days": LASTS.days}
    connection.execute(text(REPLACE), values)
    connection.execute(text(INVITE), values)
    return secret


def invited_by(connection: Connection, secret: str) -> Invited:
    """NotFound where the link was used, is too old, was replaced, or never was; or the person may not come in."""
    found = connection.execute(text(OPEN), {"tenant": current.tenant_id(), "hash": hashed(secret)})
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return Invited(*row)


def check_password(password: str) -> None:
    """Unacceptable where nobody may choose it."""
    if len(password) < MINIMUM_LENGTH:
        raise Unacceptable({"password": _("At least {limit} characters.", limit=MINIMUM_LENGTH)})
    if len(password) > LONGEST:
        raise Unacceptable({"password": _("At most {n} characters", n=LONGEST)})


def accept(connection: Connection, secret: str, password: str) -> str | None:
    """Set the person's password and sign him in: the session's cookie, or None where nothing is shared with him now.
    Of many tries at once one succeeds. Unacceptable, NotFound."""
    check_password(password)
    values = {"tenant": current.tenant_id(), "hash": hashed(secret)}
    used = connection.execute(text(USE), values).one_or_none()
    if used is None:
        raise NotFound
    user_id, is_staff = used
    for statement in (
        "update users set password_hash = :password, changed_at = now() where tenant_id = :tenant and id = :user",
        "delete from sessions where tenant_id = :tenant and user_id = :user",
    ):
        connection.execute(text(statement), {**values, "user": user_id, "password": hash_password(password)})
    audit.write(
        connection, current.tenant_id(), "user.activated", actor_id=user_id, record="user", record_id=user_id
    )
    memberships = running_memberships(connection, user_id)
    if not memberships and not is_staff:
        return None
    return start_session(connection, user_id, memberships[0][0] if memberships else None)
