"""A broker with ready profiles and some stock, and a catalogue as the running portal has it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from app.core.text import DEFAULT, speaking
from app.factory import declare
from permissions.editing import save_ready_profiles
from tenants import current
from tenants.jobs import Runner
from tests.factories import Make


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    """Of the whole portal; and whatever was read before, what is said here is said in the broker's language."""
    declare()
    with speaking(DEFAULT):
        yield


@dataclass
class Stock:
    """Puts a few records into the broker acted for, by key."""

    connection: Connection

    def run(self, statement: str, **values: object) -> None:
        self.connection.execute(text(statement), {"tenant": current.tenant_id(), **values})

    def mandate(self, key: str) -> None:
        self.run("insert into mandates (tenant_id, key, name) values (:tenant, :key, :key)", key=key)

    def policyholder(self, key: str, mandate: str) -> None:
        self.run(
            """insert into policyholders (tenant_id, key, mandate_id, kind, name)
               select :tenant, :key, m.id, 'company', :key from mandates m
                where m.tenant_id = :tenant and m.key = :mandate""",
            key=key,
            mandate=mandate,
        )

    def contracts(self, policyholder: str, *keys: str, line: str = "080") -> None:
        self.run(
            """insert into contracts
                      (tenant_id, key, number, policyholder_id, status, document_on, line_of_business)
               select :tenant, k, k, p.id, 'own', '2025-01-01', :line
                 from policyholders p, unnest(cast(:keys as text[])) k
                where p.tenant_id = :tenant and p.key = :policyholder""",
            policyholder=policyholder,
            keys=list(keys),
            line=line,
        )

    def objects(self, policyholder: str, *keys: str) -> None:
        self.run(
            """insert into objects (tenant_id, key, label, kind, policyholder_id)
               select :tenant, k, k, 'building', p.id from policyholders p, unnest(cast(:keys as text[])) k
                where p.tenant_id = :tenant and p.key = :policyholder""",
            policyholder=policyholder,
            keys=list(keys),
        )

    def insure(self, contract: str, *objects: str) -> None:
        self.run(
            """insert into contract_objects (tenant_id, contract_id, object_id)
               select :tenant, c.id, o.id from contracts c, objects o
                where c.tenant_id = :tenant and c.key = :contract
                  and o.tenant_id = :tenant and o.key = any(:objects)""",
            contract=contract,
            objects=list(objects),
        )

    def seen_contracts(self, organization: str) -> set[str]:
        """What is stored as visible to an organization."""
        found = self.connection.execute(
            text(
                """select c.key from visible_contracts v
                     join organizations o on o.tenant_id = :tenant and o.id = v.scope_id
                     join contracts c on c.tenant_id = :tenant and c.id = v.contract_id
                    where v.tenant_id = :tenant and o.key = :organization"""
            ),
            {"tenant": current.tenant_id(), "organization": organization},
        )
        return set(found.scalars())

    def ask(self, query: str, **values: object) -> list[tuple]:
        """Rows of the broker acted for; `:tenant` is at hand."""
        found = self.connection.execute(text(query), {"tenant": current.tenant_id(), **values})
        return [tuple(row) for row in found]


@pytest.fixture
def connection(web: Engine, tenant_id: uuid.UUID) -> Iterator[Connection]:
    """One transaction as the portal's own role, taken back afterwards."""
    with web.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def stock(connection: Connection) -> Stock:
    """Two mandates, a policyholder in each, contracts and buildings; and the ready profiles."""
    save_ready_profiles(connection, None)
    stock = Stock(connection)
    for mandate, policyholder in (("north", "nordwerk"), ("south", "suedbau")):
        stock.mandate(mandate)
        stock.policyholder(policyholder, mandate)
    stock.contracts("nordwerk", "N-1", "N-2")
    stock.contracts("nordwerk", "N-3", line="192")
    stock.contracts("suedbau", "S-1")
    stock.objects("nordwerk", "hall", "office")
    stock.insure("N-1", "hall")
    stock.insure("N-2", "office")
    return stock


@pytest.fixture
def work(portal: Flask, web: Engine, make: Make) -> Callable[[], list[str]]:
    """Does what waits in this broker's outbox, as a worker does; returns the names of all that is done."""

    def work() -> list[str]:
        with portal.app_context(), current.acting_for(make.tenant_id):
            while any(Runner(web).run(make.tenant_id, row) for row in _outbox(web, "id", "done_at is null")):
                pass
            return _outbox(web, "job", "done_at is not null")

    return work


def _outbox(web: Engine, column: str, those: str) -> list[Any]:
    query = text(f"select {column} from outbox where tenant_id = :tenant and {those} order by id")
    with web.begin() as connection:
        return list(connection.execute(query, {"tenant": current.tenant_id()}).scalars())
