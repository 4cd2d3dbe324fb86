"""What was written in a case, on its page: read there, and marked as read by whoever opens it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import g, request
from sqlalchemy import Connection, and_, bindparam, select

from app.cases.access import WRITE_MESSAGES
from app.cases.messages import LONGEST, Shown, dressed, has_mailbox, is_unread, mark, numbered, shown
from app.cases.models import Message
from app.cases.source import CASE_SOURCE, MESSAGE_SOURCE
from app.core.db import read, transaction
from app.reports.detail import Part
from app.reports.query import Compiled, compiled
from app.reports.reach import bound, manner, reach
from app.reports.source import TENANT, Source
from permissions import Rights, Viewer

MOST = 100
"""Messages that a page shows, the latest; the report of messages has them all."""
IS_MUTED = """
    select exists (select 1 from case_mutes
                    where tenant_id = %(tenant)s and case_id = %(record)s and user_id = %(user)s)"""


@dataclass(frozen=True)
class Draft:
    """What somebody typed that was not taken, and why."""

    text: str
    errors: dict[str, str]


@dataclass(frozen=True)
class Conversation:
    case_id: uuid.UUID
    messages: list[Shown]
    earlier: str | None
    """Where those are that the page does not show."""
    first_new: uuid.UUID | None
    """The first message that is new to the reader, if there is one before it that is not."""
    may_write: bool
    is_muted: bool
    draft: Draft
    limit: int = LONGEST


@lru_cache(maxsize=256)
def _sql(how: str, rights: Rights) -> Compiled:
    start, m = reach(MESSAGE_SOURCE, how), Message.__table__.alias("m")
    found = (
        select(m.c.id, is_unread(m).label("is_unread"))
        .select_from(start.t.join(m, and_(m.c.tenant_id == TENANT, m.c.id == start.id)))
        .where(*start.conditions, start.t.c.of_case_id == bindparam("record", type_=m.c.id.type))
    )
    return compiled(
        dressed(numbered(found, MOST + 1, m.c.sent_at.desc(), m.c.id.desc()), rights, how, is_whole=True)
    )


def messages_of(connection: Connection, viewer: Viewer, case_id: uuid.UUID) -> list[Shown]:
    """The latest messages of a case, in the order of time; none where he does not see the case."""
    sql = _sql(manner(viewer), viewer.rights)
    rows = sql.run(connection, {**bound(viewer), "record": case_id}).fetchall()
    return [shown(viewer, row) for row in reversed(rows)]


def conversation(viewer: Viewer, source: Source, case_id: uuid.UUID) -> Part | None:
    """The part of a case's page that tells what was written. Whoever opens it has read what it shows; neither a
    program nor somebody who looks through his eyes reads for him."""
    if source is not CASE_SOURCE or not has_mailbox(viewer):
        return None
    connection = transaction()
    found = messages_of(connection, viewer, case_id)
    rest, found = (found[:-MOST], found[-MOST:])
    new = [one.id for one in found if one.is_unread]
    # Programs, and whoever looks through somebody's eyes, mark nothing.
    if request.method == "GET" and viewer.session_hash is not None:
        mark(connection, viewer, new)
    is_muted = read(connection, IS_MUTED, {**_whose(viewer), "record": case_id}).fetchall()[0][0]
    told = Conversation(
        case_id,
        found,
        f"/{MESSAGE_SOURCE.plural}?of_case={case_id}" if rest else None,
        new[0] if new and new[0] != found[0].id else None,
        viewer.may(WRITE_MESSAGES),
        is_muted,
        g.get("draft") or Draft("", {}),
    )
    return "cases/_conversation.html", told


def _whose(viewer: Viewer) -> dict[str, Any]:
    return {"tenant": viewer.tenant_id, "user": viewer.user_id}
