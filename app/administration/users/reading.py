"""What the page of a user says of him."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.users.source import SIGN_INS
from app.administration.users.standing import HAS_ACCESS, INVITED_UNTIL, STATE, runs
from app.core.errors import NotFound
from tenants import current, visibility

PERSON = f"""
    select u.id, u.name, u.email, u.phone, u.role, u.language, u.is_staff, u.is_active, u.created_at,
           u.password_hash is null as is_new, p.name as profile, {STATE} as state, {INVITED_UNTIL} as invited_until,
           not u.is_staff and u.is_active and {HAS_ACCESS} as can_be_viewed,
           array(select m.name from staff_mandates s join mandates m on m.tenant_id = :tenant and m.id = s.mandate_id
                  where s.tenant_id = :tenant and s.user_id = u.id order by m.name) as mandates, used.*
      from users u
      left join profiles p on p.tenant_id = :tenant and p.id = u.profile_id
      cross join lateral (select {SIGN_INS} from usage_months s where s.tenant_id = :tenant and s.user_id = u.id) used
     where u.tenant_id = :tenant and u.id = :id"""

MEMBERSHIPS = f"""
    select m.id, m.organization_id, o.key, o.name, o.private_user_id is not null as is_private,
           p.name as profile, m.is_main, m.objects, m.starts_on, m.ends_on,
           (select count(*) from membership_objects x where x.tenant_id = :tenant and x.membership_id = m.id) as chosen,
           {runs("m")} and {runs("o")} as runs
      from memberships m
      join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
      join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
     where m.tenant_id = :tenant and m.user_id = :id
     order by m.is_main desc, folded(o.name), m.id"""

SIGNED_IN = """
    select a.at from audit a
     where a.tenant_id = :tenant and a.record = 'user' and a.record_id = :id and a.act = 'session.start'
     order by a.at desc limit :most"""
LATEST = 10


def person_of(connection: Connection, user_id: uuid.UUID) -> Any:
    """NotFound where the broker has no such user."""
    found = _rows(connection, PERSON, user_id).one_or_none()
    if found is None:
        raise NotFound
    return found


def memberships_of(connection: Connection, user_id: uuid.UUID) -> list[Row[Any]]:
    """The main one first, ended ones included."""
    return list(_rows(connection, MEMBERSHIPS, user_id))


def latest_sign_ins(connection: Connection, user_id: uuid.UUID) -> list[datetime.datetime]:
    return list(_rows(connection, SIGNED_IN, user_id, most=LATEST).scalars())


def _rows(connection: Connection, query: str, user_id: uuid.UUID, **more: Any) -> Any:
    values = {"tenant": current.tenant_id(), "id": user_id, "today": visibility.today(), **more}
    return connection.execute(text(query), values)
