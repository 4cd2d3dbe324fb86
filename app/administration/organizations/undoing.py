"""Taking a change of an organization back, from what the audit log keeps of it."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, text

from app.administration import config
from app.administration.config.state import Item, read_organization
from app.core.errors import NotFound, Refusal
from app.core.text import _
from tenants import current

CHANGE = """
    select before, after from audit
     where tenant_id = :tenant and id = :id and record = 'organization' and record_id = :organization
       and act = 'organization.changed'"""
LATEST = """
    select id from audit
     where tenant_id = :tenant and record = 'organization' and record_id = :organization and act = 'organization.changed'
     order by id desc limit 1"""


class ChangedSince(Refusal):
    """What should be taken back has been changed again."""

    def __str__(self) -> str:
        return _("This setting has been changed again since. Look at the page, and change it there.")


def latest_change(connection: Connection, organization_id: uuid.UUID) -> uuid.UUID | None:
    """The change made last: within its own transaction, the one just made."""
    values = {"tenant": current.tenant_id(), "organization": organization_id}
    return connection.execute(text(LATEST), values).scalar_one_or_none()


def undo(
    connection: Connection, organization_id: uuid.UUID, change_id: uuid.UUID, actor_id: uuid.UUID
) -> config.Plan:
    """Make an organization's settings what they were before a change, as far as nobody changed them again: of lists,
    what was added goes and what was removed comes back. NotFound, ChangedSince, Unacceptable."""
    values = {"tenant": current.tenant_id(), "id": change_id, "organization": organization_id}
    change = connection.execute(text(CHANGE), values).one_or_none()
    if change is None:
        raise NotFound
    key = connection.execute(
        text("select key from organizations where tenant_id = :tenant and id = :organization"), values
    ).scalar_one()
    former = _former(read_organization(connection, key), change.before, change.after)
    return config.apply(connection, {"organizations": [{"key": key, **former}]}, actor_id, may_wait=True)


def _former(item: Item, before: dict[str, Any], after: dict[str, Any]) -> Item:
    found = {}
    for word, now in after.items():
        if word == "key":
            continue
        was = before[word]
        if isinstance(now, dict) and "added" in now:
            found[word] = [one for one in item[word] if one not in set(now["added"])] + was["removed"]
        elif item[word] == now:
            found[word] = was
        else:
            raise ChangedSince
    return found
