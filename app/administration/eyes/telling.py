"""The mail that tells a user that somebody looked at the portal through his eyes."""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, select

from app.administration.eyes.models import LookRow
from app.core.formats import formats_for
from app.core.outbox import Job
from app.core.text import _, labelled, language
from app.reports.letters import write_to
from permissions.arrival import viewer_of
from tenants import current
from tenants.models import User


def tell_of_look(connection: Connection, look_id: uuid.UUID) -> None:
    """Tell him who it was and why; nobody is told whose access has ended since."""
    look = connection.execute(
        select(LookRow.user_id, LookRow.membership_id, LookRow.reason, LookRow.began_at, User.name)
        .join(User, (User.tenant_id == LookRow.tenant_id) & (User.id == LookRow.actor_id))
        .where(LookRow.tenant_id == current.tenant_id(), LookRow.id == look_id)
    ).one()
    viewer = viewer_of(connection, look.user_id, look.membership_id)
    if viewer is None:
        return

    def composed(home: str) -> tuple[str, list[str]]:
        formats = formats_for(language())
        return _("Somebody viewed the portal as you see it"), [
            _(
                "On {date}, {actor} viewed the portal as you see it. Reason: {reason}",
                date=formats.moment(look.began_at),
                actor=look.name,
                reason=look.reason,
            ),
            labelled(_("Who has viewed the portal as I see it?"), f"{home}/settings/views"),
        ]

    write_to(connection, viewer, f"look-{look_id}", composed)


JOBS = [Job(tell_of_look, lease=5 * 60)]
