"""The portal as a profile makes it: its menu, the columns of its overviews, what can be done. Nobody's data."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from app.administration.profiles.queries import Head
from app.reports.columns import columns_of
from app.reports.source import SOURCES
from app.shell.frame import MenuGroup, menu_of
from permissions import Rights
from permissions.catalogue import catalogue
from permissions.rights import rights_of, without
from tenants import current
from tenants.models import Tenant


class Overview(NamedTuple):
    label: str
    icon: str
    columns: list[tuple[str, bool]]
    """Those of the table before anybody chooses, and whether they are masked."""
    more: list[str]


def rights_seen(connection: Connection, head: Head) -> Rights:
    """What the profile grants, less what is switched off for everybody; a client's never opens the desk."""
    tenant = current.tenant_id()
    off = connection.execute(
        select(Tenant.report_functions_off).where(Tenant.tenant_id == tenant)
    ).scalar_one()
    closed = frozenset() if head.is_staff else catalogue.of_desk()
    return without(rights_of(connection, tenant, head.id, head.version), frozenset(off), closed)


def menu_seen(rights: Rights) -> list[MenuGroup]:
    return menu_of(rights, "")


def overviews(rights: Rights) -> list[Overview]:
    """In the menu's order."""
    by_area = {source.area.key: source for source in SOURCES.values()}
    found = []
    for area in catalogue.areas():
        if area.key not in rights.areas or area.key not in by_area:
            continue
        columns = columns_of(by_area[area.key], rights).values()
        found.append(
            Overview(
                str(area.label),
                area.icon,
                [(str(one.label), one.is_masked) for one in columns if one.field.listed],
                [str(one.label) for one in columns if not one.field.listed],
            )
        )
    return found


def functions_of(rights: Rights) -> list[str]:
    return [str(one.label) for one in catalogue.functions() if one.key in rights.functions]
