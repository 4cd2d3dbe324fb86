"""Beginning and ending a look through a user's eyes."""

from __future__ import annotations

import datetime
import secrets
import uuid
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from app.administration.eyes.access import VIEW_AS
from app.administration.eyes.models import LookRow
from app.administration.eyes.telling import tell_of_look
from app.core import audit
from app.core.errors import NotFound, Refusal
from app.core.text import _
from permissions.arrival import hashed, running_memberships
from permissions.viewer import Forbidden, Viewer
from tenants.jobs import later
from tenants.models import Tenant, User

MINUTES = (5, 15, 30)


class NotToBeSeen(Refusal):
    """Nobody looks through the eyes of staff, himself included, or of somebody who cannot sign in."""

    def __str__(self) -> str:
        return _("Only a client who is active and has access today can be viewed.")


class Person(NamedTuple):
    """A client whose portal can be looked at."""

    id: uuid.UUID
    name: str
    email: str
    language: str | None
    organizations: list[tuple[uuid.UUID, str]]
    """By the membership, the main one first."""


class Rules(NamedTuple):
    """What the broker decided about looks."""

    views_may_change: bool
    views_are_mailed: bool


def person_of(connection: Connection, viewer: Viewer, user_id: uuid.UUID) -> Person:
    known = select(User.name, User.email, User.language, User.is_active, User.is_staff)
    row = connection.execute(
        known.where(User.tenant_id == viewer.tenant_id, User.id == user_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    running = running_memberships(connection, user_id)
    if row.is_staff or not row.is_active or not running:
        raise NotToBeSeen
    organizations = [(membership, name) for membership, _organization, name, *_is in running]
    return Person(user_id, row.name, row.email, row.language, organizations)


def rules_of(connection: Connection, viewer: Viewer) -> Rules:
    known = select(Tenant.views_may_change, Tenant.views_are_mailed)
    return Rules(*connection.execute(known.where(Tenant.tenant_id == viewer.tenant_id)).one())


def start(
    connection: Connection,
    viewer: Viewer,
    person: Person,
    membership_id: uuid.UUID,
    *,
    reason: str,
    minutes: int,
    may_act: bool,
) -> str:
    """The cookie of a new look, which counts only beside the one the viewer has; any other look of his is over."""
    if viewer.session_hash is None:
        # Whoever came with a token has no desk to come back to.
        raise Forbidden(VIEW_AS.subject)
    end(connection, LookRow.session_hash == viewer.session_hash, viewer.tenant_id)
    token = secrets.token_urlsafe(32)
    values = {"reason": reason, "minutes": minutes, "may_act": may_act}
    look_id = connection.execute(
        insert(LookRow)
        .values(
            tenant_id=viewer.tenant_id,
            token_hash=hashed(token),
            session_hash=viewer.session_hash,
            actor_id=viewer.user_id,
            user_id=person.id,
            membership_id=membership_id,
            until=func.now() + datetime.timedelta(minutes=minutes),
            **values,
        )
        .returning(LookRow.id)
    ).scalar_one()
    _note(connection, viewer.tenant_id, "look.start", viewer.user_id, person.id, after=values)
    if rules_of(connection, viewer).views_are_mailed:
        later(connection, tell_of_look, look_id=look_id)
    return token


def end(connection: Connection, which: ColumnElement[bool], tenant_id: uuid.UUID) -> None:
    """End the looks that have not ended; one whose time was up ended then."""
    ended = connection.execute(
        update(LookRow)
        .where(LookRow.tenant_id == tenant_id, which, LookRow.ended_at.is_(None))
        .values(ended_at=func.least(LookRow.until, func.now()))
        .returning(LookRow.actor_id, LookRow.user_id, LookRow.reason)
    )
    for actor_id, user_id, reason in ended.all():
        _note(connection, tenant_id, "look.end", actor_id, user_id, before={"reason": reason})


class Ended(NamedTuple):
    minutes: int
    is_time_up: bool


def latest_of(connection: Connection, viewer: Viewer) -> Ended | None:
    """The viewer's last look; whichever he cannot go on with is over by now."""
    table = LookRow
    is_left = (
        (table.session_hash == viewer.session_hash)
        | table.session_hash.is_(None)
        | (table.until <= func.now())
    )
    end(connection, (table.actor_id == viewer.user_id) & is_left, viewer.tenant_id)
    row = connection.execute(
        select(table.minutes, table.ended_at == table.until)
        .where(
            table.tenant_id == viewer.tenant_id,
            table.actor_id == viewer.user_id,
            table.ended_at.is_not(None),
        )
        .order_by(table.began_at.desc())
        .limit(1)
    ).one_or_none()
    return row and Ended(*row)


def looks_at(connection: Connection, viewer: Viewer) -> list[Any]:
    """Who looked through this person's eyes, the latest first."""
    table = LookRow
    return list(
        connection.execute(
            select(
                User.name,
                table.reason,
                table.began_at,
                func.coalesce(table.ended_at, table.until).label("until"),
                table.may_act,
            )
            .join(User, (User.tenant_id == table.tenant_id) & (User.id == table.actor_id))
            .where(table.tenant_id == viewer.tenant_id, table.user_id == viewer.user_id)
            .order_by(table.began_at.desc())
            .limit(MOST_SHOWN)
        )
    )


MOST_SHOWN = 200


def _note(
    connection: Connection,
    tenant_id: uuid.UUID,
    act: str,
    actor_id: uuid.UUID,
    user_id: uuid.UUID,
    **change: Any,
) -> None:
    audit.write(
        connection,
        tenant_id,
        act,
        actor_id=actor_id,
        as_user_id=user_id,
        record="user",
        record_id=user_id,
        **change,
    )
