"""Mails that say that something is there, and where: what it is stays in the portal."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from sqlalchemy import Connection, text

from app.core import mail
from app.core.settings import Settings
from app.core.text import speaking
from permissions import Viewer
from tenants import current

HOUSE = """
    select t.name, t.language, t.mail_sender,
           (select min(h.host) from hosts h where h.tenant_id = t.tenant_id) as host
      from tenants t where t.tenant_id = :tenant"""


def write_to(
    connection: Connection, viewer: Viewer, reference: str, compose: Callable[[str], tuple[str, list[str]]]
) -> None:
    """Send a mail to a person of the portal in his language: `compose` gives its subject and paragraphs, from the
    address of the portal. The same reference is the same mail, should it be sent again after a fault."""
    house = connection.execute(text(HOUSE), {"tenant": current.tenant_id()}).one()
    settings: Settings = current_app.extensions["settings"]
    domain = house.host.partition(":")[0]
    with speaking(viewer.language or house.language):
        subject, paragraphs = compose(f"{'https' if settings.is_secure else 'http'}://{house.host}")
    message = mail.written(
        house.mail_sender or settings.mail_sender or f"noreply@{domain}",
        house.name,
        viewer.email,
        subject,
        "\n\n".join(paragraphs) + "\n",
        headers={"Message-ID": f"<{reference}@{domain}>"},
        attached={},
    )
    mail.send(settings.smtp_url, message)
