"""From the host a request names to the tenant that answers there: exactly that host, or nobody."""

from __future__ import annotations

import time
import uuid
from typing import NamedTuple

from sqlalchemy import Engine

REMEMBERED_FOR = 5.0
"""Seconds. A new host works at once; a host that is given away is refused this much later, by every process."""


class House(NamedTuple):
    """What every page of a broker needs to know of him."""

    tenant_id: uuid.UUID
    name: str
    theme: str
    language: str
    links: dict[str, str]


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
        row = connection.exec_driver_sql(
            "select tenant_id, name, theme, language, links from tenants where tenant_id = %(tenant)s",
            {"tenant": tenant},
        ).one_or_none()
    if row is None:
        return None
    house = House(*row)
    if len(_known) > 10_000:
        _known.clear()
    _known[host] = (time.monotonic() + REMEMBERED_FOR, house)
    return house
