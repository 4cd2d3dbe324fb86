"""Mails over SMTP: one message to one address, written with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from urllib.parse import SplitResult, unquote, urlsplit

PATIENCE = 30
"""Seconds to wait for the mail server."""


class NotReady(RuntimeError):
    """The portal is not set up for mails: they wait."""


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
        raise NotReady("no mail server is named, set SMTP_URL")
    server = urlsplit(url)
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
