"""Sending invitations: the link is made when its mail is, so that it stands nowhere but in the mail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.accounts.invitations import LASTS, invite
from app.core import audit
from app.core.outbox import Job
from app.core.text import _, labelled
from app.reports.letters import write_to_address
from tenants import current
from tenants.jobs import later

NOT_YET = """
    select id from users
     where tenant_id = :tenant and email = any(:emails) and password_hash is null and is_active and not is_staff"""
WHO = """
    select u.name, u.email, u.language, (select t.name from tenants t where t.tenant_id = :tenant) as house
      from users u where u.tenant_id = :tenant and u.id = :user and u.is_active and u.password_hash is null"""


def invite_all(connection: Connection, emails: Iterable[str], actor_id: uuid.UUID) -> int:
    """Send invitations, after the commit, to those of these addresses who have no password yet; how many."""
    values = {"tenant": current.tenant_id(), "emails": list(emails)}
    found = connection.execute(text(NOT_YET), values).scalars().all()
    for user_id in found:
        later(connection, send_invitation, user_id=user_id)
        audit.write(
            connection,
            current.tenant_id(),
            "user.invited",
            actor_id=actor_id,
            record="user",
            record_id=user_id,
        )
    return len(found)


def send_invitation(connection: Connection, user_id: uuid.UUID) -> None:
    """Mail somebody the way to his password. A link sent before works no more."""
    who = connection.execute(text(WHO), {"tenant": current.tenant_id(), "user": user_id}).one_or_none()
    if who is None:
        return
    secret = invite(connection, user_id)

    def composed(home: str) -> tuple[str, list[str]]:
        return _("Your access to the portal of {house}", house=who.house), [
            _("Good day, {name},", name=who.name),
            _(
                "{house} has opened an access to its client portal for you. Choose a password to begin.",
                house=who.house,
            ),
            labelled(_("Activate access"), f"{home}/activation/{secret}"),
            _("The link works once, for {days} days.", days=LASTS.days),
        ]

    write_to_address(connection, who.email, who.language, f"invitation-{uuid.uuid4()}", composed)


JOBS = [Job(send_invitation, lease=5 * 60)]
