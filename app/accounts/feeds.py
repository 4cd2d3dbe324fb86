"""A person's private calendar address: made, renewed, taken back, and not asked for too often."""

from __future__ import annotations

import datetime
import secrets
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.actions import WAIT_MINUTES, tries
from app.core.errors import NotFound
from permissions.arrival import hashed
from permissions.noting import note
from permissions.viewer import Viewer
from tenants.keys import CalendarFeed

MOST_FETCHES = 60
"""So often may a calendar be asked for within WAIT_MINUTES; programs do so once or twice an hour."""
WAIT_SECONDS = WAIT_MINUTES * 60


class Feed(NamedTuple):
    created_at: datetime.datetime
    used_at: datetime.datetime | None


def feed_of(connection: Connection, viewer: Viewer) -> Feed | None:
    row = connection.execute(
        select(CalendarFeed.created_at, CalendarFeed.used_at).where(viewer.own(CalendarFeed))
    ).one_or_none()
    return row and Feed(*row)


def renew_feed(connection: Connection, viewer: Viewer) -> str:
    """The secret of a new address; one that was there before opens nothing any more. Shown once, only its hash is
    kept."""
    secret = secrets.token_urlsafe(32)
    values = {"token_hash": hashed(secret), "created_at": func.now(), "used_at": None}
    feed_id = connection.execute(
        insert(CalendarFeed)
        .values(
            tenant_id=viewer.tenant_id, user_id=viewer.user_id, membership_id=viewer.membership_id, **values
        )
        .on_conflict_do_update(
            index_elements=["tenant_id", "user_id", "membership_id"],
            set_={**values, "changed_at": func.now()},
        )
        .returning(CalendarFeed.id)
    ).scalar_one()
    note(connection, viewer, "calendar.renew", "calendar", feed_id)
    return secret


def revoke_feed(connection: Connection, viewer: Viewer) -> None:
    gone = connection.execute(
        delete(CalendarFeed).where(viewer.own(CalendarFeed)).returning(CalendarFeed.id)
    ).scalar_one_or_none()
    if gone is None:
        raise NotFound
    note(connection, viewer, "calendar.revoke", "calendar", gone)


def is_asked_too_often(connection: Connection, viewer: Viewer) -> bool:
    """Count one fetch of a calendar, and say whether it is one too many."""
    return tries(connection, f"calendar {viewer.user_id} {viewer.membership_id}") > MOST_FETCHES
