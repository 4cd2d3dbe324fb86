"""The saved reports somebody may open: his own, and those shared with him, his profile, his organization or all."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from sqlalchemy import Connection

from app.core.db import read
from app.core.errors import NotFound
from app.reports.saved.access import is_manager
from app.reports.saved.documents import Document
from app.reports.source import SOURCES, Source
from permissions import Viewer

MOST_LISTED = 500

OPEN = """
       (r.owner_id = %(user)s or r.sharing = 'all'
        or r.sharing = 'profile' and r.profile_id = %(profile)s
        or r.sharing = 'organization' and r.organization_id = %(organization)s
        or r.sharing = 'people' and exists (
            select 1 from saved_report_people p
             where p.tenant_id = r.tenant_id and p.report_id = r.id and p.user_id = %(user)s))"""

LISTED = f"""
    select r.id, r.source, r.name, r.owner_id, u.name as owner, r.sharing,
           array(select jsonb_object_keys(r.document)) as words, null::boolean as is_own_default
      from saved_reports r
      join users u on u.tenant_id = r.tenant_id and u.id = r.owner_id
     where r.tenant_id = %(tenant)s and {OPEN}
    union all
    select d.report_id, d.source, '', null, null, null, null, d.user_id is not null
      from report_defaults d
     where d.tenant_id = %(tenant)s and (d.user_id = %(user)s or d.profile_id = %(profile)s)
    order by name, id limit {MOST_LISTED}"""

ONE = f"""
    select r.id, r.source, r.name, r.owner_id, u.name as owner, u.is_active as is_owner_active, r.document, r.sharing,
           r.profile_id, r.organization_id, r.functions_off
      from saved_reports r
      join users u on u.tenant_id = r.tenant_id and u.id = r.owner_id
     where r.tenant_id = %(tenant)s and r.id = %(id)s and ({OPEN} or %(is_manager)s and not u.is_active)"""


LEFT = f"""
    select r.id, r.source, r.name, r.owner_id, u.name as owner, r.sharing
      from saved_reports r
      join users u on u.tenant_id = r.tenant_id and u.id = r.owner_id
     where r.tenant_id = %(tenant)s and not u.is_active
     order by r.name, r.id limit {MOST_LISTED}"""


class Listed(NamedTuple):
    """A report as menus name it."""

    id: uuid.UUID
    source: Source
    name: str
    owner_id: uuid.UUID
    owner: str
    sharing: str
    icon: str


class Reports(NamedTuple):
    """What somebody may open, in the order of names, and what an overview opens with for him, by record type."""

    listed: list[Listed]
    defaults: dict[str, uuid.UUID]


class Saved(NamedTuple):
    id: uuid.UUID
    source: Source
    name: str
    owner_id: uuid.UUID
    owner: str
    is_owner_active: bool
    document: Document
    sharing: str
    profile_id: uuid.UUID | None
    organization_id: uuid.UUID | None
    functions_off: list[str]


def values_of(viewer: Viewer) -> dict[str, object]:
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "profile": viewer.profile_id,
        "organization": viewer.organization_id,
    }


def reports_of(connection: Connection, viewer: Viewer) -> Reports:
    """The reports of every overview that the viewer's profile shows."""
    listed: list[Listed] = []
    defaults: dict[str, uuid.UUID] = {}
    for report_id, record, name, owner_id, owner, sharing, words, is_own in read(
        connection, LISTED, values_of(viewer)
    ):
        source = SOURCES.get(record)
        if source is None or not viewer.may(source.area):
            continue
        if is_own is None:
            listed.append(Listed(report_id, source, name, owner_id, owner, sharing, _icon(words)))
        elif is_own or record not in defaults:
            defaults[record] = report_id
    known = {one.id for one in listed}
    return Reports(listed, {record: one for record, one in defaults.items() if one in known})


def _icon(words: list[str]) -> str:
    return "chart" if "chart" in words else "sigma" if "by" in words else "table"


def report_of(connection: Connection, viewer: Viewer, report_id: uuid.UUID) -> Saved:
    """One report; NotFound for whoever may not open it. A manager also finds those whose owner has left."""
    values = {**values_of(viewer), "id": report_id, "is_manager": is_manager(viewer)}
    row = read(connection, ONE, values).fetchone()
    source = SOURCES.get(row[1]) if row else None
    if row is None or source is None or not viewer.may(source.area):
        raise NotFound
    return Saved(row[0], source, *row[2:])


def left_behind(connection: Connection, viewer: Viewer) -> list[Listed]:
    """The reports of those who have left, for whoever looks after them."""
    if not is_manager(viewer):
        return []
    rows = read(connection, LEFT, values_of(viewer)).fetchall()
    return [Listed._make((row[0], SOURCES[row[1]], *row[2:], "table")) for row in rows if row[1] in SOURCES]
