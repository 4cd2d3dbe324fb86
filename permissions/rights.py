"""Casbin's answer about one profile, compiled into sets that cost nothing to ask."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock

from casbin import FastEnforcer, Model
from casbin.persist import Adapter
from sqlalchemy import Connection, text

from permissions.catalogue import Level, catalogue

MODEL = str(Path(__file__).with_name("model.conf"))

CHAIN = """
    with recursive chain as (
        select %(profile)s::uuid as id
        union select p.parent_id from chain c
          join profile_parents p on p.tenant_id = %(tenant)s and p.profile_id = c.id)"""


@dataclass(frozen=True, eq=False)
class Rights:
    """What one profile grants at one version. Fields are levels by record and name; all else is denied.

    Compared by identity: one object per profile and version, so that what is derived from it can be kept by it.
    """

    areas: frozenset[str]
    functions: frozenset[str]
    fields: Mapping[tuple[str, str], Level]
    """By record and name."""
    readable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By record, the fields whose values are shown: for the question asked most."""

    def level(self, record: str, name: str) -> Level:
        return self.fields.get((record, name), Level.HIDDEN)


NOTHING = Rights(frozenset(), frozenset(), {})


class TenantPolicy(Adapter):
    """Casbin's adapter for one profile and those it inherits from, of one tenant: opaque ids, as lists.

    Names never enter a policy. Casbin's own adapters join fields with commas, so that a profile called
    `admin, tenantB` would grant what nobody meant.
    """

    def __init__(self, connection: Connection, tenant_id: uuid.UUID, profile_id: uuid.UUID) -> None:
        self.connection = connection
        self.values = {"tenant": tenant_id, "profile": profile_id}

    def load_policy(self, model: Model) -> None:
        rules = self.connection.exec_driver_sql(
            f"""{CHAIN} select r.profile_id, r.subject, r.action from chain c
                  join profile_rules r on r.tenant_id = %(tenant)s and r.profile_id = c.id""",
            self.values,
        )
        for profile, subject, action in rules:
            model.model["p"]["p"].policy.append([str(profile), subject, action])
        parents = self.connection.exec_driver_sql(
            f"""{CHAIN} select p.profile_id, p.parent_id from chain c
                  join profile_parents p on p.tenant_id = %(tenant)s and p.profile_id = c.id""",
            self.values,
        )
        for profile, parent in parents:
            model.model["g"]["g"].policy.append([str(profile), str(parent)])


@lru_cache(maxsize=4096)
def _compiled(tenant_id: uuid.UUID, profile_id: uuid.UUID, version: int) -> list[Rights]:
    """A slot per profile and version; the caller fills it once."""
    return []


def rights_of(connection: Connection, tenant_id: uuid.UUID, profile_id: uuid.UUID, version: int) -> Rights:
    """What a profile grants at this version, inherited grants included. Asks Casbin the first time only."""
    slot = _compiled(tenant_id, profile_id, version)
    if not slot:
        slot.append(ask(connection, tenant_id, profile_id))
    return slot[0]


@lru_cache(maxsize=4096)
def without(
    rights: Rights,
    functions: frozenset[str],
    areas: frozenset[str] = frozenset(),
    fields: frozenset[tuple[str, str]] = frozenset(),
) -> Rights:
    """These rights less some functions, areas and fields: the same object each time, so that what is kept by rights is
    kept by it."""
    left = rights.areas - areas, rights.functions - functions
    if fields.isdisjoint(rights.fields):
        if left == (rights.areas, rights.functions):
            return rights
        return replace(rights, areas=left[0], functions=left[1])
    seen = {field: level for field, level in rights.fields.items() if field not in fields}
    return Rights(*left, seen, _readable(seen))


@lru_cache(maxsize=4096)
def shared(rights: Rights, other: Rights) -> Rights:
    """What both grant, each field as far as the lesser of them: the first ones themselves if the other lacks nothing
    of them."""
    fields = {field: min(level, other.level(*field)) for field, level in rights.fields.items()}
    granted = {field: level for field, level in fields.items() if level > Level.HIDDEN}
    areas, functions = rights.areas & other.areas, rights.functions & other.functions
    if (areas, functions, granted) == (rights.areas, rights.functions, dict(rights.fields)):
        return rights
    return Rights(areas, functions, granted, _readable(granted))


def is_within(rights: Rights, other: Rights) -> bool:
    """Whether these rights go no further than the others: no area, no function, no field, and none of them deeper."""
    return shared(rights, other) is rights


_one_at_a_time = Lock()
"""Casbin parses its rule as Python each time, and two threads that do so at once break each other (CPython 106905)."""


def ask(connection: Connection, tenant_id: uuid.UUID, profile_id: uuid.UUID) -> Rights:
    """Put every subject of the catalogue to Casbin, strongest action first."""
    enforcer = FastEnforcer(MODEL, TenantPolicy(connection, tenant_id, profile_id), cache_key_order=[1, 2])
    profile = str(profile_id)
    areas, functions = set(), set()
    fields: dict[tuple[str, str], Level] = {}
    for subject, actions in catalogue.subjects():
        for level, action in reversed(list(enumerate(actions, 1))):
            with _one_at_a_time:
                is_granted = enforcer.enforce(profile, subject, action)
            if is_granted:
                kind, _, name = subject.partition(":")
                if kind == "menu":
                    areas.add(name)
                elif kind == "function":
                    functions.add(name)
                else:
                    record, _, of_record = name.partition(".")
                    fields[record, of_record] = Level(level)
                break
    return Rights(frozenset(areas), frozenset(functions), fields, _readable(fields))


def _readable(fields: Mapping[tuple[str, str], Level]) -> dict[str, frozenset[str]]:
    readable: dict[str, set[str]] = {}
    for (record, name), level in fields.items():
        if level >= Level.READ:
            readable.setdefault(record, set()).add(name)
    return {record: frozenset(names) for record, names in readable.items()}


def raise_version(connection: Connection, tenant_id: uuid.UUID, profile_id: uuid.UUID) -> None:
    """Make a profile and all that inherit from it count as changed, in the transaction that changes it."""
    connection.execute(
        text(
            """with recursive heirs as (
                   select cast(:profile as uuid) as id
                   union select p.profile_id from heirs h
                     join profile_parents p on p.tenant_id = :tenant and p.parent_id = h.id)
               update profiles set version = version + 1, changed_at = now()
                where tenant_id = :tenant and id in (select id from heirs)"""
        ),
        {"tenant": tenant_id, "profile": profile_id},
    )
