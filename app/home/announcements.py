"""General messages as a client gets them: those that are for his organization today, and marking one as read."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from app.core.db import read
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import language
from app.home.wording import Spoken, spoken
from permissions import Viewer
from permissions.noting import note

FOR_READER = """
      from announcements a
      left join announcement_receipts r
        on r.tenant_id = %(tenant)s and r.announcement_id = a.id and r.user_id = %(user)s
     where a.tenant_id = %(tenant)s
       and a.starts_on <= %(today)s and (a.ends_on is null or a.ends_on >= %(today)s)
       and (a.is_for_all or exists (
            select 1 from announcement_organizations x
             where x.tenant_id = %(tenant)s and x.announcement_id = a.id and x.organization_id = %(organization)s))"""
"""Those that run today and are for the reader's organization; and whether he has read them."""
SHOWN = f"""
    select a.id, a.words, a.tone, a.starts_on, r.read_at {FOR_READER}
     order by a.tone = 'important' desc, a.starts_on desc, a.id desc limit 50"""
MARK = f"""
    insert into announcement_receipts (tenant_id, announcement_id, user_id)
    select %(tenant)s, a.id, %(user)s {FOR_READER} and a.id = %(id)s and r.read_at is null
    on conflict do nothing"""
IS_THERE = f"select exists (select 1 {FOR_READER} and a.id = %(id)s)"
TONES = {"notice": ("house", "info"), "important": ("warning", "warn")}
"""How a note looks: its tone on a page, and its symbol."""


@dataclass(frozen=True)
class Shown:
    """A message as its reader gets it."""

    id: uuid.UUID
    spoken: Spoken
    is_important: bool
    since: str
    read: str | None
    """When he marked it as read."""

    @property
    def tone(self) -> str:
        return TONES["important" if self.is_important else "notice"][0]

    @property
    def icon(self) -> str:
        return TONES["important" if self.is_important else "notice"][1]


def shown_to(connection: Connection, viewer: Viewer, of_house: str) -> Iterator[Shown]:
    """The messages that are for a client now, the important ones first. `of_house` is the broker's language."""
    if viewer.organization_id is None:
        return
    formats = formats_for(language())
    for row in read(connection, SHOWN, _asked(viewer)):
        message_id, words, tone, starts_on, read_at = row
        said = spoken(words, language(), of_house)
        if said is not None:
            read_on = formats.moment(read_at) if read_at else None
            yield Shown(message_id, said, tone == "important", formats.day(starts_on), read_on)


def mark_as_read(connection: Connection, viewer: Viewer, announcement_id: uuid.UUID) -> None:
    """NotFound where no such message is for him."""
    values = _asked(viewer) | {"id": announcement_id}
    if read(connection, MARK, values).rowcount:
        note(connection, viewer, "announcement.read", "announcement", announcement_id)
    elif not read(connection, IS_THERE, values).fetchone()[0]:  # type: ignore[index]
        raise NotFound


def _asked(viewer: Viewer) -> dict[str, object]:
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "organization": viewer.organization_id,
        "today": viewer.today,
    }
