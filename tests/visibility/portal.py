"""What the portal shows a person: he arrives with his cookie, and every record type is asked in its own words."""

from __future__ import annotations

from functools import cache
from unittest import mock

from sqlalchemy import Connection, literal_column, select, union_all
from sqlalchemy.dialects import postgresql

from app import factory
from app.reports import source
from app.reports.reach import bound, manner, reach
from permissions import arrival
from permissions.rights import NOTHING
from tests.visibility.reference import Seen, nothing
from tests.visibility.world import EVERY

if not source.SOURCES:
    source.fill(factory.SOURCES)


@cache
def everything(how: str) -> str:
    """One query for all record types, of a manner of looking, in one line."""
    rows = []
    for kind in EVERY:
        found = reach(source.SOURCES[kind], how, kind)
        rows.append(
            select(literal_column(f"'{kind}'"), found.id).select_from(found.start).where(*found.conditions)
        )
    sql = union_all(*rows).compile(dialect=postgresql.psycopg.dialect(paramstyle="pyformat"))
    return " ".join(str(sql).split())


def shown_to(connection: Connection, cookie: str) -> Seen:
    """The records a person reaches today. His profile decides about their fields, not about them."""
    seen = nothing(EVERY)
    with mock.patch.object(arrival, "rights_of", return_value=NOTHING):
        viewer = arrival.arrive(connection, cookie)
    if viewer is not None:
        for kind, record in connection.exec_driver_sql(everything(manner(viewer)), bound(viewer)):
            seen[kind].add(record)
    return seen
