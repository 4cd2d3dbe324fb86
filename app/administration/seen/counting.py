"""How many records of each kind somebody sees, of those that the asker sees himself."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Connection, func, literal, select
from sqlalchemy.sql.visitors import replacement_traverse

from app.reports.query import COUNTED_UP_TO
from app.reports.reach import bound, manner, reach, reachable_ids
from app.reports.source import Source, stored
from permissions import Viewer


def counts(connection: Connection, asker: Viewer, person: Viewer) -> list[tuple[Source, int]]:
    """By record type, for those whose area both have; counted up to one more than COUNTED_UP_TO."""
    return [
        (source, _count(connection, asker, person, source))
        for source in stored().values()
        if asker.may(source.area) and person.may(source.area)
    ]


def _count(connection: Connection, asker: Viewer, person: Viewer, source: Source) -> int:
    start = reach(source, manner(person))
    found = select(literal(1).label("one")).select_from(start.start).where(*start.conditions)
    if not asker.is_staff:
        theirs = _filled(reachable_ids(source, manner(asker), "asker"), bound(asker))
        found = found.where(start.id.in_(theirs))
    some = found.limit(COUNTED_UP_TO + 1).subquery("found")
    return connection.execute(select(func.count()).select_from(some), bound(person)).scalar_one()


def _filled(statement: Any, values: dict[str, Any]) -> Any:
    """With its parameters filled in, so that two people can be asked for in one query."""

    def filled(element: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in values:
            return literal(values[element.key], element.type)
        return None

    return replacement_traverse(statement, {}, filled)  # type: ignore[call-overload]
