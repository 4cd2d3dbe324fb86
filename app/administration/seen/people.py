"""Whom somebody may ask about: everybody, or the members of his own organization."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.administration.access import reads_of_people
from app.core.errors import NotFound
from app.core.text import folded
from app.reports.shape import like
from permissions import Viewer
from permissions.viewer import initials_of
from tenants.rules import RUNS

FOUND = 10
"""So many people a search shows."""

PLACES = f"""
    select u.id, u.name, case when %(reads)s then u.email end as email, u.is_staff, u.is_active,
           m.id, coalesce(m.is_main, false), m.starts_on, m.ends_on, coalesce({RUNS.format("m")}, true),
           coalesce(m.objects = 'selected', false),
           o.id, o.name, o.starts_on, o.ends_on, coalesce({RUNS.format("o")}, true),
           p.id, p.name
      from users u
      left join memberships m on m.tenant_id = u.tenant_id and m.user_id = u.id and not u.is_staff
      left join organizations o on o.tenant_id = u.tenant_id and o.id = m.organization_id
      left join profiles p
        on p.tenant_id = u.tenant_id and p.id = case when u.is_staff then u.profile_id else m.profile_id end
     where u.tenant_id = %(tenant)s
       and (%(own)s::uuid is null or o.id = %(own)s)
       and {{which}}
     order by folded(u.name), u.id, m.is_main desc nulls last, o.name, m.id
     limit %(most)s"""


@dataclass(frozen=True)
class Place:
    """A person in one of his organizations, or at the desk; whether the portal would let him in there or not."""

    user_id: uuid.UUID
    name: str
    email: str | None
    """None for whoever may not read it."""
    is_staff: bool
    is_active: bool
    membership_id: uuid.UUID | None
    is_main: bool
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    is_running: bool
    is_narrowed: bool
    organization_id: uuid.UUID | None
    organization: str | None
    organization_starts_on: datetime.date | None
    organization_ends_on: datetime.date | None
    is_organization_running: bool
    profile_id: uuid.UUID | None
    profile: str | None

    @property
    def initials(self) -> str:
        return initials_of(self.name)


def places(connection: Connection, asker: Viewer, which: str, **values: Any) -> list[Place]:
    """The places that somebody may ask about, of those that a condition on users `u`, memberships `m` and their
    organizations `o` takes."""
    given = {
        "tenant": asker.tenant_id,
        "today": asker.today,
        "own": None if asker.is_staff else asker.organization_id,
        "reads": reads_of_people(asker, "email"),
        "most": None,
        **values,
    }
    rows = connection.exec_driver_sql(PLACES.format(which=which), given)
    return [Place(*row) for row in rows]


def places_of(connection: Connection, asker: Viewer, user_id: uuid.UUID) -> list[Place]:
    """The places of a person, his main organization first; NotFound where the asker may not know of him."""
    found = places(connection, asker, "u.id = %(user)s", user=user_id)
    if not found:
        raise NotFound
    return found


def places_named(connection: Connection, asker: Viewer, email: str) -> list[Place]:
    found = places(connection, asker, "%(reads)s and u.email = %(email)s", email=email.strip().lower())
    if not found:
        raise NotFound
    return found


def people_like(connection: Connection, asker: Viewer, letters: str) -> list[Place]:
    """People whose name holds these letters, or their address for whoever reads it; each once."""
    which = "(folded(u.name) like %(pattern)s or %(reads)s and folded(u.email) like %(pattern)s)"
    found = places(connection, asker, which, pattern=like(letters), most=FOUND * 5)
    once = {place.user_id: place for place in reversed(found)}
    return sorted(once.values(), key=lambda place: (folded(place.name), place.user_id))[:FOUND]
