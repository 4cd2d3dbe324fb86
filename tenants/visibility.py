"""Keeping the visible tables equal to their definition, in the transaction that changes stock or rules."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from tenants import current
from tenants.rules import KEYS, KINDS, LINKED, STAGES, definition

Ids = Iterable[uuid.UUID]
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
def _settle(scope_kind: str, kind: str, by: str) -> str:
    """Delete what the definition no longer holds, add what is new, return the records that moved.
    `by` says what it is limited to, `scopes` or `ids`."""
    keys = KEYS.get(kind, ())
    names = "".join(f", {key}" for key in keys)
    same = "".join(f" and v.{key} is not distinct from d.{key}" for key in keys)
    new = ", ".join(f"{key} = excluded.{key}" for key in keys)
    limit = "v.scope_id = any(%(scopes)s)" if by == "scopes" else f"v.{kind}_id = any(%(ids)s)"
    return f"""
    with defined as materialized ({definition(scope_kind, kind, by=by)}),
    gone as (
        delete from visible_{kind}s v
         using scopes s
         where v.tenant_id = %(tenant)s and {limit}
           and s.tenant_id = v.tenant_id and s.id = v.scope_id and s.kind = '{scope_kind}'
           and not exists (select 1 from defined d where d.scope_id = v.scope_id and d.id = v.{kind}_id)
        returning v.{kind}_id as id),
    come as (
        insert into visible_{kind}s (tenant_id, scope_id, {kind}_id{names})
        select %(tenant)s, d.* from defined d
         where not exists (
               select 1 from visible_{kind}s v
                where v.tenant_id = %(tenant)s and {limit} and v.scope_id = d.scope_id and v.{kind}_id = d.id{same})
        on conflict (tenant_id, scope_id, {kind}_id) do {f"update set {new}" if new else "nothing"}
        returning {kind}_id as id)
    select id from gone union select id from come"""


FOLLOWING = {
    "policyholder": """
        select 'contract', id from contracts where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
        union select 'contract', contract_id from contract_policyholders
               where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
        union select 'invoice', id from invoices
               where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s) and contract_id is null""",
    "contract": """
        select 'object', object_id from contract_objects where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
        union select 'claim', id from claims where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
        union select 'invoice', id from invoices where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
        union select 'certificate', id from certificates where tenant_id = %(tenant)s and contract_id = any(%(ids)s)
        union select 'policyholder', policyholder_id from contracts where tenant_id = %(tenant)s and id = any(%(ids)s)
        union select 'policyholder', policyholder_id from contract_policyholders
               where tenant_id = %(tenant)s and contract_id = any(%(ids)s)""",
    "object": """
        select 'contract', contract_id from contract_objects where tenant_id = %(tenant)s and object_id = any(%(ids)s)
        union select 'claim', id from claims where tenant_id = %(tenant)s and object_id = any(%(ids)s)""",
}
"""What else may appear or vanish when a record did: kind and id."""
FOLLOWING |= {
    kind: " union ".join(
        [
            *([FOLLOWING[kind]] if kind in FOLLOWING else ()),
            f"select 'document', document_id from document_links where tenant_id = %(tenant)s and {kind}_id = any(%(ids)s)",
        ]
    )
    for kind in LINKED
}

LINKED_TO = {
    # Its contracts pass narrowing by mandates, or fail, with the mandate of the policyholder.
    "policyholder": """
        select 'contract', id from contracts where tenant_id = %(tenant)s and policyholder_id = any(%(ids)s)
           and exists (select 1 from organization_mandates where tenant_id = %(tenant)s and part = 'narrowing')""",
    "contract": """
        select 'object', i.object_id
          from contract_objects i
          join visible_contracts v on v.tenant_id = i.tenant_id and v.contract_id = i.contract_id
         where i.tenant_id = %(tenant)s and i.contract_id = any(%(ids)s)
           and not exists (select 1 from visible_objects o
                            where o.tenant_id = i.tenant_id and o.scope_id = v.scope_id and o.object_id = i.object_id)
        union select 'policyholder', policyholder_id from contracts where tenant_id = %(tenant)s and id = any(%(ids)s)
        union select 'policyholder', policyholder_id from contract_policyholders
               where tenant_id = %(tenant)s and contract_id = any(%(ids)s)""",
    "object": """
        select 'contract', contract_id from contract_objects where tenant_id = %(tenant)s and object_id = any(%(ids)s)""",
}
"""What else may appear or vanish when a record changed, though it did neither itself: kind and id."""

PRESENT = """
    select unnest(array[
        case when exists (select 1 from scopes where tenant_id = %(tenant)s) then 'own' end,
        case when exists (select 1 from scope_parts where tenant_id = %(tenant)s) then 'tree' end,
        case when exists (select 1 from scopes where tenant_id = %(tenant)s and base_id is not null) then 'narrowed' end])"""


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
    tenant = {"tenant": current.tenant_id()}
    present = {kind for (kind,) in connection.exec_driver_sql(PRESENT, tenant)}
    if "own" not in present:
        return

    def name(query: str, ids: Ids) -> None:
        for other, record in connection.exec_driver_sql(query, {**tenant, "ids": list(ids)}):
            todo[other].add(record)

    for kind, ids in [(kind, list(todo[kind])) for kind in LINKED_TO if todo[kind]]:
        name(LINKED_TO[kind], ids)
    moved: dict[str, set[uuid.UUID]] = {kind: set() for kind in KINDS}
    for scope_kind, kind in STAGES:
        # A tree only unites: nothing moves in it that did not move below.
        ids = moved[kind] if scope_kind == "tree" else todo[kind]
        if scope_kind not in present or not ids:
            continue
        values = {**tenant, "today": today(), "ids": list(ids)}
        found = {row[0] for row in connection.exec_driver_sql(_settle(scope_kind, kind, "ids"), values)}
        new = found - moved[kind]
        moved[kind] |= new
        if new and kind in FOLLOWING:
            name(FOLLOWING[kind], new)


BUILT_ON = """
    with named as (select id, kind from scopes where tenant_id = %(tenant)s and id = any(%(scopes)s)),
    trees as (
        select id, kind from named
        union select t.id, t.kind from scope_parts p join scopes t on t.tenant_id = p.tenant_id and t.id = p.scope_id
               where p.tenant_id = %(tenant)s and p.part_id = any(%(scopes)s))
    select id, kind from trees
    union select n.id, n.kind from scopes n join trees t on t.id = n.base_id where n.tenant_id = %(tenant)s"""
"""The scopes named, the trees that unite them, and the narrowed scopes based on either."""


def rebuild(connection: Connection, scopes: Ids) -> None:
    """Settle visibility in full for these scopes and those built on them, after their rules changed."""
    lock(connection)
    values = {"tenant": current.tenant_id(), "today": today(), "scopes": list(scopes)}
    built: dict[str, list[uuid.UUID]] = {}
    for scope, scope_kind in connection.exec_driver_sql(BUILT_ON, values):
        built.setdefault(scope_kind, []).append(scope)
    for scope_kind, kind in STAGES:
        if scope_kind in built:
            values["scopes"] = built[scope_kind]
            connection.exec_driver_sql(_settle(scope_kind, kind, "scopes"), values)


def differences(connection: Connection) -> list[tuple[str, str, uuid.UUID, uuid.UUID, str]]:
    """Where a visible table and its definition disagree: scope kind, record kind, scope, record, which side has it.
    Always empty; the standing check."""
    values = {"tenant": current.tenant_id(), "today": today()}
    found = []
    for scope_kind, kind in STAGES:
        keys = "".join(f", v.{key}" for key in KEYS.get(kind, ()))
        stored = f"""select v.scope_id, v.{kind}_id as id{keys} from visible_{kind}s v
                       left join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
                      where v.tenant_id = %(tenant)s and coalesce(s.kind, 'own') = '{scope_kind}'"""
        defined = definition(scope_kind, kind)
        for side, left, right in (("stored only", stored, defined), ("defined only", defined, stored)):
            rows = connection.exec_driver_sql(f"({left}) except ({right})", values)
            found.extend((scope_kind, kind, row[0], row[1], side) for row in rows)
    return found
