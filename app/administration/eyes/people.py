"""The people of a broker's portal, as the desk sees them."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection

from app.core.db import read
from app.core.text import folded
from permissions.viewer import Viewer

ROWS = 50
"""People on a page."""

# A person is found by what stands in his line: name, address, organizations.
PEOPLE = """
    select u.id, u.name, u.email, u.is_staff, u.is_active, organizations, profiles, is_open,
           (select max(a.at) from audit a
             where a.tenant_id = %(tenant)s and a.record = 'user' and a.record_id = u.id and a.act = 'session.start')
      from (select u.id, u.name, u.email, u.is_staff, u.is_active, folded(u.name) as sorting,
                   coalesce(m.organizations, '{}') as organizations,
                   coalesce(m.profiles, array[p.name]) as profiles, coalesce(m.is_open, false) as is_open
              from users u
              left join profiles p on p.tenant_id = %(tenant)s and p.id = u.profile_id
              left join lateral (
                   select array_agg(o.name order by m.is_main desc, o.name) as organizations,
                          array_agg(distinct mp.name) as profiles,
                          bool_or((m.starts_on is null or m.starts_on <= %(today)s)
                              and (m.ends_on is null or m.ends_on >= %(today)s)
                              and (o.starts_on is null or o.starts_on <= %(today)s)
                              and (o.ends_on is null or o.ends_on >= %(today)s)) as is_open
                     from memberships m
                     join organizations o on o.tenant_id = %(tenant)s and o.id = m.organization_id
                     join profiles mp on mp.tenant_id = %(tenant)s and mp.id = m.profile_id
                    where m.tenant_id = %(tenant)s and m.user_id = u.id) m on true
             where u.tenant_id = %(tenant)s
               and strpos(folded(concat_ws(' ', u.name, u.email, array_to_string(m.organizations, ' '))),
                          %(letters)s) > 0
             order by sorting, u.id
             limit %(limit)s offset %(offset)s) u
     order by sorting, u.id"""


class Line(NamedTuple):
    """One person; `profiles` are those of his organizations, or the one he has at the desk."""

    id: uuid.UUID
    name: str
    email: str
    is_staff: bool
    is_active: bool
    organizations: list[str]
    profiles: list[str]
    has_access: bool
    signed_in_at: datetime.datetime | None

    @property
    def can_be_seen(self) -> bool:
        """Whether somebody may look through his eyes."""
        return self.is_active and self.has_access and not self.is_staff


def people(connection: Connection, viewer: Viewer, letters: str, page: int) -> tuple[list[Line], bool]:
    """A page of them, and whether there are more."""
    values: dict[str, Any] = {
        "tenant": viewer.tenant_id,
        "today": viewer.today,
        "letters": folded(letters),
        "limit": ROWS + 1,
        "offset": (page - 1) * ROWS,
    }
    rows = [Line(*row) for row in read(connection, PEOPLE, values)]
    return rows[:ROWS], len(rows) > ROWS
