"""Everybody who sees a record, and who does not although his organization holds its policyholder.

The same query that decides for one viewer decides for all of them at once: what is bound there for one person is taken
from a row of people here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Connection,
    Integer,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.visitors import replacement_traverse

from app.administration.seen.fields import askable
from app.administration.seen.people import Place, places
from app.administration.seen.records import Record
from app.reports.columns import columns_of
from app.reports.reach import bound, manner, reach
from permissions import Viewer
from permissions.arrival import everybody

PEOPLE = (
    column("n", Integer),
    column("user", Uuid),
    column("scope", Uuid),
    column("tags", ARRAY(Text)),
    column("mandates", ARRAY(Uuid)),
)
"""Who looks, as `app.reports.reach.bound` names it; and which of the people it is."""

CONTRACTS = {
    "contract": "select %(record)s::uuid",
    "claim": "select contract_id from claims where tenant_id = %(tenant)s and id = %(record)s",
    "invoice": "select contract_id from invoices where tenant_id = %(tenant)s and id = %(record)s",
    "certificate": "select contract_id from certificates where tenant_id = %(tenant)s and id = %(record)s",
    "case": "select contract_id from cases where tenant_id = %(tenant)s and id = %(record)s",
    "document": "select contract_id from document_links where tenant_id = %(tenant)s and document_id = %(record)s",
    "object": "select contract_id from contract_objects where tenant_id = %(tenant)s and object_id = %(record)s",
}
NAMED = {
    "policyholder": "select %(record)s::uuid",
    "document": "select policyholder_id from document_links where tenant_id = %(tenant)s and document_id = %(record)s",
    **{
        kind: f"select policyholder_id from {kind}s where tenant_id = %(tenant)s and id = %(record)s"
        for kind in ("object", "claim", "invoice", "case")
    },
}
"""The contracts a record has to do with, and the policyholders it names itself."""

NEAR = """
    not u.is_staff and exists (
        select 1 from scopes s
          join visible_policyholders v on v.tenant_id = s.tenant_id and v.scope_id = s.id
         where s.tenant_id = u.tenant_id and s.organization_id = o.id and s.kind in ('own', 'tree')
           and v.policyholder_id in ({holders}))
    and u.id <> all(%(seeing)s)"""


@dataclass(frozen=True)
class Seeing:
    """Somebody who sees a record, and how many of its fields, of those that the asker has himself."""

    place: Place
    fields: int
    of: int


def seeing(connection: Connection, asker: Viewer, record: Record, seers: list[Viewer]) -> list[Seeing]:
    """Some of those who see a record, with what the asker may know of them."""
    viewers = {(one.user_id, one.membership_id): one for one in seers}
    known = askable(asker, record.source).keys()
    found = places(connection, asker, "u.id = any(%(users)s)", users=[user for user, _membership in viewers])
    return [
        Seeing(place, len(known & columns_of(record.source, one.rights).keys()), len(known))
        for place in found
        if (one := viewers.get((place.user_id, place.membership_id)))
    ]


def seers_of(connection: Connection, asker: Viewer, record: Record) -> list[Viewer]:
    """Who sees a record, of everybody that the asker may ask about: by name."""
    people = everybody(connection, None if asker.is_staff else asker.organization_id)
    admitted = [person for person in people if person.may(record.source.area)]
    by_manner: dict[str, list[tuple[int, Viewer]]] = defaultdict(list)
    for number, person in enumerate(admitted):
        by_manner[manner(person)].append((number, person))
    found = {n for how, some in by_manner.items() for n in _reaching(connection, record, how, some)}
    return [person for number, person in enumerate(admitted) if number in found]


def _reaching(
    connection: Connection, record: Record, how: str, some: list[tuple[int, Viewer]]
) -> Iterable[int]:
    rows = [
        {"n": number, **{name: _told(value) for name, value in bound(person).items() if name in ASKED}}
        for number, person in some
    ]
    people = (
        func.jsonb_to_recordset(bindparam("people", type_=JSONB))
        .table_valued(*PEOPLE)
        .render_derived("who", with_types=True)
    )
    start = reach(record.source, how)

    def of_row(element: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in ASKED:
            return people.c[element.key]
        return None

    reached = (
        select(literal(1))
        .select_from(start.start)
        .where(*start.conditions, start.id == bindparam("record", type_=Uuid()))
    )
    reached = replacement_traverse(reached, {}, of_row).correlate(people)  # type: ignore[call-overload]
    values = {"people": rows, "record": record.id, **bound(some[0][1])}
    return connection.scalars(select(people.c.n).where(exists(reached)), values)


ASKED = {one.name for one in PEOPLE} - {"n"}


def _told(value: Any) -> Any:
    """As JSON says it."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return None if value is None else str(value)


def near(
    connection: Connection, asker: Viewer, record: Record, seers: Iterable[Viewer], most: int
) -> list[Place]:
    """Members of organizations that hold its policyholder and who see the record in none of their organizations all
    the same."""
    if record.kind not in CONTRACTS | NAMED:
        return []
    holders = [NAMED[record.kind]] if record.kind in NAMED else []
    if record.kind in CONTRACTS:
        holders += [
            f"""select c.policyholder_id from contracts c
                 where c.tenant_id = %(tenant)s and c.id in ({CONTRACTS[record.kind]})""",
            f"""select co.policyholder_id from contract_policyholders co
                 where co.tenant_id = %(tenant)s and co.contract_id in ({CONTRACTS[record.kind]})""",
        ]
    which = NEAR.format(holders=" union ".join(holders))
    seen_by = [one.user_id for one in seers]
    return places(connection, asker, which, record=record.id, seeing=seen_by, most=most)
