"""Links by mail that work once and lead to a password of one's own: the first one, or another for one forgotten."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.accounts.actions import forget_tries, start_session
from app.accounts.passwords import check_password, set_password
from app.core import audit
from app.core.errors import NotFound
from permissions.arrival import hashed, running_memberships
from tenants import current

LASTS = datetime.timedelta(days=14)
RESET_LASTS = datetime.timedelta(hours=1)

WORKS = """
       i.tenant_id = :tenant and i.token_hash = :hash and i.is_reset = :is_reset
   and i.used_at is null and i.expires_at > now()
   and u.tenant_id = :tenant and u.id = i.user_id and u.is_active"""
OPEN = f"select u.id, u.name, u.email, u.language from invitations i, users u where {WORKS}"
USE = f"""
    update invitations i set used_at = now() from users u where {WORKS}
    returning i.user_id, u.email, u.is_staff"""
REPLACE = "delete from invitations where tenant_id = :tenant and user_id = :user"
INVITE = """
    insert into invitations (tenant_id, user_id, token_hash, is_reset, expires_at)
    values (:tenant, :user, :hash, :is_reset, now() + :lasts)"""


class Invited(NamedTuple):
    """Whom a link is for."""

    user_id: uuid.UUID
    name: str
    email: str
    language: str | None


class Used(NamedTuple):
    """Whose link was used up."""

    user_id: uuid.UUID
    email: str
    is_staff: bool


def invite(connection: Connection, user_id: uuid.UUID, *, is_reset: bool = False) -> str:
    """The secret of a new link for this person, for the first password or for another one; those sent before work no
    more."""
    secret = secrets.token_urlsafe(32)
    values = {"tenant": current.tenant_id(), "user": user_id, "hash": hashed(secret), "is_reset": is_reset}
    connection.execute(text(REPLACE), values)
    connection.execute(text(INVITE), {**values, "lasts": RESET_LASTS if is_reset else LASTS})
    return secret


def invited_by(connection: Connection, secret: str, *, is_reset: bool = False) -> Invited:
    """NotFound where the link was used, is too old, was replaced, or never was; or the person may not come in."""
    values = {"tenant": current.tenant_id(), "hash": hashed(secret), "is_reset": is_reset}
    row = connection.execute(text(OPEN), values).one_or_none()
    if row is None:
        raise NotFound
    return Invited(*row)


def accept(connection: Connection, secret: str, password: str) -> str | None:
    """Set the person's first password and sign him in: the session's cookie, or None where nothing is shared with him
    now. Unacceptable, NotFound."""
    used = _use(connection, secret, password, is_reset=False)
    user_id = used.user_id
    audit.write(
        connection, current.tenant_id(), "user.activated", actor_id=user_id, record="user", record_id=user_id
    )
    memberships = running_memberships(connection, user_id)
    if not memberships and not used.is_staff:
        return None
    return start_session(connection, user_id, memberships[0][0] if memberships else None)


def reset(connection: Connection, secret: str, password: str) -> uuid.UUID:
    """Set another password for who forgot his, and tell who that is. He signs in with it then, as always; that he tried
    in vain before does not count any more. Unacceptable, NotFound."""
    used = _use(connection, secret, password, is_reset=True)
    user_id = used.user_id
    audit.write(
        connection,
        current.tenant_id(),
        "user.password_reset",
        actor_id=user_id,
        record="user",
        record_id=user_id,
    )
    return user_id


def _use(connection: Connection, secret: str, password: str, *, is_reset: bool) -> Used:
    """Of many tries at once one succeeds. Those to sign in come first here as they do there, or both could wait for the
    other."""
    check_password(connection, password)
    values = {"tenant": current.tenant_id(), "hash": hashed(secret), "is_reset": is_reset}
    row = connection.execute(text(USE), values).one_or_none()
    if row is None:
        raise NotFound
    used = Used(*row)
    forget_tries(connection, used.email)
    set_password(connection, used.user_id, password)
    return used
