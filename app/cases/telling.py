"""The mails that tell of a new message: that there is one, and where; what it says stays in the portal."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection

from app.cases.messages import has_mailbox
from app.cases.source import CASE_SOURCE
from app.core.db import read
from app.core.outbox import Job
from app.core.text import _, labelled
from app.reports.letters import write_to
from app.reports.record import seen_ids
from permissions import Viewer
from permissions.arrival import running_memberships, viewer_of
from tenants import current
from tenants.jobs import later

CONCERNED = """
    select u.id
      from messages m
      join cases c on c.tenant_id = %(tenant)s and c.id = m.of_case_id
      join users u on u.tenant_id = %(tenant)s and u.is_active and u.id is distinct from m.sender_id
       and (u.id = c.owner_id or exists (
            select 1 from case_participants p
             where p.tenant_id = %(tenant)s and p.case_id = c.id and p.user_id = u.id))
     where m.tenant_id = %(tenant)s and m.id = %(message)s
       and not exists (select 1 from case_mutes x
                        where x.tenant_id = %(tenant)s and x.case_id = c.id and x.user_id = u.id)
     order by u.id"""
WAITING = """
    select m.of_case_id from messages m
     where m.tenant_id = %(tenant)s and m.id = %(message)s
       and not exists (select 1 from message_readings r
                        where r.tenant_id = %(tenant)s and r.message_id = m.id and r.user_id = %(user)s)
       and not exists (select 1 from case_mutes x
                        where x.tenant_id = %(tenant)s and x.case_id = m.of_case_id and x.user_id = %(user)s)"""


def announce_message(connection: Connection, message_id: uuid.UUID) -> None:
    """Note whom to tell: the others who take part and want to know."""
    values = {"tenant": current.tenant_id(), "message": message_id}
    for (user_id,) in read(connection, CONCERNED, values).fetchall():
        later(connection, tell_of_message, message_id=message_id, user_id=user_id)


def tell_of_message(connection: Connection, message_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """Tell somebody; not who has read it meanwhile, nor who could not read it."""
    values = {"tenant": current.tenant_id(), "message": message_id, "user": user_id}
    found = read(connection, WAITING, values).fetchone()
    viewer = _reader(connection, user_id, found[0]) if found else None
    if found is None or viewer is None:
        return

    def composed(home: str) -> tuple[str, list[str]]:
        return _("New message in the portal"), [
            _("There is a new message for you in the portal."),
            labelled(_("Read and answer it there"), f"{home}/cases/{found[0]}"),
        ]

    write_to(connection, viewer, f"message-{message_id}-{user_id}", composed)


def _reader(connection: Connection, user_id: uuid.UUID, case_id: uuid.UUID) -> Viewer | None:
    """The person as he could read it: at the desk, or in the first of his organizations that lets him."""
    memberships = [one[0] for one in running_memberships(connection, user_id)]
    for membership_id in memberships or [None]:
        viewer = viewer_of(connection, user_id, membership_id)
        if viewer and has_mailbox(viewer) and seen_ids(connection, viewer, CASE_SOURCE, {case_id}):
            return viewer
    return None


JOBS = [Job(announce_message), Job(tell_of_message, lease=5 * 60)]
