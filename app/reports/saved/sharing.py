"""Whom a report is shared with, for whom an overview opens with it, and whose it is."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, text

from app.core.errors import NotFound, Unacceptable
from app.core.text import _l
from app.reports.saved.access import SHARE_REPORTS, is_manager
from app.reports.saved.actions import change, free_name, must_change
from app.reports.saved.models import ReportDefault, SavedReportPerson
from app.reports.saved.queries import Saved
from permissions import Viewer
from permissions.models import Profile
from permissions.noting import note
from tenants.models import Organization

MOST_PEOPLE = 50
LONGEST_LIST = 10_000
"""Characters of the addresses somebody types."""

REACHED = """
    select u.email, u.id from users u
     where u.tenant_id = :tenant and u.is_active and u.email = any(:addresses)
       and (:is_manager or :is_staff and u.is_staff or exists (
            select 1 from memberships m
             where m.tenant_id = u.tenant_id and m.user_id = u.id and m.organization_id = :organization
               and (m.starts_on is null or m.starts_on <= :today) and (m.ends_on is null or m.ends_on >= :today)))"""
"""Clients reach their colleagues, staff one another, and whoever manages the broker's reports everybody."""

SHARED = """
    select u.email from saved_report_people p
      join users u on u.tenant_id = p.tenant_id and u.id = p.user_id
     where p.tenant_id = :tenant and p.report_id = :report order by u.email"""


class Sharing(NamedTuple):
    """What the form of sharing says."""

    way: str
    people: frozenset[uuid.UUID] = frozenset()
    profile_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None


def ways(viewer: Viewer) -> list[str]:
    """How somebody may share."""
    if not viewer.may(SHARE_REPORTS):
        return ["private"]
    if is_manager(viewer):
        return ["private", "people", "organization", "profile", "all"]
    return ["private", "people", *(["organization"] if viewer.organization_id else [])]


def people_of(connection: Connection, viewer: Viewer, report: Saved) -> list[str]:
    """The addresses of those a report is shared with by name."""
    values = {"tenant": viewer.tenant_id, "report": report.id}
    return list(connection.execute(text(SHARED), values).scalars())


def named(connection: Connection, table: type[Profile] | type[Organization], viewer: Viewer) -> list[Any]:
    """The broker's profiles or organizations to choose from: id and name."""
    found = (
        select(table.id, table.name).where(table.tenant_id == viewer.tenant_id).order_by(table.name, table.id)
    )
    return list(connection.execute(found).all())


def addresses_in(typed: str) -> list[str]:
    """The addresses in what somebody typed, whatever stands between them."""
    return list(dict.fromkeys(one.lower() for one in re.split(r"[\s,;]+", typed[:LONGEST_LIST]) if one))


def reached(connection: Connection, viewer: Viewer, addresses: Collection[str]) -> dict[str, uuid.UUID]:
    """Those of the portal's people behind these addresses whom somebody may give a report to."""
    values = {
        "tenant": viewer.tenant_id,
        "addresses": list(addresses),
        "is_manager": is_manager(viewer),
        "is_staff": viewer.is_staff,
        "organization": viewer.organization_id,
        "today": viewer.today,
    }
    return dict(connection.execute(text(REACHED), values).all())  # type: ignore[arg-type]


def asked(connection: Connection, viewer: Viewer, form: Mapping[str, str]) -> Sharing:
    """What the form asks for; Unacceptable with the field that cannot be."""
    way = form.get("sharing", "")
    if way not in ways(viewer):
        raise Unacceptable({"sharing": _l("Choose whom to share with.")})
    if way == "people":
        return Sharing(way, people=_people(connection, viewer, form.get("people", "")))
    if way == "profile":
        return Sharing(way, profile_id=_one_of(connection, viewer, Profile, "profile", form))
    if way == "organization":
        if not is_manager(viewer):
            return Sharing(way, organization_id=viewer.organization_id)
        return Sharing(way, organization_id=_one_of(connection, viewer, Organization, "organization", form))
    return Sharing(way)


