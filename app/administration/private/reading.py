"""A user's private portal as it is, and the private clients it could show."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from app.administration.access import reads_of_people
from app.administration.organizations.lists import MANDATE, Entry, entries, readable
from app.administration.users.standing import runs
from app.core.text import _, folded, labelled
from permissions import Viewer
from tenants import current, visibility

PORTAL = f"""
    select o.id, o.key, m.id as membership_id, m.starts_on, p.key as profile, p.name as profile_name,
           coalesce({runs("m")}, false) and {runs("o")} as is_open,
           array(select h.key from organization_policyholders x
                   join policyholders h on h.tenant_id = :tenant and h.id = x.policyholder_id
                  where x.tenant_id = :tenant and x.organization_id = o.id order by h.key) as holders,
           array(select concat_ws(' ', h.first_name, h.name) from organization_policyholders x
                   join policyholders h on h.tenant_id = :tenant and h.id = x.policyholder_id
                  where x.tenant_id = :tenant and x.organization_id = o.id order by h.name_key, h.key) as names
      from organizations o
      left join memberships m on m.tenant_id = :tenant and m.organization_id = o.id and m.user_id = o.private_user_id
      left join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
     where o.tenant_id = :tenant and o.private_user_id = :user"""

CLIENTS = f"""
    select p.key, concat_ws(' ', p.first_name, p.name) as title, concat_ws(', ', m.name, p.city, p.email) as sub,
           folded(concat_ws(' ', p.first_name, p.name, p.city)) as found_by
      from policyholders p {MANDATE} where p.tenant_id = :tenant and p.kind = 'private'"""

PROPOSED = """
    select p.key, :reads and lower(p.email) = :email as has_address from policyholders p
     where p.tenant_id = :tenant and p.kind = 'private'
       and (:reads and lower(p.email) = :email
            or p.name_key = any(:endings) and folded(concat_ws(' ', p.first_name, p.name)) = :name)
     order by has_address desc nulls last, p.key limit :most"""
MOST_PROPOSED = 10

SEEN_BY = """
    select p.key, array_agg(o.name order by folded(o.name), o.id) as names
      from policyholders p
      join visible_policyholders v on v.tenant_id = :tenant and v.policyholder_id = p.id
      join organizations o on o.tenant_id = :tenant and o.id = v.scope_id and o.private_user_id is distinct from :user
     where p.tenant_id = :tenant and p.key = any(:keys) group by p.key"""
"""Where private clients are seen already, besides the portal itself: whoever works there sees them, too."""


def portal_of(connection: Connection, user_id: uuid.UUID) -> Row[Any] | None:
    values = {"tenant": current.tenant_id(), "today": visibility.today(), "user": user_id}
    return connection.execute(text(PORTAL), values).one_or_none()


class Proposals(NamedTuple):
    """Private clients who may be the user himself."""

    keys: list[str]
    certain: set[str]
    """Those with his email address. Of the same name there may be others."""


def proposals_for(connection: Connection, viewer: Viewer, name: str, email: str) -> Proposals:
    """By address only where the viewer reads both: a proposal tells that they are the same."""
    words = folded(name).split()
    values = {
        "tenant": current.tenant_id(),
        "email": email,
        "reads": reads_of_people(viewer, "email") and viewer.may_read("policyholder", "email"),
        "name": " ".join(words),
        "endings": [" ".join(words[n:]) for n in range(len(words))],
        "most": MOST_PROPOSED,
    }
    found = connection.execute(text(PROPOSED), values).all()
    return Proposals([row.key for row in found], {row.key for row in found if row.has_address})


def named(connection: Connection, viewer: Viewer, keys: list[str]) -> list[Entry]:
    """Private clients by their keys; what is none is left out."""
    return entries(connection, readable(viewer, CLIENTS, "policyholder"), keys, "", inside=True)[0]


def found(
    connection: Connection, viewer: Viewer, search: str, without: list[str]
) -> tuple[list[Entry], bool]:
    """Other private clients by a few letters, and whether there are more."""
    return entries(connection, readable(viewer, CLIENTS, "policyholder"), without, search, inside=False)


def seen_elsewhere(connection: Connection, user_id: uuid.UUID, keys: list[str]) -> dict[str, str]:
    """Of these clients, which organizations see them besides the user's portal, in words."""
    values = {"tenant": current.tenant_id(), "user": user_id, "keys": keys}
    return {
        row.key: labelled(_("Also seen by"), ", ".join(row.names))
        for row in connection.execute(text(SEEN_BY), values)
    }
