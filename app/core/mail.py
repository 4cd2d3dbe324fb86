"""Mails over SMTP, or into a folder: one message to one address, written with the standard library."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import tempfile
import time
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from app.core.errors import NotSetUp

PATIENCE = 30
"""Seconds to wait for the mail server."""


class Refused(Exception):
    """The mail server will never take this mail."""


def written(
    sender: str,
    sender_name: str,
    to: str,
    subject: str,
    text: str,
    *,
    headers: Mapping[str, str],
    attached: Mapping[str, tuple[bytes, str]],
) -> EmailMessage:
    """A mail as it travels, with files by name: what they hold, and of which media type it is."""
    message = EmailMessage()
    mailbox, _at, domain = sender.partition("@")
    message["From"] = Address(sender_name, mailbox, domain)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(localtime())
    # Asks other machines not to answer that somebody is away (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    for name, (content, media_type) in attached.items():
        kind, _slash, subtype = media_type.partition(";")[0].partition("/")
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return message


def send(url: str, message: EmailMessage) -> None:
    """Hand a mail to the server; Refused if it will not take it, and any other error if it cannot now."""
    if not url:
        raise NotSetUp("no mail server is named, set SMTP_URL")
    server = urlsplit(url)
    if server.scheme == "file":
        _keep(Path(unquote(server.path)), message)
        return
    try:
        with _connected(server) as client:
            if server.username:
                client.login(unquote(server.username), unquote(server.password or ""))
            client.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Refused(codes) from None
        raise
    except smtplib.SMTPAuthenticationError:
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise Refused(error.smtp_code) from None
        raise


def _keep(folder: Path, message: EmailMessage) -> None:
    """Write a mail into a folder, where it lies as in a letterbox. Whole or not at all, and for its owner's eyes only:
    a mail may hold a link that lets somebody in."""
    # With its lines as they are: whoever copies a link from the file gets all of it.
    if (body := message.get_body(("plain",))) is not None:
        body.set_content(body.get_content(), cte="8bit")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as file:
        file.write(message.as_bytes())
    to = re.sub(r"[^\w.@+-]", "_", message["To"].addresses[0].addr_spec)
    os.replace(file.name, folder / f"{time.time_ns()}-{to}.eml")


def _connected(server: SplitResult) -> smtplib.SMTP:
    context, host = ssl.create_default_context(), server.hostname or ""
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=PATIENCE, context=context)
    client = smtplib.SMTP(host, server.port or 587, timeout=PATIENCE)
    client.ehlo()
    if client.has_extn("starttls"):
        client.starttls(context=context)
    elif server.username:
        client.close()
        raise ssl.SSLError("the mail server wants a password without encryption")
    return client
