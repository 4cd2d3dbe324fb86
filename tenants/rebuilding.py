"""Settling scopes in full after their rules changed: at once; or, where there is much, tightened at once and widened
by a job.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from sqlalchemy import Connection

from app.core.db import read
from app.core.outbox import Job
from tenants import current, visibility
from tenants.jobs import later
from tenants.rules import KEYS, STAGES, definition
from tenants.visibility import PLAN, PLANNED, Ids, settle_statement

LARGE = 20_000
"""Contracts that may come into question, beyond which what comes into sight waits for the job."""
PORTION = 20_000
"""Rows that one job adds: nobody waits longer than that for the broker's lock."""

BUILT_ON = """
    with named as (select id, kind from scopes where tenant_id = %(tenant)s and id = any(%(scopes)s)),
    trees as (
        select id, kind from named
        union select t.id, t.kind from scope_parts p join scopes t on t.tenant_id = p.tenant_id and t.id = p.scope_id
               where p.tenant_id = %(tenant)s and p.part_id = any(%(scopes)s))
    select id, kind from trees
    union select n.id, n.kind from scopes n join trees t on t.id = n.base_id where n.tenant_id = %(tenant)s"""
"""The scopes named, the trees that unite them, and the narrowed scopes based on either."""

MANY = 2000
MORE_THAN = """
    select count(*) > %(many)s from (
        select 1 from visible_{kind}s where tenant_id = %(tenant)s and scope_id = any(%(scopes)s) limit %(many)s + 1) x"""
SEES_MANY = {kind: MORE_THAN.format(kind=kind) for kind in ("policyholder", "contract")}
"""Whether a stage had many rows. The planner has no statistics of rows made a moment ago, takes them for a handful,
and loops over them without an index: minutes instead of seconds at 100,000 contracts."""

IN_QUESTION = """
    select 1 from visible_contracts where tenant_id = %(tenant)s and scope_id = any(%(scopes)s)
    union all
    select 1 from contracts c
      join visible_policyholders v on v.tenant_id = c.tenant_id and v.policyholder_id = c.policyholder_id
     where c.tenant_id = %(tenant)s and v.scope_id = any(%(scopes)s)"""
IS_LARGE = f"select count(*) > %(large)s from ({IN_QUESTION} limit %(large)s + 1) x"


@cache
def _tighten(scope_kind: str, kind: str) -> str:
    """Take away what the definition no longer holds."""
    return f"""
    delete from visible_{kind}s v
     where v.tenant_id = %(tenant)s and v.scope_id = any(%(scopes)s)
       and not exists (select 1 from ({definition(scope_kind, kind, by="scopes")}) d
                        where d.scope_id = v.scope_id and d.id = v.{kind}_id)"""


@cache
def _widen(scope_kind: str, kind: str) -> str:
    """Add so many of what the definition holds and is not stored."""
    keys = "".join(f", {key}" for key in KEYS.get(kind, ()))
    return f"""
    insert into visible_{kind}s (tenant_id, scope_id, {kind}_id{keys})
    select %(tenant)s, x.* from (
        {definition(scope_kind, kind, by="scopes")}
        except
        select scope_id, {kind}_id{keys} from visible_{kind}s
         where tenant_id = %(tenant)s and scope_id = any(%(scopes)s)
        limit %(most)s) x"""


MARK = """
    update scopes set widening = %(stage)s
     where tenant_id = %(tenant)s and id = any(%(scopes)s) and widening is distinct from %(stage)s"""


