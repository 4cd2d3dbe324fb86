"""Writing in a case, marking what a colleague has answered as read, and wanting no mails about one."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection

from app.cases.access import WRITE_MESSAGES
from app.cases.conversation import messages_of
from app.cases.messages import LONGEST, has_mailbox, mark
from app.cases.source import CASE_SOURCE
from app.cases.telling import announce_message
from app.core.db import BORN_HERE, read
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from app.reports.record import seen_ids
from permissions import Viewer
from permissions.noting import note
from tenants.jobs import later

WRITE = """
    with new as (select uuidv7() as id)
    insert into messages (tenant_id, id, key, of_case_id, sender_id, subject, text)
    select %(tenant)s, new.id, %(key)s || new.id, c.id, %(user)s, c.subject, %(text)s
      from new, cases c where c.tenant_id = %(tenant)s and c.id = %(case)s
    returning id"""
TAKE_PART = """
    insert into case_participants (tenant_id, case_id, user_id) values (%(tenant)s, %(case)s, %(user)s)
    on conflict do nothing"""
MOVE = """
    update cases set status = %(status)s, changed_at = now() where tenant_id = %(tenant)s and id = %(case)s"""
MUTE = """
    insert into case_mutes (tenant_id, case_id, user_id) values (%(tenant)s, %(case)s, %(user)s)
    on conflict do nothing"""
UNMUTE = """
    delete from case_mutes where tenant_id = %(tenant)s and case_id = %(case)s and user_id = %(user)s"""


def checked(typed: str) -> str:
    """A message's text as it is kept; Unacceptable."""
    text = "\n".join(line.rstrip() for line in typed.splitlines()).strip()
    if not text:
        raise Unacceptable({"text": _("Write a message.")})
    if len(text) > LONGEST:
        raise Unacceptable({"text": _("At most {limit} characters.", limit=LONGEST)})
    return text


def answer(connection: Connection, viewer: Viewer, case_id: uuid.UUID, typed: str) -> uuid.UUID:
    """Write into a case that the viewer sees. He takes part from then on, and it is the other side's turn. Unacceptable."""
    viewer.must(WRITE_MESSAGES)
    _must_see(connection, viewer, case_id)
    message_id = put(connection, viewer, case_id, checked(typed))
    status = "waiting_for_client" if viewer.is_staff else "waiting_for_broker"
    read(connection, MOVE, {**_whose(viewer, case_id), "status": status})
    return message_id


def put(connection: Connection, viewer: Viewer, case_id: uuid.UUID, text: str) -> uuid.UUID:
    """A checked message into a case. The log says that there is one and how long it is, not what it says."""
    values = {**_whose(viewer, case_id), "key": BORN_HERE, "text": text}
    row = read(connection, WRITE, values).fetchone()
    assert row is not None
    message_id: uuid.UUID = row[0]
    read(connection, TAKE_PART, values)
    note(connection, viewer, "message.sent", "case", case_id, after={"characters": len(text)})
    later(connection, announce_message, message_id=message_id)
    return message_id


def mark_answered(connection: Connection, viewer: Viewer, case_id: uuid.UUID) -> None:
    """Mark as read what somebody of one's own side has answered, without opening the case. Unacceptable while nobody
    has: such a message waits for him, too."""
    _must_see(connection, viewer, case_id)
    found = messages_of(connection, viewer, case_id)
    ids = [one.id for one in found if one.is_unread and one.was_answered]
    if not ids:
        if any(one.is_unread for one in found):
            raise Unacceptable({"case": _("Nobody has answered yet. Open the conversation to read it.")})
        return
    mark(connection, viewer, ids)
    note(connection, viewer, "message.marked", "case", case_id, after={"messages": len(ids)})


def mute(connection: Connection, viewer: Viewer, case_id: uuid.UUID, is_on: bool) -> None:
    """Want no mails about a case, or want them again."""
    _must_see(connection, viewer, case_id)
    if read(connection, MUTE if is_on else UNMUTE, _whose(viewer, case_id)).rowcount:
        note(connection, viewer, "case.muted" if is_on else "case.unmuted", "case", case_id)


def _must_see(connection: Connection, viewer: Viewer, case_id: uuid.UUID) -> None:
    if not has_mailbox(viewer) or case_id not in seen_ids(connection, viewer, CASE_SOURCE, {case_id}):
        raise NotFound


def _whose(viewer: Viewer, case_id: uuid.UUID) -> dict[str, Any]:
    return {"tenant": viewer.tenant_id, "user": viewer.user_id, "case": case_id}
