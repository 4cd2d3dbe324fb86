"""Giving records a past: what they were before, and since when they are what they are."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import select

from tenants import current
from tests.factories import Make, table


def at(day: str) -> datetime.datetime:
    """Noon of a day, in UTC."""
    return datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC)


def lived(
    make: Make,
    name: str,
    record_id: uuid.UUID,
    *was: tuple[str, dict[str, Any]],
    since: str,
    import_id: Any = None,
) -> None:
    """Let a row have been otherwise: from each day on with these values, and what it is now since `since`."""
    rows, past = table(name), table(f"{name}_history")
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        own = (rows.c.tenant_id == make.tenant_id, rows.c.id == record_id)
        now = dict(connection.execute(select(rows).where(*own)).mappings().one())
        days = [*(day for day, _values in was), since]
        for (day, values), end in zip(was, days[1:], strict=True):
            if "number_key" in now:
                values = {"number_key": values.get("number", now["number"]).lower(), **values}
            state = {**now, **values, "valid_from": at(day), "valid_to": at(end)}
            connection.execute(past.insert().values(state))
        connection.execute(rows.update().where(*own).values(valid_from=at(since), import_id=import_id))
