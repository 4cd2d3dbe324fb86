"""Whom a client turns to: the broker's people that records name, and how to reach them.

Whoever may read that somebody looks after a record sees his telephone and e-mail address, too: they are given to
clients for that. Nobody is told of people who have left.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, and_, func, literal, or_, select, union_all

from app.reports.columns import Column, columns_of
from app.reports.query import Compiled, compiled
from app.reports.reach import bound, manner, reach
from app.reports.record import RECORD
from app.reports.source import TENANT, Source
from permissions import Viewer
from permissions.viewer import initials_of
from tenants.models import User

LOOKED_AT = 1000
"""So many records tell who looks after a stock; to count all of a large one would take longer than its page."""


@dataclass(frozen=True)
class Contact:
    initials: str
    name: str
    role: str
    phone: str | None
    email: str


def caretakers(source: Source, viewer: Viewer) -> dict[str, Column]:
    """The columns that name the broker's people, as far as the viewer's profile reads them."""
    return {
        key: column
        for key, column in columns_of(source, viewer.rights).items()
        if column.kind == "reference" and column.field.to == "staff" and not column.is_masked
    }


def of_record(
    connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID
) -> dict[str, Contact]:
    """Who looks after a record that the viewer can open, by the columns that name him."""
    columns = caretakers(source, viewer)
    if not columns:
        return {}
    sql = _record_sql(source, tuple(columns))
    people = {row[0]: row for row in sql.run(connection, {**bound(viewer), "record": record_id}).fetchall()}
    if not people:
        return {}
    # Every row carries all the ids that the record names.
    keys_of: dict[uuid.UUID, list[str]] = {}
    for key, user_id in zip(columns, next(iter(people.values()))[4:], strict=True):
        if user_id in people:
            keys_of.setdefault(user_id, []).append(key)
    told = {
        user_id: _contact(people[user_id][1:4], ", ".join(str(columns[key].label) for key in keys))
        for user_id, keys in keys_of.items()
    }
    return {key: told[user_id] for user_id, keys in keys_of.items() for key in keys}


@lru_cache(maxsize=256)
def _record_sql(source: Source, keys: tuple[str, ...]) -> Compiled:
    """Of each person that a record names: id, name, telephone and e-mail address, and the ids that stand there."""
    t, u = source.table.alias("t"), User.__table__.alias("u")
    named = [t.c[f"{key}_id"] for key in keys]
    return compiled(
        select(u.c.id, u.c.name, u.c.phone, u.c.email, *named)
        .select_from(t.join(u, and_(u.c.tenant_id == TENANT, or_(*(u.c.id == one for one in named)))))
        .where(t.c.tenant_id == TENANT, t.c.id == RECORD, u.c.is_active)
    )


def of_stock(
    connection: Connection, viewer: Viewer, source: Source, keys: Iterable[str], most: int
) -> list[Contact]:
    """Who looks after most of what a client sees: for each of these columns in turn, those named most often."""
    columns = caretakers(source, viewer)
    wanted = [key for key in keys if key in columns]
    if not wanted or viewer.is_staff:
        return []
    sql = _stock_sql(source, tuple(wanted), manner(viewer))
    found: dict[uuid.UUID, Contact] = {}
    for user_id, name, phone, email, role, place in sql.run(connection, bound(viewer)).fetchall():
        # What he does stands in the broker's own words, where the broker's system gave any.
        found.setdefault(user_id, _contact((name, phone, email), role or str(columns[wanted[place]].label)))
    return list(found.values())[:most]


@lru_cache(maxsize=256)
def _stock_sql(source: Source, keys: tuple[str, ...], how: str) -> Compiled:
    """Of each person named: id, name, telephone, e-mail address, his own word for what he does, the place of the key."""
    start = reach(source, how)
    some = (
        select(*(start.t.c[f"{key}_id"] for key in keys))
        .select_from(start.with_table())
        .where(*start.conditions)
        .limit(LOOKED_AT)
        .cte("some")
    )
    named = union_all(
        *(
            select(literal(place).label("place"), some.c[f"{key}_id"].label("id"))
            for place, key in enumerate(keys)
        )
    ).subquery("named")
    u = User.__table__.alias("u")
    told = (u.c.id, u.c.name, u.c.phone, u.c.email, u.c.role, named.c.place)
    return compiled(
        select(*told)
        .select_from(named.join(u, and_(u.c.tenant_id == TENANT, u.c.id == named.c.id)))
        .where(u.c.is_active)
        .group_by(*told)
        .order_by(named.c.place, func.count().desc(), u.c.name)
    )


def _contact(reached: tuple[str, str | None, str], role: str) -> Contact:
    name, phone, email = reached
    return Contact(initials_of(name), name, role, phone, email)