def rebuild(connection: Connection, scopes: Ids, *, may_wait: bool = False) -> None:
    """Settle visibility in full for these scopes and those built on them, after their rules changed.

    With `may_wait`, and if much comes into question, only what may no longer be seen is settled now; the rest comes
    into sight by a job, `widen`, while `scopes.widening` tells how far it is.
    """
    visibility.lock(connection)
    values: dict[str, Any] = {"tenant": current.tenant_id(), "today": visibility.today(), "large": LARGE}
    planned = _plan_for_all(connection)
    built: dict[str, list[uuid.UUID]] = {}
    for scope, scope_kind in connection.exec_driver_sql(BUILT_ON, {**values, "scopes": list(scopes)}):
        built.setdefault(scope_kind, []).append(scope)
    every = [scope for those in built.values() for scope in those]
    of_kinds = [(*stage, {**values, "scopes": built[stage[0]]}) for stage in STAGES if stage[0] in built]
    waits = may_wait and _asked(connection, IS_LARGE, {**values, "scopes": every})
    if waits:
        _avoid_loops(connection)
    for scope_kind, kind, those in of_kinds:
        # Policyholders are few, and whether there is much is known only when they are.
        if not waits or kind == "policyholder":
            read(connection, settle_statement(scope_kind, kind, "scopes"), those, prepare=False)
        else:
            read(connection, _tighten(scope_kind, kind), those, prepare=False)
        if kind in SEES_MANY and _asked(connection, SEES_MANY[kind], {**those, "many": MANY}):
            _avoid_loops(connection)
            waits = waits or (may_wait and kind == "policyholder" and _asked(connection, IS_LARGE, those))
    connection.exec_driver_sql(MARK, {**values, "stage": 0 if waits else None, "scopes": every})
    if waits:
        later(connection, widen)
    _plan_as(connection, planned)


FURTHEST_BEHIND = """
    select widening, kind, array_agg(id) from scopes
     where tenant_id = %(tenant)s and widening is not null group by 1, 2 order by 1"""
ONWARD = """
    update scopes set widening = %(next)s
     where tenant_id = %(tenant)s and widening = %(stage)s"""


def widen(connection: Connection, *, most: int | None = PORTION) -> None:
    """Bring into sight what the rules of large scopes allow: a portion, and then the next by another job. Stage by
    stage, as one builds on the other; with `most` None all at once."""
    visibility.lock(connection)
    values: dict[str, Any] = {"tenant": current.tenant_id(), "today": visibility.today()}
    planned = _plan_for_all(connection)
    _avoid_loops(connection)
    room = most
    while behind := connection.exec_driver_sql(FURTHEST_BEHIND, values).all():
        stage = behind[0][0]
        scope_kind, kind = STAGES[stage]
        those = [
            scope for at, its_kind, ids in behind if (at, its_kind) == (stage, scope_kind) for scope in ids
        ]
        added = 0
        if those:
            statement = _widen(scope_kind, kind)
            added = read(
                connection, statement, {**values, "scopes": those, "most": room}, prepare=False
            ).rowcount
        if room is not None:
            if added == room:
                later(connection, widen)
                break
            room -= added
        onward = stage + 1 if stage + 1 < len(STAGES) else None
        connection.exec_driver_sql(ONWARD, {**values, "stage": stage, "next": onward})
    _plan_as(connection, planned)


def _plan_for_all(connection: Connection) -> list[str]:
    """Plans are made for no values in particular: statistics that know only other brokers promise that a new one has
    no rows at all. And they are made anew each time (`prepare=False`): one that was made while there was little would
    loop for minutes. Returns how they were made before."""
    choice = f"select {PLANNED}, {PLAN.format('force_generic_plan', 8)}"
    return list(connection.exec_driver_sql(choice).one())[:2]


def _plan_as(connection: Connection, planned: list[str]) -> None:
    for way in ("nestloop", "mergejoin"):
        connection.exec_driver_sql(f"set local enable_{way} to default")
    connection.exec_driver_sql("select " + PLAN.format(*planned))


def _avoid_loops(connection: Connection) -> None:
    for way in ("nestloop", "mergejoin"):
        connection.exec_driver_sql(f"set local enable_{way} = off")


def _asked(connection: Connection, question: str, values: dict[str, Any]) -> bool:
    return bool(read(connection, question, values, prepare=False).fetchone()[0])  # type: ignore[index]


JOBS = [Job(widen)]
