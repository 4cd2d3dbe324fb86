"""The mail that tells somebody that his password was changed."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, text

from app.core.outbox import Job
from app.core.text import _, labelled
from app.reports.letters import write_to_address
from tenants import current

WHO = """
    select u.name, u.email, u.language, (select t.name from tenants t where t.tenant_id = :tenant) as house
      from users u where u.tenant_id = :tenant and u.id = :user"""


def tell_of_password(connection: Connection, user_id: uuid.UUID) -> None:
    """Tell him, whoever did it: if it was somebody else, this is how he learns of it."""
    who = connection.execute(text(WHO), {"tenant": current.tenant_id(), "user": user_id}).one_or_none()
    if who is None:
        return

    def composed(home: str) -> tuple[str, list[str]]:
        return _("Your password was changed"), [
            _("Good day, {name},", name=who.name),
            _(
                "Your password for the portal of {house} was changed. Wherever else you were signed in, you are signed out.",
                house=who.house,
            ),
            _("If it was not you, set a new password now and tell your contact at {house}.", house=who.house),
            labelled(_("Set a new password"), f"{home}/password"),
        ]

    write_to_address(connection, who.email, who.language, f"password-{uuid.uuid4()}", composed)


JOBS = [Job(tell_of_password, lease=5 * 60)]
