"""Rows of the audit, newest first: of everything, of a record, of a person."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from app.reports.source import SOURCES
from tenants import current

Place = tuple[datetime.datetime, uuid.UUID]
"""Where in the order a row stands."""


@dataclass(frozen=True)
class Wanted:
    """Which rows; nothing is all of them."""

    people: Collection[uuid.UUID] | None = None
    """Who did it, or through whose eyes."""
    act: str | None = None
    record: str | None = None
    ids: Collection[uuid.UUID] | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None

    def conditions(self) -> dict[str, dict[str, Any]]:
        """Conditions besides the people, each with the values it takes."""
        found: dict[str, dict[str, Any]] = {}
        if self.act is not None:
            found["a.act = :act"] = {"act": self.act}
        if self.record is not None:
            found["a.record = :record"] = {"record": self.record}
        if self.ids is not None:
            found["a.record_id = any(:ids)"] = {"ids": [*self.ids]}
        if self.since is not None:
            found["a.at >= :since"] = {"since": self.since}
        if self.until is not None:
            found["a.at <= :until"] = {"until": self.until}
        return found


FOUND = """
    select a.id, a.at, a.actor_id, a.as_user_id, a.act, a.record, a.record_id, a.before, a.after
      from audit a where a.tenant_id = :tenant{conditions} order by a.at desc, a.id desc limit {limit}"""
# The rows are found and cut before anything is joined to them.
ROWS = """
    select a.*, s.number, s.hash, actor.name as actor, seen.name as as_user
      from (select * from ({found}) f order by f.at desc, f.id desc limit {limit}) a
      left join audit_seals s on s.tenant_id = :tenant and s.row_id = a.id
      left join users actor on actor.tenant_id = :tenant and actor.id = a.actor_id
      left join users seen on seen.tenant_id = :tenant and seen.id = a.as_user_id
     order by a.at desc, a.id desc"""
# Person by person and role by role the newest rows stand in an index, in their order; asked for all at once, the server
# would go through everybody's.
OF_EACH = "select f.* from unnest(cast(:people as uuid[])) p(id) cross join lateral ({found}) f"
ROLES = ("actor_id", "as_user_id")


def rows_of(connection: Connection, wanted: Wanted, limit: int, after: Place | None = None) -> list[Row[Any]]:
    """The newest rows, or those that come after a place."""
    conditions = wanted.conditions()
    if after is not None:
        conditions["(a.at, a.id) < (:after_at, :after_id)"] = {"after_at": after[0], "after_id": after[1]}
    values: dict[str, Any] = {"tenant": current.tenant_id(), "people": [*(wanted.people or ())]}
    for taken in conditions.values():
        values |= taken
    said = "".join(f" and {condition}" for condition in conditions)
    found = FOUND.format(conditions=said, limit=limit)
    if wanted.people is not None:
        of_roles = (FOUND.format(conditions=f"{said} and a.{one} = p.id", limit=limit) for one in ROLES)
        found = " union ".join(OF_EACH.format(found=one) for one in of_roles)
    return list(connection.execute(text(ROWS.format(found=found, limit=limit)), values))


def place_of(connection: Connection, row_id: uuid.UUID) -> Place | None:
    """Where a row stands; None for one there is not."""
    at = connection.execute(
        text("select at from audit where tenant_id = :tenant and id = :id"),
        {"tenant": current.tenant_id(), "id": row_id},
    ).scalar_one_or_none()
    return at and (at, row_id)


def is_of_stock(record: str) -> bool:
    """Whether a thing is a record of the stock, and none of the desk: the log knows those by key and id alone."""
    return record in SOURCES and not SOURCES[record].area.staff_only


def people_called(connection: Connection, typed: str) -> list[uuid.UUID]:
    """Who is meant by a part of a name, an address or an id; an id also means somebody who is no more."""
    try:
        return [uuid.UUID(typed)]
    except ValueError:
        pass
    found = connection.execute(
        text(
            """select id from users where tenant_id = :tenant
                  and (position(folded(:typed) in folded(name)) > 0 or position(lower(:typed) in email) > 0)"""
        ),
        {"tenant": current.tenant_id(), "typed": typed},
    )
    return list(found.scalars())


NAMES = """
    select 'organization' as record, o.id, o.key, o.name from organizations o where o.tenant_id = :tenant and {o}
    union all select 'user', u.id, u.email, u.name from users u where u.tenant_id = :tenant and {u}
    union all select 'profile', p.id, p.key, p.name from profiles p where p.tenant_id = :tenant and {p}
    union all select 'document_profile', d.id, d.key, d.name
                from document_profiles d where d.tenant_id = :tenant and {d}
    union all select 'report', r.id, null, r.name from saved_reports r where r.tenant_id = :tenant and {r}
    union all select 'token', t.id, null, t.name from api_tokens t where t.tenant_id = :tenant and {t}"""
BY_ID = NAMES.format(**{one: f"{one}.id = any(:ids)" for one in "oupdrt"})
CALLED = "(position(folded(:typed) in folded({one}.name)) > 0{or_key})"
BY_NAME = NAMES.format(
    **{one: CALLED.format(one=one, or_key=f" or lower({one}.key) = lower(:typed)") for one in "opd"},
    u=CALLED.format(one="u", or_key=" or position(lower(:typed) in u.email) > 0"),
    **{one: CALLED.format(one=one, or_key="") for one in "rt"},
)
MEMBERSHIPS = """
    select 'membership' as record, m.id, o.key, o.name || ' / ' || u.name as name
      from memberships m
      join organizations o on o.tenant_id = :tenant and o.id = m.organization_id
      join users u on u.tenant_id = :tenant and u.id = m.user_id
     where m.tenant_id = :tenant and {which}"""
SUBSCRIPTIONS = """
    select 'subscription' as record, s.id, null as key, r.name
      from report_subscriptions s join saved_reports r on r.tenant_id = :tenant and r.id = s.report_id
     where s.tenant_id = :tenant and {which}"""
ANNOUNCEMENTS = """
    select 'announcement' as record, a.id, null as key,
           (select w.value ->> 'title' from jsonb_each(a.words) w order by w.key limit 1) as name
      from announcements a where a.tenant_id = :tenant and {which}"""
REMOVED = """
    select distinct a.record_id from audit a
     where a.tenant_id = :tenant and a.act = any(:removals) and a.record_id is not null
       and (position(folded(:typed) in folded(a.before ->> 'name')) > 0
            or position(lower(:typed) in lower(a.before ->> 'key')) > 0)"""
REMOVALS = [
    *(f"{what}.removed" for what in ("organization", "membership", "user", "profile", "document_profile")),
    "report.delete", "token.revoke",
]  # fmt: skip


CLAIMS = """
    select 'claim' as record, c.id, c.key, coalesce(c.broker_number, c.number) as name
      from claims c where c.tenant_id = :tenant and {which} and coalesce(c.broker_number, c.number) is not null
    union all select 'claim_report', n.id, null, n.number
                from claim_reports n where n.tenant_id = :tenant and {report}"""


def names_of(connection: Connection, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What things are called now, of the kinds the broker's desk knows; claims and their reports by number."""
    if not ids:
        return {}
    query = " union all ".join(
        [
            BY_ID,
            *(one.format(which=f"{alias}.id = any(:ids)") for one, alias in PARTS),
            CLAIMS.format(which="c.id = any(:ids)", report="n.id = any(:ids)"),
        ],
    )
    found = connection.execute(text(query), {"tenant": current.tenant_id(), "ids": [*ids]})
    return {row.id: row.name for row in found}


