"""Keeping the visible tables equal to their definition, in the transaction that changes stock or rules."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.core.db import chunks
from tenants import current
from tenants.rules import KEYS, KINDS, LINKED, STAGES, definition

Ids = Iterable[uuid.UUID]
AT_ONCE = 250
"""How many records one statement of `follow` settles."""
BERLIN = ZoneInfo("Europe/Berlin")


def today() -> datetime.date:
    """The broker's day. Access that ends on a day lasts until its midnight there."""
    return datetime.datetime.now(BERLIN).date()


def lock(connection: Connection) -> None:
    """Let one transaction at a time settle visibility for a tenant. Whoever comes later sees what the
    earlier one committed, so no change of stock can slip past a change of rules."""
    connection.exec_driver_sql(
        "select pg_advisory_xact_lock(hashtextextended(%(tenant)s, 7))", {"tenant": str(current.tenant_id())}
    )


@cache
def settle_statement(scope_kind: str, kind: str, by: str) -> str:
    """Delete what the definition no longer holds, add what is new, return the records that moved.
    `by` says what it is limited to: `ids`, or `scopes`, and then only their number is returned."""
    keys = KEYS.get(kind, ())
    names = "".join(f", {key}" for key in keys)
    new = ", ".join(f"{key} = excluded.{key}" for key in keys)
    limit = "scope_id = any(%(scopes)s)" if by == "scopes" else f"{kind}_id = any(%(ids)s)"
    # Fenced, so that a few records are not looked for in one scope after another.
    fence = "offset 0" if by == "ids" else ""
    return f"""
    with defined as materialized ({definition(scope_kind, kind, by=by)}),
    stored as materialized (
        select v.scope_id, v.{kind}_id as id{names}
          from (select * from visible_{kind}s where tenant_id = %(tenant)s and {limit} {fence}) v
          join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id and s.kind = '{scope_kind}'),
    gone as (
        delete from visible_{kind}s v
         using (select scope_id, id from stored except select scope_id, id from defined) x
         where v.tenant_id = %(tenant)s and v.scope_id = x.scope_id and v.{kind}_id = x.id
        returning x.id),
    come as (
        insert into visible_{kind}s (tenant_id, scope_id, {kind}_id{names})
        select %(tenant)s, x.* from (select * from defined except select * from stored) x
        on conflict (tenant_id, scope_id, {kind}_id) do {f"update set {new}" if new else "nothing"}
        returning {kind}_id as id)
    select {"count(*)" if by == "scopes" else "id"} from (select id from gone union select id from come) x"""


DOCUMENTS = "select 'document', document_id from document_links where tenant_id = %(tenant)s and {kind}_id = any(%(ids)s)"
FOLLOWING = {kind: DOCUMENTS.format(kind=kind) for kind in LINKED}
FOLLOWING["policyholder"] += """
    union select 'contract', id from contracts where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
    union select 'contract', contract_id from contract_policyholders
           where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
    union select 'invoice', id from invoices
           where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s) and contract_id is null"""
FOLLOWING["contract"] += """
    union select 'object', object_id from contract_objects where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
    union select 'claim', id from claims where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
    union select 'invoice', id from invoices where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
    union select 'certificate', id from certificates where tenant_id = %(tenant)s and contract_id = any(%(ids)s)"""
FOLLOWING["object"] += """
    union select 'claim', id from claims where tenant_id = %(tenant)s and object_id = any(%(ids)s)"""
"""What else may appear or vanish in a scope when a record did: kind and id."""

CONTRACTS_OF_OBJECTS = """
    select 'contract', contract_id from contract_objects where tenant_id = %(tenant)s and object_id = any(%(ids)s)"""
FOLLOWING_NARROWED = {
    "object": CONTRACTS_OF_OBJECTS,
    "contract": """
        select 'policyholder', policyholder_id from contracts where tenant_id = %(tenant)s and id = any(%(ids)s)
        union select 'policyholder', policyholder_id from contract_policyholders
               where tenant_id = %(tenant)s and contract_id = any(%(ids)s)""",
}
"""What more may appear or vanish in a narrowed scope."""

LINKED_TO = {
    # Its contracts pass a narrowing by mandates, or fail, with the mandate of the policyholder.
    "policyholder": """
        select 'contract', id from contracts where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
           and exists (select 1 from organization_mandates where tenant_id = %(tenant)s and part = 'narrowing')""",
    "object": CONTRACTS_OF_OBJECTS,
    # A link that is there can only make visible, so what is seen already needs no second look.
    "contract": """
        select 'object', i.object_id
          from contract_objects i
          join visible_contracts v on v.tenant_id = i.tenant_id and v.contract_id = i.contract_id
         where i.tenant_id = %(tenant)s and i.contract_id = any(%(ids)s)
           and not exists (select 1 from visible_objects o
                            where o.tenant_id = i.tenant_id and o.scope_id = v.scope_id and o.object_id = i.object_id)
        union
        select 'policyholder', h.policyholder_id
          from (select id, policyholder_id from contracts where tenant_id = %(tenant)s and id = any(%(ids)s)
                union all
                select contract_id, policyholder_id from contract_policyholders
                 where tenant_id = %(tenant)s and contract_id = any(%(ids)s)) h
          join visible_contracts v on v.tenant_id = %(tenant)s and v.contract_id = h.id
          join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id and s.kind = 'narrowed'
         where not exists (select 1 from visible_policyholders o
                            where o.tenant_id = v.tenant_id and o.scope_id = v.scope_id
                              and o.policyholder_id = h.policyholder_id)""",
}
"""What else may appear or vanish when a record changed, though it did neither itself: kind and id."""

