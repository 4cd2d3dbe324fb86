"""Which tenants there are: by the host a request names, exactly that host or nobody, and by name for commands."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

REMEMBERED_FOR = 5.0
"""Seconds. A new host works at once; a host that is given away is refused this much later, by every process."""


class House(NamedTuple):
    """What every page of a broker needs to know of him."""

    tenant_id: uuid.UUID
    name: str
    theme: str
    language: str
    links: dict[str, str]
    slug: str
    own_theme: dict[str, Any] | None
    logo: str | None
    logo_dark: str | None


OF_HOUSE = """
    select tenant_id, name, theme, language, links, slug, own_theme, logo, logo_dark
      from tenants where tenant_id = %(tenant)s"""

_known: dict[str, tuple[float, House]] = {}


def house_at(engine: Engine, host: str) -> House | None:
    """The broker at a host, port included. An unknown host is asked for anew each time."""
    known = _known.get(host)
    if known and known[0] > time.monotonic():
        return known[1]
    _known.pop(host, None)
    with engine.begin() as connection:
        # The directory knows the tenant, and only the tenant's own context shows the rest.
        tenant = connection.exec_driver_sql(
            "select tenant_id from hosts where host = %(host)s", {"host": host}
        ).scalar()
        if tenant is None:
            return None
        connection.exec_driver_sql(f"SET LOCAL app.tenant_id = '{tenant}'")
        row = connection.exec_driver_sql(OF_HOUSE, {"tenant": tenant}).one_or_none()
    if row is None:
        return None
    house = House(*row)
    if len(_known) > 10_000:
        _known.clear()
    _known[host] = (time.monotonic() + REMEMBERED_FOR, house)
    return house


def forget(tenant_id: uuid.UUID) -> None:
    """Ask for a broker anew at the next request: something about him was changed here."""
    for host, (_until, house) in list(_known.items()):
        if house.tenant_id == tenant_id:
            _known.pop(host, None)


def house_of(connection: Connection, tenant_id: uuid.UUID) -> House:
    """The same for what is done without a request, in its tenant's transaction."""
    row = connection.exec_driver_sql(OF_HOUSE, {"tenant": tenant_id}).one()
    return House(*row)


class TenantEntry(NamedTuple):
    """A broker as the directory and the broker itself tell it."""

    tenant_id: uuid.UUID
    slug: str
    name: str
    theme: str
    language: str
    hosts: tuple[str, ...]


def list_tenants(engine: Engine, first: str = "") -> Iterator[TenantEntry]:
    """Every broker of the installation, asked for one by one behind its own wall. Those with a host that
    begins with `first` come first."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            """select tenant_id, array_agg(host order by host) from hosts
                group by tenant_id order by bool_or(starts_with(host, %(first)s)) desc, min(host)""",
            {"first": first},
        ).all()
        for tenant, hosts in found:
            connection.exec_driver_sql(f"SET LOCAL app.tenant_id = '{tenant}'")
            row = connection.exec_driver_sql(
                "select slug, name, theme, language from tenants where tenant_id = %(tenant)s",
                {"tenant": tenant},
            ).one_or_none()
            if row is not None:
                yield TenantEntry(tenant, row.slug, row.name, row.theme, row.language, tuple(hosts))


def find_tenant(engine: Engine, slug: str) -> TenantEntry | None:
    """The broker of this name, or None. Usually it has a host of that name and is the first one asked."""
    return next((tenant for tenant in list_tenants(engine, f"{slug}.") if tenant.slug == slug), None)