PARTS = ((MEMBERSHIPS, "m"), (SUBSCRIPTIONS, "s"), (ANNOUNCEMENTS, "a"))


def things_called(connection: Connection, record: str | None, typed: str) -> list[uuid.UUID]:
    """What is meant by a key or a part of a name, things that were removed included. A membership goes by the
    names of its person and its organization, a record of the stock by its key alone, a claim by its number, too."""
    values: dict[str, Any] = {"tenant": current.tenant_id(), "typed": typed}
    if record is not None and is_of_stock(record):
        table = SOURCES[record].table
        number = " or broker_number = :typed or number = :typed" if record == "claim" else ""
        known = f"select id from {table.name} where tenant_id = :tenant and (key = :typed{number})"
        return list(connection.execute(text(known), values).scalars())
    of_person = CALLED.format(one="u", or_key=" or position(lower(:typed) in u.email) > 0")
    of_organization = CALLED.format(one="o", or_key=" or lower(o.key) = lower(:typed)")
    query = " union all ".join(
        [
            BY_NAME,
            MEMBERSHIPS.format(which=f"({of_person} or {of_organization})"),
            SUBSCRIPTIONS.format(which=CALLED.format(one="r", or_key="")),
            "select 'claim_report' as record, n.id, null as key, n.number as name"
            " from claim_reports n where n.tenant_id = :tenant and n.number = :typed",
            ANNOUNCEMENTS.format(which="position(folded(:typed) in folded(cast(a.words as text))) > 0"),
        ]
    )
    found = [row.id for row in connection.execute(text(query), values) if record in (None, row.record)]
    return [*found, *connection.execute(text(REMOVED), {**values, "removals": REMOVALS}).scalars()]
