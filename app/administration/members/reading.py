"""Who belongs to an organization, and how far he has come."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.organizations.lists import OBJECTS
from app.administration.users.standing import INVITED_UNTIL, STATE_OF_MEMBER
from app.core.errors import NotFound
from tenants import current, visibility
from tenants.usage import SIGNED_IN_AT

MEMBERS = f"""
    select m.id, u.id as user_id, u.name, u.email, u.is_active, p.key as profile, p.name as profile_name, m.is_main,
           m.objects, m.starts_on, m.ends_on, m.created_at, u.password_hash is null as is_new,
           case when m.ends_on < :today then 'ended' else {STATE_OF_MEMBER} end as state,
           {INVITED_UNTIL} as invited_until, {SIGNED_IN_AT} as signed_in_at,
           greatest(
               (select max(s.signed_in_at) from usage_months s
                 where s.tenant_id = :tenant and s.user_id = u.id and s.organization_id = m.organization_id),
               (select max(a.at) from audit a
                 where a.tenant_id = :tenant and a.record = 'membership' and a.record_id = m.id
                   and a.act = 'session.switch')) as came_here_at,
           (select count(*) from memberships x where x.tenant_id = :tenant and x.user_id = u.id) as memberships
      from memberships m
      join users u on u.tenant_id = :tenant and u.id = m.user_id
      join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
     where m.tenant_id = :tenant and m.organization_id = :id {{only}}
     order by folded(u.name), m.id"""

OBJECTS_SEEN = f"""{OBJECTS}
       and exists (select 1 from scopes s
                     join visible_objects v on v.tenant_id = :tenant and v.scope_id = s.id and v.object_id = r.id
                    where s.tenant_id = :tenant and s.organization_id = :scope and s.kind <> 'narrowed')"""
"""The objects a member can be narrowed to: those that stand in a contract the organization sees, those below it
included. The others would show him nothing."""


def members_of(connection: Connection, organization_id: uuid.UUID) -> list[Row[Any]]:
    values = {"tenant": current.tenant_id(), "today": visibility.today(), "id": organization_id}
    return list(connection.execute(text(MEMBERS.format(only="")), values))


def member_of(connection: Connection, organization_id: uuid.UUID, membership_id: uuid.UUID) -> Row[Any]:
    """NotFound where the organization has no such member."""
    values = {"tenant": current.tenant_id(), "today": visibility.today(), "id": organization_id}
    values["membership"] = membership_id
    found = connection.execute(text(MEMBERS.format(only="and m.id = :membership")), values).one_or_none()
    if found is None:
        raise NotFound
    return found


def client_profiles(connection: Connection) -> list[tuple[str, str]]:
    """Profiles that members can have: key and name."""
    query = (
        "select key, name from profiles where tenant_id = :tenant and not is_staff order by folded(name), key"
    )
    return [(row.key, row.name) for row in connection.execute(text(query), {"tenant": current.tenant_id()})]