def _people(connection: Connection, viewer: Viewer, typed: str) -> frozenset[uuid.UUID]:
    addresses = addresses_in(typed)
    if not addresses:
        raise Unacceptable({"people": _l("Enter an email address.")})
    if len(addresses) > MOST_PEOPLE:
        raise Unacceptable({"people": _l("Share with at most {n} people by name.", n=MOST_PEOPLE)})
    found = reached(connection, viewer, addresses)
    for address in addresses:
        if address not in found:
            raise Unacceptable({"people": nobody_at(address)})
    return frozenset(found.values())


def nobody_at(address: str) -> Any:
    return _l(
        "There is nobody with the address {address} to whom you can give a report.", address=address[:254]
    )


def _one_of(
    connection: Connection, viewer: Viewer, table: Any, field: str, form: Mapping[str, str]
) -> uuid.UUID:
    known = {str(one.id): one.id for one in named(connection, table, viewer)}
    if form.get(field) not in known:
        raise Unacceptable({field: _l("Choose one.")})
    return known[form[field]]


def share(connection: Connection, viewer: Viewer, report: Saved, sharing: Sharing) -> None:
    """Share a report with these and nobody else from now on."""
    must_change(viewer, report)
    here = (SavedReportPerson.tenant_id == viewer.tenant_id, SavedReportPerson.report_id == report.id)
    connection.execute(delete(SavedReportPerson).where(*here))
    if sharing.people:
        row = {"tenant_id": viewer.tenant_id, "report_id": report.id}
        connection.execute(insert(SavedReportPerson), [{**row, "user_id": one} for one in sharing.people])
    values = {
        "sharing": sharing.way,
        "profile_id": sharing.profile_id,
        "organization_id": sharing.organization_id,
    }
    change(connection, viewer, report, "report.share", values, people=sorted(map(str, sharing.people)))


def hand_over(connection: Connection, viewer: Viewer, report: Saved, typed: str) -> None:
    """Make somebody else its owner."""
    must_change(viewer, report)
    address = " ".join(typed.split()).lower()
    owner = reached(connection, viewer, [address]).get(address)
    if owner is None:
        raise Unacceptable({"owner": nobody_at(address) if address else _l("Enter an email address.")})
    if owner == report.owner_id:
        raise Unacceptable({"owner": _l("The report already belongs to this person.")})
    try:
        free_name(connection, viewer, owner, report.source, report.name)
    except Unacceptable:
        raise Unacceptable(
            {"owner": _l("This person already has a report of this name. Rename yours first.")}
        ) from None
    change(connection, viewer, report, "report.hand_over", {"owner_id": owner})


def profiles_opening(connection: Connection, viewer: Viewer, report: Saved) -> set[uuid.UUID]:
    """The profiles whose overview opens with this report."""
    found = select(ReportDefault.profile_id).where(
        ReportDefault.tenant_id == viewer.tenant_id,
        ReportDefault.report_id == report.id,
        ReportDefault.profile_id.is_not(None),
    )
    return set(connection.execute(found).scalars())  # type: ignore[arg-type]


def open_for(connection: Connection, viewer: Viewer, report: Saved, wanted: Collection[str]) -> None:
    """Let the overview open with this report for everybody of these profiles who may open it, and no others."""
    if not is_manager(viewer):
        raise NotFound
    known = {str(one.id): one.id for one in named(connection, Profile, viewer)}
    if not set(wanted) <= set(known):
        raise Unacceptable({"profiles": _l("Choose one.")})
    chosen = {known[one] for one in wanted}
    before = profiles_opening(connection, viewer, report)
    connection.execute(
        delete(ReportDefault).where(
            ReportDefault.tenant_id == viewer.tenant_id,
            ReportDefault.source == report.source.record,
            ReportDefault.profile_id.in_(before | chosen),
        )
    )
    row = {"tenant_id": viewer.tenant_id, "source": report.source.record, "report_id": report.id}
    if chosen:
        connection.execute(insert(ReportDefault), [{**row, "profile_id": one} for one in chosen])
    note(
        connection,
        viewer,
        "report.default",
        "report",
        report.id,
        before={"profiles": sorted(map(str, before))},
        after={"profiles": sorted(map(str, chosen))},
    )
