"""Signing in and out, switching organization, API tokens: one function per thing a person can do."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, text, update

from app.accounts.passwords import is_right
from app.core import audit
from app.core.errors import NotFound
from permissions.arrival import hashed, running_memberships
from permissions.noting import note
from permissions.viewer import Viewer
from tenants import current, keys, usage
from tenants import models as tables

SESSION_LASTS = datetime.timedelta(hours=12)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 100
WAIT_MINUTES = 15

COUNT = """
    insert into sign_in_tries as t (tenant_id, subject, tries, until)
    values (:tenant, :subject, 1, now() + make_interval(mins => :wait))
    on conflict (tenant_id, subject) do update set
        tries = case when t.until < now() then 1 else t.tries + 1 end,
        until = case when t.until < now() then excluded.until else t.until end
    returning tries"""


def tries(connection: Connection, subject: str, minutes: int = WAIT_MINUTES) -> int:
    """Count one try, in one statement: parallel tries cannot slip past each other."""
    values = {"tenant": current.tenant_id(), "subject": subject, "wait": minutes}
    return connection.execute(text(COUNT), values).scalar_one()


def sign_in(connection: Connection, email: str, password: str, address: str) -> tuple[str, str | None] | None:
    """A new session's cookie and the person's language; None for whatever reason there is to refuse.

    A wrong password, too many tries, an inactive user and ended access are one answer, after the same work.
    """
    email = email.strip().lower()
    tenant = current.tenant_id()
    is_calm = _is_calm(connection, email, address)
    user = connection.execute(
        select(
            tables.User.id,
            tables.User.password_hash,
            tables.User.is_active,
            tables.User.is_staff,
            tables.User.language,
        ).where(tables.User.tenant_id == tenant, tables.User.email == email)
    ).one_or_none()
    is_known = is_right(user.password_hash if user else None, password)
    if not (user and is_known and is_calm and user.is_active and _is_still(connection, user)):
        return None
    memberships = running_memberships(connection, user.id)
    if not user.is_staff and not memberships:
        return None
    forget_tries(connection, email)
    _forgive(connection, address)
    return start_session(connection, user.id, memberships[0][0] if memberships else None), user.language


def _is_still(connection: Connection, user: Row[Any]) -> bool:
    """Whether the password that was right is his now. Whoever sets another waits for this session, to end it too."""
    now = select(tables.User.id).where(
        tables.User.tenant_id == current.tenant_id(),
        tables.User.id == user.id,
        tables.User.password_hash == user.password_hash,
    )
    return connection.execute(now.with_for_update(read=True)).one_or_none() is not None


def start_session(connection: Connection, user_id: uuid.UUID, membership_id: uuid.UUID | None) -> str:
    """A new session's cookie for somebody who has shown who he is, in this organization of his or at the desk."""
    token = open_session(connection, user_id, membership_id)
    usage.count_sign_in(connection, user_id, membership_id)
    tenant = current.tenant_id()
    audit.write(connection, tenant, "session.start", actor_id=user_id, record="user", record_id=user_id)
    return token


def open_session(connection: Connection, user_id: uuid.UUID, membership_id: uuid.UUID | None) -> str:
    """The same for somebody who goes on: he has not signed in again."""
    tenant = current.tenant_id()
    connection.execute(
        delete(keys.Session).where(
            keys.Session.tenant_id == tenant,
            keys.Session.user_id == user_id,
            keys.Session.expires_at < func.now(),
        )
    )
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(keys.Session).values(
            tenant_id=tenant,
            token_hash=hashed(token),
            user_id=user_id,
            membership_id=membership_id,
            expires_at=datetime.datetime.now(datetime.UTC) + SESSION_LASTS,
        )
    )
    return token


def _is_calm(connection: Connection, email: str, address: str) -> bool:
    """Count a try to prove who one is; False when it is one too many."""
    of_account = tries(connection, f"account {email[:254]}")
    of_address = tries(connection, f"address {address}")
    return of_account <= TRIES_PER_ACCOUNT and of_address <= TRIES_PER_ADDRESS


