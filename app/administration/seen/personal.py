"""What follows a person rather than the rules of his organization: his own records, his cases, and what staff see."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from app.administration.seen.people import Place
from app.administration.seen.records import Record
from app.cases.source import PRIVATE
from app.reports.reach import bound
from app.reports.source import Condition
from permissions import Viewer
from tenants import current, visibility
from tenants.reasons import Reason
from tenants.rules import RUNS

CASE = f"""
    select k.is_confidential, k.owner_id, {PRIVATE.format(case="k")} as is_private,
           k.owner_id = %(user)s or exists (
               select 1 from case_participants c
                where c.tenant_id = k.tenant_id and c.case_id = k.id and c.user_id = %(user)s) as takes_part,
           (select o.id from memberships mine
              join memberships theirs
                on theirs.tenant_id = mine.tenant_id and theirs.organization_id = mine.organization_id
               and theirs.user_id = k.owner_id and {RUNS.format("theirs")}
              join organizations o
                on o.tenant_id = mine.tenant_id and o.id = mine.organization_id and o.case_sharing
               and {RUNS.format("o")}
             where not exists (select 1 from tenants t where t.tenant_id = k.tenant_id and not t.case_sharing_allowed)
               and mine.tenant_id = k.tenant_id and mine.user_id = %(user)s and {RUNS.format("mine")}
             order by mine.organization_id = %(organization)s desc limit 1) as sharing
      from cases k
     where k.tenant_id = %(tenant)s
       and k.id = coalesce((select m.of_case_id from messages m where m.tenant_id = %(tenant)s and m.id = %(record)s),
                           %(record)s)"""
"""A message is seen as its case is."""


def is_so(connection: Connection, person: Viewer, record: Record, condition: Condition) -> bool:
    """Whether one of the conditions that its source declares holds for a record and a person."""
    t = record.source.table.alias("t")
    asked = select(t.c.id).where(
        t.c.tenant_id == person.tenant_id,
        t.c.id == bindparam("record", type_=t.c.id.type),
        condition(t),
    )
    return connection.execute(asked, {**bound(person), "record": record.id}).first() is not None


def of_staff(connection: Connection, person: Viewer, record: Record) -> list[Reason]:
    if not person.mandate_ids:
        return [Reason("staff", True)]
    facts = {"mandates": list(person.mandate_ids)}
    return [Reason("limited_staff", is_so(connection, person, record, record.source.mandated), facts)]


def own(connection: Connection, person: Viewer, record: Record) -> list[Reason]:
    """Why he sees a record whatever his organization does; nothing where it is not his."""
    source = record.source
    if source.mine is not None and is_so(
        connection, person, record, lambda t: t.c[source.mine] == person.user_id
    ):
        return [Reason("mine", True, {"kind": record.kind})]
    if source.extra is not None and not person.is_staff and is_so(connection, person, record, source.extra):
        return [Reason("on_own_claim", True)]
    return []


def of_case(connection: Connection, place: Place, record: Record) -> list[Reason]:
    given = {
        "tenant": current.tenant_id(),
        "today": visibility.today(),
        "user": place.user_id,
        "organization": place.organization_id,
        "record": record.id,
    }
    found = connection.exec_driver_sql(CASE, given).one()
    if found.takes_part:
        return [Reason("takes_part", True, {"is_owner": found.owner_id == place.user_id})]
    shared = Reason("case_shared", found.sharing is not None, {"organization": found.sharing})
    if not (found.is_confidential or found.is_private):
        return [shared]
    # By one name: that somebody has a private portal is nobody's business but the broker's.
    return [shared, Reason("confidential", False, {"is_private": found.is_private})]
