"""Whether a person sees a record, and the whole chain of reasons.

The answer is the pages' own: the person as the portal lets him in, his areas, and the rows he reaches. The reasons are
asked one by one beside it, and explain it; all of them hold where the answer is yes, and one at least does not where it
is no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from app.administration.seen import personal
from app.administration.seen.people import Place
from app.administration.seen.records import Record
from app.reports.record import seen_ids
from permissions import Viewer
from permissions.arrival import viewer_of
from permissions.grants import Grant, grants_of
from tenants.reasons import Member, Reason, reasons_of
from tenants.rules import KINDS


@dataclass(frozen=True)
class Answer:
    place: Place
    person: Viewer | None
    """As the portal would let him in there; None if it would not."""
    grants: dict[str, Grant]
    sees: bool = True
    reasons: tuple[Reason, ...] = ()

    @property
    def missing(self) -> list[Reason]:
        return [reason for reason in self.reasons if not reason.is_met]


def about(connection: Connection, place: Place) -> Answer:
    """A person in one of his places, and no record in particular."""
    person = viewer_of(connection, place.user_id, place.membership_id)
    grants = grants_of(connection, place.profile_id) if place.profile_id else {}
    return Answer(place, person, grants)


def explain(connection: Connection, place: Place, record: Record) -> Answer:
    known = about(connection, place)
    person = known.person
    sees = person is not None and bool(seen_ids(connection, person, record.source, {record.id}))
    reasons = (*stock_reasons(connection, place, record, person), _area(place, known.grants, record))
    return Answer(place, person, known.grants, sees, reasons)


def stock_reasons(
    connection: Connection, place: Place, record: Record, person: Viewer | None
) -> list[Reason]:
    """Why somebody reaches a record, whatever his profile shows of it."""
    return [*entry(place), *_way(connection, place, person, record)]


def entry(place: Place) -> Iterable[Reason]:
    """Why the portal lets somebody in there."""
    if not place.is_active:
        yield Reason("active", False)
    if place.is_staff:
        return
    if place.membership_id is None:
        yield Reason("membership", False)
        return
    yield Reason("membership", place.is_running)
    if place.organization_starts_on or place.organization_ends_on:
        yield Reason("organization", place.is_organization_running)


def _way(connection: Connection, place: Place, person: Viewer | None, record: Record) -> Iterable[Reason]:
    """By which way the record is his; where there is none, the nearest."""
    if place.is_staff:
        way = personal.of_staff(connection, person, record) if person else []
    elif place.membership_id is None or place.organization_id is None:
        return []
    elif record.kind in KINDS:
        member = Member(place.membership_id, place.organization_id, place.is_narrowed)
        way = reasons_of(connection, member, record.kind, record.id)
    elif record.source.seen is not None:
        way = personal.of_case(connection, place, record)
    else:
        way = [Reason("staff_only", False)]
    if person is not None and not all(reason.is_met for reason in way):
        return personal.own(connection, person, record) or way
    return way


def _area(place: Place, grants: dict[str, Grant], record: Record) -> Reason:
    area = record.source.area
    grant = grants.get(area.subject)
    return Reason("area", grant is not None, {"area": area, "grant": grant})
