"""The way back for who forgot his password. Whoever asks gets one and the same answer after the same work: what becomes
of it is decided after the commit, by the job that mails."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, text

from app.accounts.actions import tries
from app.accounts.invitations import invite
from app.administration.members.inviting import send_invitation
from app.administration.members.offers import send_offer
from app.administration.users.standing import HAS_ACCESS
from app.core import audit
from app.core.outbox import Job
from app.core.text import _, labelled
from app.reports.letters import write_to_address
from tenants import current, visibility
from tenants.jobs import later

PER_MAILBOX, PER_ADDRESS, MINUTES = 3, 30, 60
"""So often may be asked for a mailbox, and from an address of the network, within so many minutes."""

BY_EMAIL = """
    select coalesce((select u.id from users u where u.tenant_id = :tenant and u.email = :email),
                    (select f.id from membership_offers f
                      where f.tenant_id = :tenant and f.email = :email and f.expires_at > now()
                      order by f.id desc limit 1))"""
WHO = f"""
    select u.name, u.email, u.language, u.password_hash is null as is_new,
           exists (select 1 from invitations i where i.tenant_id = :tenant and i.user_id = u.id) as is_invited,
           (select t.name from tenants t where t.tenant_id = :tenant) as house
      from users u
     where u.tenant_id = :tenant and u.id = :id and u.is_active and (u.is_staff or {HAS_ACCESS})"""
OFFER = "select organization_id, email from membership_offers where tenant_id = :tenant and id = :id"


def ask(connection: Connection, email: str, address: str) -> None:
    """Somebody at this address of the network wants back in. Nothing here depends on whether there is such a person."""
    of_mailbox = tries(connection, f"password {email}", MINUTES)
    of_address = tries(connection, f"passwords at {address}", MINUTES)
    if of_mailbox > PER_MAILBOX or of_address > PER_ADDRESS:
        return
    values = {"tenant": current.tenant_id(), "email": email}
    found = connection.execute(text(BY_EMAIL), values).scalar_one_or_none()
    later(connection, send_way_back, person_id=found or uuid.uuid4())


def send_way_back(connection: Connection, person_id: uuid.UUID) -> None:
    """Mail the way to a new password to who may come in; who was invited and has none yet gets the invitation again, be
    it the broker's or a colleague's. To nobody else anything."""
    tenant = current.tenant_id()
    values = {"tenant": tenant, "id": person_id, "today": visibility.today()}
    who = connection.execute(text(WHO), values).one_or_none()
    if who is None:
        if offer := connection.execute(text(OFFER), values).one_or_none():
            record, told = offer.organization_id, {"email": offer.email}
            audit.write(
                connection, tenant, "offer.sent_again", record="organization", record_id=record, after=told
            )
            send_offer(connection, person_id)
    elif not who.is_new:
        audit.write(connection, tenant, "user.reset_sent", record="user", record_id=person_id)
        _send_link(connection, person_id, who)
    elif who.is_invited:
        audit.write(connection, tenant, "user.invited", record="user", record_id=person_id)
        send_invitation(connection, person_id)


def _send_link(connection: Connection, user_id: uuid.UUID, who: Any) -> None:
    """A link sent before works no more."""
    secret = invite(connection, user_id, is_reset=True)

    def composed(home: str) -> tuple[str, list[str]]:
        return _("A new password for the portal of {house}", house=who.house), [
            _("Good day, {name},", name=who.name),
            _("Somebody asked for a new password for your access to the portal of {house}.", house=who.house),
            labelled(_("Set a new password"), f"{home}/password/{secret}"),
            _("The link works once, for one hour. If it was not you, do nothing: your password stays."),
        ]

    write_to_address(connection, who.email, who.language, f"reset-{uuid.uuid4()}", composed)


JOBS = [Job(send_way_back, lease=5 * 60)]
