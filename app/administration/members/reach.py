"""How far a client's own administrator may go with the members of his organization: never beyond what he is himself."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from app.administration.config.state import Item
from app.administration.members.access import COLLEAGUES, DELEGATE
from app.core.formats import formats_for
from app.core.text import _, language
from permissions import Forbidden, Viewer
from permissions.rights import Rights, is_within, rights_of
from tenants import current

OWN = """
    select m.profile_id, u.email, m.objects = 'selected' as is_narrowed, m.ends_on, o.ends_on as organization_ends_on,
           array(select b.key from membership_objects s
                   join objects b on b.tenant_id = :tenant and b.id = s.object_id
                  where s.tenant_id = :tenant and s.membership_id = m.id) as objects
      from memberships m
      join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
      join users u on u.tenant_id = :tenant and u.id = m.user_id
     where m.tenant_id = :tenant and m.id = :membership"""
PROFILES = """
    select id, key, name, version, is_staff from profiles where tenant_id = :tenant order by folded(name), key"""


@dataclass(frozen=True)
class Reach:
    """What somebody holds in the organization he works in, and therefore may give."""

    email: str
    """His own: nobody looks after himself."""
    profiles: Mapping[str, str]
    """Key and name of the client profiles that grant nothing he lacks."""
    ids: Mapping[str, uuid.UUID]
    """The same by key and id."""
    objects: frozenset[str] | None
    """Keys of those he is narrowed to; None for all."""
    ends_on: datetime.date | None
    """His own last day."""
    organization_ends_on: datetime.date | None

    @property
    def last_day(self) -> datetime.date | None:
        """The last day he can give."""
        days = [day for day in (self.ends_on, self.organization_ends_on) if day]
        return min(days) if days else None

    def covers(self, email: str, member: Item) -> bool:
        """Whether a member, in the words of the configuration document, goes no further than he does."""
        return (
            email != self.email
            and member["profile"] in self.profiles
            and self._covers_objects(member)
            and (self.ends_on is None or (member["ends_on"] or "9999") <= self.ends_on.isoformat())
        )

    def _covers_objects(self, member: Item) -> bool:
        if self.objects is None:
            return True
        return member["objects"] != "all" and self.objects.issuperset(member["objects"])

    def problems(self, member: Item) -> dict[str, str]:
        """What of a member he cannot give, by the control it stands beside."""
        found = {}
        if member["profile"] not in self.profiles:
            found["profile"] = _("Choose a profile of this list.")
        if not self._covers_objects(member):
            found["objects"] = _("Choose among the objects that you look after yourself.")
        last, ends_on = self.last_day, member["ends_on"]
        if last and (ends_on > last.isoformat() if ends_on else self.ends_on):
            day = formats_for(language()).day(last)
            found["ends_on"] = _("Enter a day no later than {day}, when your own access ends.", day=day)
        return found


def reach_of(connection: Connection, viewer: Viewer) -> Reach:
    """What he may give now. Forbidden where the right to give was taken from him a moment ago."""
    tenant = current.tenant_id()
    values = {"tenant": tenant, "membership": viewer.membership_id}
    own = connection.execute(text(OWN), values).one_or_none()
    profiles = connection.execute(text(PROFILES), values).all()
    if own is None:
        raise Forbidden(DELEGATE.subject)

    # As profiles grant it: what is switched off today for everybody may be switched on tomorrow.
    def rights(profile_id: uuid.UUID, version: int) -> Rights:
        return rights_of(connection, tenant, profile_id, version)

    mine = next(rights(one.id, one.version) for one in profiles if one.id == own.profile_id)
    if DELEGATE.key not in mine.functions or COLLEAGUES.key not in mine.areas:
        raise Forbidden(DELEGATE.subject)
    given = [one for one in profiles if not one.is_staff and is_within(rights(one.id, one.version), mine)]
    return Reach(
        email=own.email,
        profiles={one.key: one.name for one in given},
        ids={one.key: one.id for one in given},
        objects=frozenset(own.objects) if own.is_narrowed else None,
        ends_on=own.ends_on,
        organization_ends_on=own.organization_ends_on,
    )
