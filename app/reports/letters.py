"""Mails that say that something is there, and where: what it is stays in the portal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from types import MappingProxyType
from typing import Any

from flask import current_app
from sqlalchemy import Connection, text

from app.core import mail
from app.core.settings import Settings
from app.core.text import speaking
from app.core.web import address_at
from permissions import Viewer
from tenants import current

log = logging.getLogger(__name__)

HOUSE = """
    select t.name, t.language, t.mail_sender,
           (select min(h.host) from hosts h where h.tenant_id = t.tenant_id) as host
      from tenants t where t.tenant_id = :tenant"""


def letter(
    house: Any,
    to: str,
    subject: str,
    paragraphs: list[str],
    reference: str,
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    attached: Mapping[str, tuple[bytes, str]] = MappingProxyType({}),
) -> EmailMessage:
    """A mail of a broker (`name`, `host`, `mail_sender`). The same reference is the same mail, should it be sent again
    after a fault."""
    settings: Settings = current_app.extensions["settings"]
    domain = house.host.partition(":")[0]
    return mail.written(
        house.mail_sender or settings.mail_sender or f"noreply@{domain}",
        house.name,
        to,
        subject,
        "\n\n".join(paragraphs) + "\n",
        headers={"Message-ID": f"<{reference}@{domain}>", **headers},
        attached=attached,
    )


Composing = Callable[[str], tuple[str, list[str]]]
"""Gives a mail's subject and paragraphs, from the address of the portal."""


def write_to(connection: Connection, viewer: Viewer, reference: str, compose: Composing) -> None:
    """Send a mail to a person of the portal in his language."""
    write_to_address(connection, viewer.email, viewer.language, reference, compose)


def write_to_address(
    connection: Connection, email: str, spoken: str | None, reference: str, compose: Composing
) -> None:
    """Send a mail to somebody; in the broker's language, if none of his own is known. One that the mail server will never
    take is given up, and the log says so."""
    house = connection.execute(text(HOUSE), {"tenant": current.tenant_id()}).one()
    with speaking(spoken or house.language):
        subject, paragraphs = compose(address_at(house.host))
    message = letter(house, email, subject, paragraphs, reference)
    try:
        mail.send(current_app.extensions["settings"].smtp_url, message)
    except mail.Refused as refusal:
        log.warning("The mail server refused %s: %s", reference, refusal)