def forget_tries(connection: Connection, email: str) -> None:
    """Whoever has shown that it is he begins anew."""
    connection.execute(
        delete(keys.SignInTry).where(
            keys.SignInTry.tenant_id == current.tenant_id(),
            keys.SignInTry.subject == f"account {email}",
        )
    )


def _forgive(connection: Connection, address: str) -> None:
    """An office shares one address: those who succeed do not count towards its limit."""
    tenant = current.tenant_id()
    connection.execute(
        update(keys.SignInTry)
        .where(keys.SignInTry.tenant_id == tenant, keys.SignInTry.subject == f"address {address}")
        .values(tries=func.greatest(keys.SignInTry.tries - 1, 0))
    )


def is_himself(connection: Connection, viewer: Viewer, password: str, address: str) -> bool:
    """Whether the person who is signed in proves anew that it is he, with his password; counted as signing in is."""
    is_calm = _is_calm(connection, viewer.email, address)
    password_hash = connection.execute(
        select(tables.User.password_hash).where(
            tables.User.tenant_id == viewer.tenant_id, tables.User.id == viewer.user_id
        )
    ).scalar_one()
    if not (is_right(password_hash, password) and is_calm):
        return False
    forget_tries(connection, viewer.email)
    _forgive(connection, address)
    return True


def sign_out(connection: Connection, viewer: Viewer) -> None:
    connection.execute(
        delete(keys.Session).where(
            keys.Session.tenant_id == viewer.tenant_id, keys.Session.token_hash == viewer.session_hash
        )
    )
    note(connection, viewer, "session.end", "user", viewer.user_id)


def switch_organization(connection: Connection, viewer: Viewer, membership_id: uuid.UUID) -> None:
    """Go on working in another organization of one's own."""
    if membership_id not in [known[0] for known in running_memberships(connection, viewer.user_id)]:
        raise NotFound
    connection.execute(
        update(keys.Session)
        .where(keys.Session.tenant_id == viewer.tenant_id, keys.Session.token_hash == viewer.session_hash)
        .values(membership_id=membership_id)
    )
    note(connection, viewer, "session.switch", "membership", membership_id)


def set_preferences(connection: Connection, viewer: Viewer, **values: str | None) -> None:
    """Keep a person's own choices: language, scheme, density."""
    connection.execute(
        update(tables.User)
        .where(tables.User.tenant_id == viewer.tenant_id, tables.User.id == viewer.user_id)
        .values(**values)
    )


def create_token(
    connection: Connection,
    user_id: uuid.UUID,
    membership_id: uuid.UUID | None,
    name: str,
    days: int | None,
    *,
    actor_id: uuid.UUID | None,
) -> str:
    """A new API token with the rights its owner has in that organization. Shown once; only its hash is kept."""
    token = "portico_" + secrets.token_urlsafe(32)
    expires = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days) if days else None
    tenant = current.tenant_id()
    token_id = connection.execute(
        insert(keys.ApiToken)
        .values(
            tenant_id=tenant,
            token_hash=hashed(token),
            name=name,
            user_id=user_id,
            membership_id=membership_id,
            expires_at=expires,
        )
        .returning(keys.ApiToken.id)
    ).scalar_one()
    audit.write(
        connection,
        tenant,
        "token.create",
        actor_id=actor_id,
        record="token",
        record_id=token_id,
        after={"name": name, "user_id": str(user_id)},
    )
    return token


def revoke_token(connection: Connection, viewer: Viewer, token_id: uuid.UUID) -> None:
    gone = connection.execute(
        delete(keys.ApiToken)
        .where(
            keys.ApiToken.tenant_id == viewer.tenant_id,
            keys.ApiToken.id == token_id,
            keys.ApiToken.user_id == viewer.user_id,
        )
        .returning(keys.ApiToken.name)
    ).scalar_one_or_none()
    if gone is None:
        raise NotFound
    note(connection, viewer, "token.revoke", "token", token_id, before={"name": gone})
