"""The jobs that mail reports: each computed when it is sent, with the rights its recipient then has."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, NamedTuple

from flask import current_app
from itsdangerous import URLSafeSerializer
from sqlalchemy import Connection, text

from app.core import audit, mail
from app.core.db import within
from app.core.errors import NotFound, NotSetUp, Refusal, Unacceptable
from app.core.formats import formats_for
from app.core.outbox import Job
from app.core.settings import Settings
from app.core.text import _, labelled, language, speaking
from app.core.web import address_at
from app.reports.access import EXPORT
from app.reports.address import opened_by, title_of, understood
from app.reports.letters import letter
from app.reports.making import MEDIA_TYPES, Asked, pieces_apart
from app.reports.saved.access import SUBSCRIBE
from app.reports.saved.documents import words_of
from app.reports.saved.opening import Opened
from app.reports.source import SOURCES, Source
from app.reports.subscriptions.schedule import is_due, was_missed
from app.reports.switches import FILES, MAIL
from permissions import Viewer
from permissions.arrival import running_memberships, viewer_of
from tenants import current, visibility
from tenants.directory import house_of
from tenants.jobs import later

ATTACHED_UP_TO = 5_000_000
"""Bytes; a larger file is fetched by its link."""

RUNNING = """
    select id, rhythm, day, starts_on, coalesce(sent_on, (created_at at time zone :zone)::date) as done_on
      from report_subscriptions
     where tenant_id = :tenant and starts_on <= :today and ends_on >= :today and rhythm <> 'once'"""

ASKED = """
    select s.report_id, s.user_id, s.membership_id, s.address, s.ends_on, s.rhythm, s.ending, s.sent_on,
           u.name as subscriber, r.source, t.name, t.language, t.mail_sender, t.mail_domains,
           (select min(h.host) from hosts h where h.tenant_id = s.tenant_id) as host
      from report_subscriptions s
      join saved_reports r on r.tenant_id = s.tenant_id and r.id = s.report_id
      join users u on u.tenant_id = s.tenant_id and u.id = s.user_id
      join tenants t on t.tenant_id = s.tenant_id
     where s.tenant_id = :tenant and s.id = :id"""

PERSON = """
    select u.id, u.is_staff,
           (select m.organization_id from memberships m
             where m.tenant_id = u.tenant_id and m.id = :membership) as organization
      from users u where u.tenant_id = :tenant and u.email = :address"""

TOLD = """
    update report_subscriptions set result = :result, result_at = now(), sent_on = :today
     where tenant_id = :tenant and id = :id"""


class NotSent(Exception):
    """Nobody gets anything; `result` says why."""

    def __init__(self, result: str) -> None:
        super().__init__(result)
        self.result = result


class Recipient(NamedTuple):
    """Where a mail goes, and with whose rights it is computed."""

    address: str
    viewer: Viewer


def plan_reports(connection: Connection) -> None:
    """Note what is to be mailed today: what is due, and once what was due on days on which nobody worked."""
    today = visibility.today()
    values = {"tenant": current.tenant_id(), "today": today, "zone": str(visibility.BERLIN)}
    for row in connection.execute(text(RUNNING), values).all():
        if is_due(row.rhythm, row.day, today) or was_missed(
            row.rhythm, row.day, row.starts_on, row.done_on, today
        ):
            later(connection, send_report, once=f"{row.id} {today}", subscription_id=row.id)


def send_report(connection: Connection, subscription_id: uuid.UUID) -> None:
    """Mail a report, or keep why not. What was ended in the meantime is not sent."""
    values = {"tenant": current.tenant_id(), "id": subscription_id}
    asked = connection.execute(text(ASKED), values).one_or_none()
    # Of the mails of several days that waited for their server, one is enough.
    if asked is None or (asked.sent_on == visibility.today() and asked.rhythm != "once"):
        return
    settings: Settings = current_app.extensions["settings"]
    try:
        if not settings.secret_key:
            raise NotSetUp("links are signed with SECRET_KEY, which is not set")
        with within(connection):
            message, result = composed(connection, asked, subscription_id)
        mail.send(settings.smtp_url, message)
    except NotSent as reason:
        result = reason.result
    except mail.Refused:
        result = "refused"
    else:
        told = {"address": str(message["To"]), "report_id": str(asked.report_id), "ending": asked.ending}
        audit.write(
            connection,
            current.tenant_id(),
            "subscription.sent",
            record="subscription",
            record_id=subscription_id,
            after=told,
        )
    connection.execute(text(TOLD), {**values, "result": result, "today": visibility.today()})


def recipient_of(connection: Connection, asked: Any) -> Recipient:
    """Who gets it. A person of the portal gets what he may see; an address outside, what the subscriber may."""
    subscriber = viewer_of(connection, asked.user_id, asked.membership_id)
    if subscriber is None:
        raise NotSent("no_access")
    _source, opened = _must_open(connection, subscriber, asked)
    needed = MAIL if asked.rhythm == "once" else SUBSCRIBE
    if not subscriber.without(opened.off_for(subscriber)).may(needed):
        raise NotSent("no_right")
    if asked.address is None:
        return Recipient(subscriber.email, subscriber)
    values = {"tenant": current.tenant_id(), "address": asked.address, "membership": asked.membership_id}
    person = connection.execute(text(PERSON), values).one_or_none()
    if person is None:
        if asked.address.rpartition("@")[2] not in asked.mail_domains:
            raise NotSent("no_domain")
        return Recipient(asked.address, subscriber)
    memberships = [] if person.is_staff else running_memberships(connection, person.id)
    # Nobody's mails tell that a person has a private portal, or still comes in there.
    memberships = [one for one in memberships if not one[-1] or one[1] == person.organization]
    # Where both work in the same organization, it is what he sees there.
    memberships.sort(key=lambda one: one[1] != person.organization)
    viewer = viewer_of(connection, person.id, memberships[0][0] if memberships else None)
    if viewer is None:
        raise NotSent("no_access")
    return Recipient(asked.address, viewer)


def _must_open(connection: Connection, viewer: Viewer, asked: Any) -> tuple[Source, Opened]:
    source = SOURCES.get(asked.source)
    if source is None:
        raise NotSent("no_report")
    if not viewer.may(source.area):
        raise NotSent("no_right")
    try:
        return source, opened_by(viewer, source, str(asked.report_id))
    except NotFound:
        raise NotSent("no_report") from None


def composed(connection: Connection, asked: Any, subscription_id: uuid.UUID) -> tuple[Any, str]:
    """The mail, and what is kept of it once it is sent."""
    recipient = recipient_of(connection, asked)
    viewer = recipient.viewer
    source, opened = _must_open(connection, viewer, asked)
    assert opened.report is not None
    viewer = viewer.without(opened.off_for(viewer))
    home = address_at(asked.host)
    with speaking(viewer.language or asked.language):
        state, _problems = understood(source, viewer.rights, words_of(opened.document))
        house = house_of(connection, viewer.tenant_id)
        file = Asked(viewer, house, source, state, title_of(connection, viewer, state))
        content, lack = None, ""
        if viewer.may(EXPORT) and viewer.may(FILES[asked.ending]):
            try:
                content = _file(connection, file, asked.ending)
            except Unacceptable as refusal:
                lack = str(next(iter(refusal.problems.values())))
            except Refusal as refusal:
                lack = str(refusal)
        is_too_large = content is not None and len(content) > ATTACHED_UP_TO
        ending = f"{home}/unsubscribe/{signer().dumps([str(viewer.tenant_id), str(subscription_id)])}"
        lines = [
            _("Here is the report ‘{name}’ of {date}.", name=opened.report.name,
              date=formats_for(language()).day_long(viewer.today)),
            labelled(_("Open it in the portal"), f"{home}/{source.plural}?report={opened.report.id}"),
        ]  # fmt: skip
        if content is not None:
            lines.append(
                _("The file is too large for a mail. You can download it in the portal.")
                if is_too_large
                else _("It is attached as a file.")
            )
        if lack:
            lines += [_("The file could not be prepared."), lack]
        lines += _reasons(asked, viewer, ending)
        message = letter(
            asked,
            recipient.address,
            _("Report: {name}", name=opened.report.name),
            lines,
            f"{subscription_id}.{viewer.today}",
            headers={
                "List-Unsubscribe": f"<{ending}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            attached={file.name(asked.ending): (content, MEDIA_TYPES[asked.ending])}
            if content and not is_too_large
            else {},
        )
    return message, "sent_without_making" if lack else "sent_without_file" if is_too_large else "sent"


def _reasons(asked: Any, viewer: Viewer, ending: str) -> list[str]:
    """Why somebody gets this mail, and how it ends."""
    if asked.rhythm == "once":
        return [_("{name} sent you this report once.", name=asked.subscriber)]
    until = formats_for(language()).day_long(asked.ends_on)
    return [
        _("You receive it until {date}, as {name} set it up.", date=until, name=asked.subscriber),
        labelled(_("End this subscription"), ending),
    ]


def _file(connection: Connection, asked: Asked, ending: str) -> bytes:
    """The file; of one too large, a little more than is attached."""
    held, size = [], 0
    for piece in pieces_apart(connection, connection.engine, asked, ending):
        held.append(piece)
        size += len(piece)
        if size > ATTACHED_UP_TO:
            break
    return b"".join(held)


def signer() -> URLSafeSerializer:
    """Signs the links that end a subscription."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="end of a subscription")


JOBS = [Job(plan_reports, lease=5 * 60, daily=datetime.time(6, 0)), Job(send_report, lease=5 * 60)]
