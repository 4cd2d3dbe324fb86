"""What the page of an organization shows and offers: its settings, and what its policyholders have to choose from."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from app.administration.config.state import Item, read_organization
from app.core.errors import NotFound
from app.core.text import folded
from tenants import current, visibility
from tenants.models import STATE_BOXES
from tenants.rules import OWN_STAGES, STATE_BOXES_MATCH

Choice = tuple[str, str, int]
"""A word of the configuration document, what it is called, and how many records it stands for."""

CONTRACTS = """
    select c.* from contracts c
     where c.tenant_id = :tenant and c.id in (
           select held.id from contracts held
             join visible_policyholders v
               on v.tenant_id = :tenant and v.scope_id = :id and v.policyholder_id = held.policyholder_id
            where held.tenant_id = :tenant
           union
           select co.contract_id from contract_policyholders co
             join visible_policyholders v
               on v.tenant_id = :tenant and v.scope_id = :id and v.policyholder_id = co.policyholder_id
            where co.tenant_id = :tenant)"""
"""The contracts its policyholders hold or co-hold, whatever their state."""

HEAD = """
    select o.id, o.key, o.name, o.logo, o.starts_on, o.ends_on, o.changed_at,
           (select own.widening from scopes own where own.tenant_id = :tenant and own.id = o.id) as widening,
           (select count(*) from scope_parts x
             where x.tenant_id = :tenant and x.scope_id = t.id and x.part_id <> o.id) as below,
           (select count(*) from memberships m where m.tenant_id = :tenant and m.organization_id = o.id
               and (m.ends_on is null or m.ends_on >= :today)) as members
      from organizations o
      left join scopes t on t.tenant_id = :tenant and t.organization_id = o.id and t.kind = 'tree'
     where o.tenant_id = :tenant and o.id = :id"""

ARRIVED_IN = """
    (select coalesce((select t.id from scopes t
                       where t.tenant_id = :tenant and t.organization_id = :id and t.kind = 'tree'), :id) as id) s"""
"""The scope its members see: with that of those below it."""

SEEN = f"""
    select (select count(*) from visible_policyholders v where v.tenant_id = :tenant and v.scope_id = :id) as policyholders,
           (select count(*) from visible_contracts v where v.tenant_id = :tenant and v.scope_id = s.id) as contracts,
           (select count(*) from visible_objects v where v.tenant_id = :tenant and v.scope_id = s.id) as objects,
           (select count(*) from visible_claims v where v.tenant_id = :tenant and v.scope_id = s.id) as claims
      from {ARRIVED_IN}"""

IS_LARGE = f"""
    select count(*) > :most from (
        select 1 from visible_contracts v, {ARRIVED_IN} where v.tenant_id = :tenant and v.scope_id = s.id
         limit :most + 1) x"""

STOCK = f"""
    select c.line_of_business, c.contract_type, c.number,
           array(select o.states[1] from (select array[b] as states from unnest(cast(:boxes as text[])) b) o
                  where {STATE_BOXES_MATCH}) as boxes
      from (select status, line_of_business, contract_type, count(*) as number, min(quote_on) as quote_on,
                   min(application_on) as application_on, min(document_on) as document_on
              from ({CONTRACTS}) each_one
             group by status, line_of_business, contract_type, quote_on is null, application_on is null,
                      document_on is null) c"""
"""They, in groups of which each is the same to every rule: of its dates a rule asks only whether there is one."""

CLAIM_TYPES = f"""
    select l.claim_type, count(*) from claims l join ({CONTRACTS}) c on c.id = l.contract_id
     where l.tenant_id = :tenant and l.claim_type is not null group by 1"""

MANDATES = """
    select m.key, m.name, count(v.policyholder_id), count(p.id)
      from mandates m
      left join policyholders p on p.tenant_id = :tenant and p.mandate_id = m.id
      left join visible_policyholders v on v.tenant_id = :tenant and v.scope_id = :id and v.policyholder_id = p.id
     where m.tenant_id = :tenant group by m.key, m.name order by m.name, m.key"""

TAKEN_WHOLE = """
    select p.{column}, count(*) from policyholders p
     where p.tenant_id = :tenant and p.{column} <> '' group by 1
     order by p.{column} = any(:chosen) desc, 1 limit :most"""

PARENTS = """
    with recursive below as (
        select o.id from organizations o where o.tenant_id = :tenant and o.id = :id
        union select o.id from below b join organizations o on o.tenant_id = :tenant and o.parent_id = b.id)
    select o.key, o.name from organizations o
     where o.tenant_id = :tenant and o.id not in (select id from below) order by o.name, o.key"""

MEMBERS = """
    select m.id, u.id as user_id, u.name, u.email, u.is_active, p.name as profile, m.is_main, m.objects, m.ends_on
      from memberships m
      join users u on u.tenant_id = :tenant and u.id = m.user_id
      join profiles p on p.tenant_id = :tenant and p.id = m.profile_id
     where m.tenant_id = :tenant and m.organization_id = :id
     order by folded(u.name), m.id limit :most"""

TOLD_AT_ONCE = 20_000
"""Contracts of an organization up to which each tick tells its effect; of larger ones only when asked, since telling it
holds the broker's lock for seconds."""
MOST_LISTED = 200
"""Corporate groups and intermediaries to choose from, and members told on the page."""


