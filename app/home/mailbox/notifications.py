"""What the portal itself told somebody and what still holds: general messages, files that are ready, an end of access."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g
from sqlalchemy import Connection

from app.core.db import read
from app.core.formats import formats_for
from app.core.text import _, language
from app.home.announcements import FOR_READER, shown_to
from app.reports.access import EXPORT
from app.reports.exports.actions import exports_of
from app.reports.exports.notice import file_name
from permissions import Viewer

ENDS = """
    select least(m.ends_on, o.ends_on)
      from memberships m join organizations o on o.tenant_id = %(tenant)s and o.id = m.organization_id
      join tenants t on t.tenant_id = %(tenant)s
     where m.tenant_id = %(tenant)s and m.id = %(membership)s
       and least(m.ends_on, o.ends_on) <= %(today)s::date + t.notice_days"""
NEW = f"""
    select (select count(*) {FOR_READER} and r.read_at is null)
         + (select count(*) from exports x
             where %(may_export)s and x.tenant_id = %(tenant)s and x.user_id = %(user)s
               and x.membership_id is not distinct from %(membership)s::uuid
               and x.state in ('finished', 'failed') and x.seen_at is null and x.expires_at > now())"""


@dataclass(frozen=True)
class Notification:
    """Something the portal told: where there is more, and whether he has seen to it."""

    icon: str
    title: str
    text: str
    moment: str
    url: str
    is_new: bool
    language: str | None = None
    """Of its title, if that need not be the page's."""


def notifications(connection: Connection, viewer: Viewer) -> list[Notification]:
    """What is new first."""
    found = [*_end(connection, viewer), *_announcements(connection, viewer), *_files(connection, viewer)]
    return sorted(found, key=lambda one: not one.is_new)


def number_new(connection: Connection, viewer: Viewer) -> int:
    """How many he has not seen to, without reading them."""
    values = {**_whose(viewer), "may_export": viewer.may(EXPORT)}
    number: int = read(connection, NEW, values).fetchall()[0][0]
    return number


def _end(connection: Connection, viewer: Viewer) -> Iterator[Notification]:
    if viewer.membership_id is None:
        return
    for (day,) in read(connection, ENDS, _whose(viewer)).fetchall():
        yield Notification(
            "calendar",
            _("Your access ends on {day}", day=_day(day)),
            _("Ask your contact if you need it for longer."),
            "",
            "",
            False,
        )


def _announcements(connection: Connection, viewer: Viewer) -> Iterator[Notification]:
    for one in shown_to(connection, viewer, g.house.language):
        yield Notification(
            one.icon,
            one.spoken.title,
            _("General message"),
            one.since,
            "/home/announcements",
            one.read is None,
            one.spoken.language,
        )


def _files(connection: Connection, viewer: Viewer) -> Iterator[Notification]:
    if not viewer.may(EXPORT):
        return
    formats = formats_for(language())
    for one in exports_of(connection, viewer):
        if one.state in ("finished", "failed"):
            name, is_ready = file_name(one), one.state == "finished"
            yield Notification(
                "download" if is_ready else "warn",
                _("{file} is ready", file=name) if is_ready else _("{file} could not be prepared", file=name),
                _("Can be fetched until {moment}", moment=formats.moment(one.expires_at)) if is_ready else "",
                formats.moment(one.changed_at),
                "/exports",
                one.seen_at is None,
            )


def _day(day: datetime.date) -> str:
    return formats_for(language()).day(day)


def _whose(viewer: Viewer) -> dict[str, object]:
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "membership": viewer.membership_id,
        "organization": viewer.organization_id,
        "today": viewer.today,
    }
