"""Which scopes there are: made from organizations, their tree, and the memberships narrowed to objects."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection

from tenants import current, rebuilding, visibility
from tenants.rules import KINDS, RUNS

TREE_ID = "md5('tree ' || o.id)::uuid"
"""A tree scope's id follows from its organization, so that making it twice makes it once. An own scope has its
organization's id, a narrowed one its membership's."""

HAS_CHILDREN = "exists (select 1 from organizations c where c.tenant_id = o.tenant_id and c.parent_id = o.id)"

MAKE = (
    # Every organization is a scope of its own; one with children gets another that unites them.
    """insert into scopes (tenant_id, id, kind, organization_id)
       select o.tenant_id, o.id, 'own', o.id from organizations o where o.tenant_id = %(tenant)s
       on conflict do nothing returning id""",
    f"""insert into scopes (tenant_id, id, kind, organization_id)
       select o.tenant_id, {TREE_ID}, 'tree', o.id from organizations o where o.tenant_id = %(tenant)s and {HAS_CHILDREN}
       on conflict do nothing returning id""",
    f"""insert into scopes as s (tenant_id, id, kind, organization_id, membership_id, base_id)
       select m.tenant_id, m.id, 'narrowed', o.id, m.id, case when {HAS_CHILDREN} then {TREE_ID} else o.id end
         from memberships m
         join organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id
        where m.tenant_id = %(tenant)s and m.objects = 'selected'
       on conflict (tenant_id, id) do update set base_id = excluded.base_id, organization_id = excluded.organization_id
          where s.base_id <> excluded.base_id
       returning s.id""",
    # A tree scope that goes takes nothing with it: what was based on it has just moved to the own scope.
    f"""delete from scopes s using organizations o
        where s.tenant_id = %(tenant)s and o.tenant_id = s.tenant_id and o.id = s.organization_id
          and s.kind = 'tree' and not {HAS_CHILDREN}
       returning s.id""",
    """delete from scopes s using memberships m
        where s.tenant_id = %(tenant)s and m.tenant_id = s.tenant_id and m.id = s.membership_id
          and s.kind = 'narrowed' and m.objects = 'all'
       returning s.id""",
    f"""
    with recursive united as (
        select o.id as top_id, o.id from organizations o where o.tenant_id = %(tenant)s and {HAS_CHILDREN}
        union
        select u.top_id, c.id from united u
          join organizations c on c.tenant_id = %(tenant)s and c.parent_id = u.id
         where {RUNS.format("c")}),
    wanted as (
        select s.id as scope_id, u.id as part_id
          from scopes s join united u on u.top_id = s.organization_id
         where s.tenant_id = %(tenant)s and s.kind = 'tree'),
    gone as (
        delete from scope_parts p where p.tenant_id = %(tenant)s
           and not exists (select 1 from wanted w where w.scope_id = p.scope_id and w.part_id = p.part_id)
        returning p.scope_id),
    come as (
        insert into scope_parts (tenant_id, scope_id, part_id)
        select %(tenant)s, scope_id, part_id from wanted on conflict do nothing returning scope_id)
    select scope_id from gone union select scope_id from come""",
)
"""What makes scopes and their parts as they should be; each tells the scopes it made, changed or took away."""

SWEEP = """
    with recursive stored (scope_id) as (
        (select scope_id from visible_{kind}s where tenant_id = %(tenant)s order by scope_id limit 1)
        union all
        select (select v.scope_id from visible_{kind}s v
                 where v.tenant_id = %(tenant)s and v.scope_id > stored.scope_id order by v.scope_id limit 1)
          from stored where scope_id is not null)
    delete from visible_{kind}s v
     where v.tenant_id = %(tenant)s
       and v.scope_id = any(array(
           select scope_id from stored
            where not exists (select 1 from scopes s where s.tenant_id = %(tenant)s and s.id = stored.scope_id)))"""
"""Rows of scopes that went, also with an organization or a person. Steps from scope to scope through the index."""

NEXT_CHANGE = """
    select min(day) from (
        select {0}.ends_on as day where {0}.ends_on >= %(today)s
        union all select {0}.starts_on - 1 where {0}.starts_on > %(today)s) x"""

FRESH = {
    # Claims of „own and members'“ follow the memberships' dates; a tree follows its children's.
    "own": f"""
        case when o.claims = 'members' then
            (select min(({NEXT_CHANGE.format("m")})) from memberships m
              where m.tenant_id = o.tenant_id and m.organization_id = o.id) end""",
    "tree": f"""
        least((select min(p.fresh_until)
                 from scope_parts x join scopes p on p.tenant_id = x.tenant_id and p.id = x.part_id
                where x.tenant_id = s.tenant_id and x.scope_id = s.id),
              (with recursive below as (
                   select c.* from organizations c where c.tenant_id = o.tenant_id and c.parent_id = o.id
                   union select c.* from below b
                           join organizations c on c.tenant_id = b.tenant_id and c.parent_id = b.id)
               select min(({NEXT_CHANGE.format("b")})) from below b))""",
    "narrowed": """
        (select b.fresh_until from scopes b where b.tenant_id = s.tenant_id and b.id = s.base_id)""",
}
"""Until when the rows of a kind of scope stay right by themselves, in the order in which one builds on another."""

REPORTED = """
    select c.id from memberships m
      join organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id and o.claims = 'members'
      join claims c on c.tenant_id = m.tenant_id and c.reported_by_id = m.user_id
     where m.tenant_id = %(tenant)s and m.id = any(%(memberships)s)"""


def arrange(
    connection: Connection,
    organizations: set[uuid.UUID],
    memberships: set[uuid.UUID],
    *,
    may_wait: bool = False,
) -> None:
    """Make the scopes that should be, and settle what they see: once, at the end of the transaction that changed rules.

    organizations and memberships name those that were made or whose rules changed. A document profile whose tags
    changed brings the organizations that use it; a membership that was taken away, or a user, its organizations;
    an organization that was taken away, its parent and its children. Scopes that are united or taken apart on the
    way are settled as well. `may_wait`: whether much that comes into sight may come by a job.
    """
    visibility.lock(connection)
    values: dict[str, Any] = {
        "tenant": current.tenant_id(), "today": visibility.today(), "memberships": list(memberships)
    }  # fmt: skip
    touched = {row[0] for statement in MAKE for row in connection.exec_driver_sql(statement, values)}
    for kind in KINDS:
        connection.exec_driver_sql(SWEEP.format(kind=kind), values)
    for kind, until in FRESH.items():
        connection.exec_driver_sql(
            f"""update scopes set fresh_until = x.until
                  from (select s.id, {until} as until from scopes s
                          join organizations o on o.tenant_id = s.tenant_id and o.id = s.organization_id
                         where s.tenant_id = %(tenant)s and s.kind = '{kind}') x
                 where scopes.tenant_id = %(tenant)s and scopes.id = x.id
                   and scopes.fresh_until is distinct from x.until""",
            values,
        )
    rebuilding.rebuild(connection, touched | organizations | memberships, may_wait=may_wait)
    # A member whose access began or ended changes nothing for his colleagues but the claims he reported.
    reported = [row[0] for row in connection.exec_driver_sql(REPORTED, values)]
    visibility.follow(connection, {"claim": reported})


def freshen(connection: Connection) -> None:
    """Settle the scopes whose day has come: access of a member or a child began or ended by its date."""
    visibility.lock(connection)
    values = {"tenant": current.tenant_id(), "today": visibility.today()}
    query = "select id from scopes where tenant_id = %(tenant)s and fresh_until < %(today)s"
    stale = {row[0] for row in connection.exec_driver_sql(query, values)}
    if stale:
        arrange(connection, stale, set(), may_wait=True)
