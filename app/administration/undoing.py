"""Taking back a change that the audit log tells of, as far as nobody changed the same again."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.config.state import STORED, Item
from app.core.errors import NotFound, Refusal
from app.core.text import _
from tenants import current, visibility

CHANGE = """
    select before, after from audit
     where tenant_id = :tenant and id = :id and record = :what and record_id = :thing and act = :what || '.changed'"""
LATEST = """
    select id from audit
     where tenant_id = :tenant and record = :what and record_id = :thing and act = :what || '.changed'
     order by id desc limit 1"""


class ChangedSince(Refusal):
    """What should be taken back has been changed again."""

    def __str__(self) -> str:
        return _("This setting has been changed again since. Look at the page, and change it there.")


def latest_change(connection: Connection, what: str, thing: uuid.UUID) -> uuid.UUID | None:
    """The change made last: within its own transaction, the one just made."""
    values = {"tenant": current.tenant_id(), "what": what, "thing": thing}
    return connection.execute(text(LATEST), values).scalar_one_or_none()


def change_of(connection: Connection, what: str, thing: uuid.UUID, change_id: uuid.UUID) -> Row[Any]:
    """What a change says of before and after. NotFound where there is no such change of this thing. From here on nobody
    else changes anything of the broker: lists are read to be written back."""
    visibility.lock(connection)
    values = {"tenant": current.tenant_id(), "what": what, "thing": thing, "id": change_id}
    change = connection.execute(text(CHANGE), values).one_or_none()
    if change is None:
        raise NotFound
    return change


def former(item: Item, before: dict[str, Any], after: dict[str, Any]) -> Item:
    """The settings as they were before a change: of lists, what was added goes and what was removed comes back.
    ChangedSince."""
    found = {}
    for word, now in after.items():
        if word == "key":
            continue
        was = before[word]
        if isinstance(now, dict) and "added" in now:
            if not isinstance(item[word], list):
                raise ChangedSince
            found[word] = [one for one in item[word] if one not in set(now["added"])] + was["removed"]
        elif item[word] == now:
            found[word] = was
        else:
            raise ChangedSince
    return found


def logos_in(settings: Item) -> dict[str, None]:
    """The logos among settings that the log tells of: those are in storage, since none is ever removed from there."""
    said = (settings.get(word) for word in ("logo", "logo_dark"))
    return {name.removeprefix(STORED): None for name in said if name}
