"""Tables that remember: whoever changes a row keeps its past state in a table beside it, in the same statement.

A state is valid from `valid_from` until the next one; the table itself holds the present states. So what comes in for
the first time costs nothing more, and what stood at a moment is a union of two tables.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import CheckConstraint, DateTime, Table, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, TenantOwned

Model = TypeVar("Model", bound=type[Base])


class Remembered:
    """A row of which it is known since when it is as it is."""

    valid_from: Mapped[datetime.datetime] = mapped_column(server_default=func.now(), sort_order=92)
    import_id: Mapped[uuid.UUID | None] = mapped_column(sort_order=93)
    """The import that made it so. No foreign key: an import may be forgotten before what it brought."""


def remembered(model: Model) -> Model:
    """Give a model its table of past states: the same columns, and until when they held.

    It has no foreign keys. A past state may name what is gone by now, and outlive its own record.
    """
    table: Table = model.__table__  # type: ignore[assignment]
    name = f"{table.name}_history"
    columns = {
        column.name: mapped_column(
            column.type, nullable=column.nullable, primary_key=column.name in ("id", "valid_from")
        )
        for column in table.columns
        if column.name != "tenant_id"
    }
    past = type(
        f"{model.__name__}History",
        (TenantOwned, Base),
        {
            "__tablename__": name,
            "__module__": model.__module__,
            **columns,
            "valid_to": mapped_column(DateTime(timezone=True), nullable=False),
            "__table_args__": (CheckConstraint("valid_from < valid_to", name="interval"),),
        },
    )
    table.info["history"] = past
    return model


def history_of(table: Table) -> Table | None:
    """The table of past states; none where nothing is remembered."""
    past = table.info.get("history")
    return None if past is None else past.__table__


STAMPS = {"valid_from": "statement_timestamp()", "import_id": "%(import)s"}
"""What a new state is stamped with, in SQL. The statement's own moment, not the transaction's: the tenant's lock was
taken in between, so whoever writes later has the later moment."""


def stamps_of(table: Table) -> dict[str, str]:
    """The stamps a table has."""
    return {} if history_of(table) is None else STAMPS


def stamped(table: Table, name: str) -> list[str]:
    """What an upsert of rows called `name` sets besides their fields. A clock that was put back makes no state end
    before it began."""
    if history_of(table) is None:
        return []
    return [
        f"valid_from = greatest(excluded.valid_from, {name}.valid_from)",
        "import_id = excluded.import_id",
    ]


def keeping(table: Table, change: str, returned: Mapping[str, str]) -> str:
    """The statement that makes a change (an insert, update or delete, without `returning`), returns these expressions
    over `old` and `new` by name, and keeps each state that ended."""
    told = ", ".join(f"{value} as {name}" for name, value in returned.items())
    past = history_of(table)
    if past is None:
        return f"{change} returning {told}"
    names = [column.name for column in table.columns]
    before = ", ".join(f'old."{name}" as "before {name}"' for name in names)
    into, states = (", ".join(f'"{prefix}{name}"' for name in names) for prefix in ("", "before "))
    return f"""
        with written as ({change}
            returning {told}, {before}, coalesce(new.valid_from, statement_timestamp()) as ended),
        kept as (
            insert into {past.name} ({into}, valid_to)
            select {states}, ended from written where "before valid_from" < ended)
        select {", ".join(returned)} from written"""
