"""Organizations that are called the same: the desk says so before it makes a second one, and refuses none."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from sqlalchemy import Connection, Row, text

from app.core.text import folded
from tenants import current, visibility

KNOWN = "known_name"
"""In a form that names an organization: the name of which its page has said already that others have it."""
MOST_SHOWN = 3

NAMESAKES = """
    select o.id, o.name, count(*) over () as number,
           (select count(*) from visible_policyholders v where v.tenant_id = :tenant and v.scope_id = o.id) as policyholders,
           (select count(*) from memberships m where m.tenant_id = :tenant and m.organization_id = o.id
               and (m.ends_on is null or m.ends_on >= :today)) as members
      from organizations o
     where o.tenant_id = :tenant and folded(o.name) = folded(:name) and o.id is distinct from :own
       and (o.ends_on is null or o.ends_on >= :today)
     order by o.name, o.key limit :most"""


def namesakes(connection: Connection, name: str, own: uuid.UUID | None = None) -> list[Row[Any]]:
    """The others that are called so and have not ended, the first few of them; `own` is not among them."""
    if not name:
        return []
    values = {"tenant": current.tenant_id(), "today": visibility.today(), "name": name, "own": own}
    return list(connection.execute(text(NAMESAKES), {**values, "most": MOST_SHOWN}))


def unsaid(connection: Connection, name: str) -> list[Row[Any]]:
    """The same, unless the form that is sent comes from a page that told of them."""
    said = " ".join(request.form.get(KNOWN, "").split())
    return [] if folded(said) == folded(name) else namesakes(connection, name)