@dataclass(frozen=True)
class Settings:
    """An organization at the desk."""

    head: Any
    item: Item
    """Its settings in the words of the configuration document."""
    today: datetime.date

    @property
    def is_widening(self) -> bool:
        """Whether a job still brings into sight what its rules allow."""
        return self.head.widening is not None and self.head.widening < OWN_STAGES

    @property
    def state(self) -> str:
        if self.head.ends_on and self.head.ends_on < self.today:
            return "ended"
        return "planned" if self.head.starts_on and self.head.starts_on > self.today else "active"


def settings_of(connection: Connection, organization_id: uuid.UUID) -> Settings:
    """NotFound where the broker has no such organization."""
    today = visibility.today()
    head = _rows(connection, HEAD, id=organization_id, today=today).one_or_none()
    if head is None:
        raise NotFound
    return Settings(head, read_organization(connection, head.key), today)


def seen_by(connection: Connection, organization_id: uuid.UUID) -> Any:
    """How much its members see: `contracts`, `objects`, `claims`, with those of organizations below it; and how many
    `policyholders` are its own."""
    return _rows(connection, SEEN, id=organization_id).one()


def is_told_at_once(connection: Connection, organization_id: uuid.UUID) -> bool:
    """Whether the effect of a change is told with each tick."""
    return not _rows(connection, IS_LARGE, id=organization_id, most=TOLD_AT_ONCE).scalar_one()


@dataclass(frozen=True)
class Stock:
    """How many contracts of its policyholders there are, narrowed by nothing: by state box, by line, by type; and
    claims on them by type."""

    boxes: Counter[str]
    lines: Counter[str]
    contract_types: Counter[str]
    claim_types: Counter[str]


def stock_of(connection: Connection, organization_id: uuid.UUID) -> Stock:
    found = Stock(Counter(), Counter(), Counter(), Counter())
    for row in _rows(connection, STOCK, id=organization_id, boxes=list(STATE_BOXES)):
        found.boxes.update(dict.fromkeys(row.boxes, row.number))
        if row.line_of_business is not None:
            found.lines[row.line_of_business] += row.number
        if row.contract_type is not None:
            found.contract_types[row.contract_type] += row.number
    found.claim_types.update(dict(map(tuple, _rows(connection, CLAIM_TYPES, id=organization_id))))  # type: ignore[arg-type]
    return found


def mandates(connection: Connection, organization_id: uuid.UUID) -> tuple[list[Choice], list[Choice]]:
    """With the policyholders that the organization has of each, and with all that each has."""
    found = _rows(connection, MANDATES, id=organization_id).all()
    return (
        [(key, name, own) for key, name, own, _whole in found],
        [(key, name, whole) for key, name, _own, whole in found],
    )


def corporate_groups(connection: Connection, chosen: list[str]) -> list[Choice]:
    return _taken_whole(connection, "corporate_group", chosen)


def intermediaries(connection: Connection, chosen: list[str]) -> list[Choice]:
    return _taken_whole(connection, "intermediary", chosen)


def _taken_whole(connection: Connection, column: str, chosen: list[str]) -> list[Choice]:
    """By their names; those that are chosen are among them, whoever they have still."""
    query = TAKEN_WHOLE.format(column=column)
    found = {row[0]: row[1] for row in _rows(connection, query, chosen=chosen, most=MOST_LISTED)}
    return [(name, name, found.get(name, 0)) for name in sorted({*found, *chosen}, key=folded)]


def possible_parents(connection: Connection, organization_id: uuid.UUID) -> list[tuple[str, str]]:
    """Organizations that may stand above this one: not itself, nor what stands below it."""
    return [(row.key, row.name) for row in _rows(connection, PARENTS, id=organization_id)]


def document_profiles(connection: Connection) -> list[tuple[str, str]]:
    """With their tags, by which they are recognized, where those say more than the name."""
    query = "select key, name, tags from document_profiles where tenant_id = :tenant order by name, key"
    return [
        (row.key, f"{row.name} ({', '.join(sorted(row.tags))})" if set(row.tags) - {row.name} else row.name)
        for row in _rows(connection, query)
    ]


def members(connection: Connection, organization_id: uuid.UUID) -> list[Row[Any]]:
    return list(_rows(connection, MEMBERS, id=organization_id, most=MOST_LISTED))


def _rows(connection: Connection, query: str, **values: Any) -> Any:
    return connection.execute(text(query), {"tenant": current.tenant_id(), **values})