PLAN = "set_config('plan_cache_mode', '{0}', true), set_config('join_collapse_limit', '{1}', true)"
"""How plans are made from here on. An error needs no care: it takes the choice back."""
PLANNED = "current_setting('plan_cache_mode'), current_setting('join_collapse_limit')"
"""How they were made until now; the columns of a select are taken from the left."""
PRESENT = f"""
    select {PLANNED}, {PLAN.format("force_generic_plan", 1)}, array[
        case when exists (select 1 from scopes where tenant_id = %(tenant)s) then 'own' end,
        case when exists (select 1 from scope_parts where tenant_id = %(tenant)s) then 'tree' end,
        case when exists (select 1 from scopes where tenant_id = %(tenant)s and base_id is not null) then 'narrowed' end]"""
"""The same, and which kinds of scope there are, in one message."""


def take_statistics(connection: Connection, tables: Iterable[str]) -> None:
    """Tell the planner of rows that this transaction wrote by the thousand. Until it knows them it takes them for
    a handful, and an import would spend minutes on loops; the server itself looks only after the commit."""
    connection.exec_driver_sql("select take_statistics(%(tables)s)", {"tables": list(tables)})


def follow(connection: Connection, changed: Mapping[str, Ids]) -> None:
    """Settle visibility after stock changed: once, at the end of the transaction that changed it.

    `changed` maps a kind of record to the ids that were made, removed, or altered in a field or link that a rule
    reads. What they are linked to now is found; what they no longer are linked to must be named as well: the
    policyholders and objects a contract lost, the contracts an object lost, and everything a removed record was
    linked to, documents included.
    """
    todo: dict[str, set[uuid.UUID]] = {kind: set(changed.get(kind, ())) for kind in KINDS}
    if not any(todo.values()):
        return
    lock(connection)
    # Plans for a few records cost more to make than to run, and always start from the records: the definitions are
    # written in that order, and kept in it here. A plan made for many would be guessed from statistics that lag
    # behind a bulk change, so many are taken a few at a time.
    *planned, _, _, present = connection.exec_driver_sql(PRESENT, {"tenant": current.tenant_id()}).one()
    if "own" in present:
        _follow(connection, todo, present)
    connection.exec_driver_sql("select " + PLAN.format(*planned))


def _follow(connection: Connection, todo: dict[str, set[uuid.UUID]], present: Collection[str]) -> None:
    tenant, day = {"tenant": current.tenant_id()}, today()

    def run(query: str, ids: set[uuid.UUID]) -> list[Any]:
        return [
            row
            for some in chunks(ids, AT_ONCE)
            for row in connection.exec_driver_sql(query, {**tenant, "today": day, "ids": some})
        ]

    def name(query: str | None, ids: set[uuid.UUID]) -> None:
        if query and ids:
            for other, record in run(query, ids):
                todo[other].add(record)

    for kind, ids in [(kind, set(todo[kind])) for kind in LINKED_TO]:
        name(LINKED_TO[kind], ids)
    moved: dict[str, set[uuid.UUID]] = {kind: set() for kind in KINDS}
    for scope_kind, kind in STAGES:
        # A tree only unites: nothing moves in it that did not move below.
        ids = moved[kind] if scope_kind == "tree" else todo[kind]
        if scope_kind not in present or not ids:
            continue
        found = {row[0] for row in run(settle_statement(scope_kind, kind, "ids"), ids)}
        name(FOLLOWING.get(kind), found - moved[kind])
        if scope_kind == "narrowed":
            name(FOLLOWING_NARROWED.get(kind), found)
        moved[kind] |= found


def differences(connection: Connection) -> list[tuple[str, str, uuid.UUID, uuid.UUID, str]]:
    """Where a visible table and its definition disagree: scope kind, record kind, scope, record, which side has it.
    Always empty; the standing check. What a scope has not come to see yet is no difference: `tenants.rebuilding`."""
    values = {"tenant": current.tenant_id(), "today": today()}
    found: list[tuple[str, str, uuid.UUID, uuid.UUID, str]] = []
    for scope_kind, kind in STAGES:
        keys = "".join(f", v.{key}" for key in KEYS.get(kind, ()))
        query = f"""
            with defined as ({definition(scope_kind, kind)}),
            stored as (
                select v.scope_id, v.{kind}_id as id{keys} from visible_{kind}s v
                  left join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
                 where v.tenant_id = %(tenant)s and coalesce(s.kind, 'own') = '{scope_kind}')
            select scope_id, id, 'stored only' from (select * from stored except select * from defined) x
            union all
            select scope_id, id, 'defined only' from (select * from defined except select * from stored) x
             where not exists (select 1 from scopes w
                                where w.tenant_id = %(tenant)s and w.id = x.scope_id and w.widening is not null)"""
        found.extend((scope_kind, kind, *row) for row in connection.exec_driver_sql(query, values))
    return found
