"""The rows of a record type as they stood: the table and its history, with the same columns, as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, bindparam, select, union_all

from app.reports.source import TENANT, Source


def standing(source: Source, name: str, moment: str) -> Any:
    """What stood at the moment that is bound under this name: of each record that existed then, one row."""
    at = bindparam(moment, type_=DateTime(timezone=True))
    return _both(
        source,
        name,
        lambda present: present.c.valid_from <= at,
        lambda past: and_(past.c.valid_from <= at, past.c.valid_to > at),
    )


def states_of(source: Source, name: str, record_id: ColumnElement[Any]) -> Any:
    """All that one record has been, and is."""
    return _both(source, name, *[lambda table: table.c.id == record_id] * 2)


Limit = Callable[[Any], ColumnElement[bool]]


def _both(source: Source, name: str, of_present: Limit, of_past: Limit) -> Any:
    assert source.past is not None
    present, past = source.table.alias(f"{name}_present"), source.past.alias(f"{name}_past")
    names = [column.name for column in source.table.columns]
    return union_all(
        *(
            select(*(table.c[one] for one in names)).where(table.c.tenant_id == TENANT, limit(table))
            for table, limit in ((present, of_present), (past, of_past))
        )
    ).subquery(name)
