"""How the server goes about a page when it knows nothing yet of a broker: it is the first thing a new one sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg
import pytest
from sqlalchemy import Engine

TABLES = (
    "claims",
    "contracts",
    "objects",
    "policyholders",
    "visible_claims",
    "visible_contracts",
    "visible_objects",
)
NAMED = {
    "d": "id",
    "r_contract": "id",
    "r_object": "id",
    "g_contractv": "contract_id",
    "g_objectv": "object_id",
}
"""What is joined to the rows of a page, and the column that finds it, for claims."""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


@pytest.fixture
def queries() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Every query that reports put to the driver, with its values."""
    heard: list[tuple[str, dict[str, Any]]] = []
    ask = psycopg.Connection.execute

    def hear(connection: Any, query: Any, params: Any = None, **options: Any) -> Any:
        heard.append((query, params))
        return ask(connection, query, params, **options)

    with mock.patch.object(psycopg.Connection, "execute", hear):
        yield heard


def test_without_statistics_each_row_of_a_page_is_joined_by_its_key(
    make: Any, sign_in: Any, owner: Engine, queries: list[tuple[str, dict[str, Any]]]
) -> None:
    holder = make.policyholder("Nordwerk GmbH")
    contract = make.contract(holder, number="N-1")
    for _ in range(3):
        make.claim(contract, object_id=make.object(holder, (contract,)))
    member = make.member(make.organization(holder))
    assert sign_in(member).get("/claims").status_code == 200
    sql, values = next(one for one in queries if "AS page JOIN" in one[0])

    with owner.connect() as connection, connection.begin() as transaction:
        for table in TABLES:
            connection.exec_driver_sql("select pg_clear_relation_stats('public', %(t)s)", {"t": table})
            connection.exec_driver_sql(
                "select pg_clear_attribute_stats('public', %(t)s, attname, false) from pg_stats where tablename = %(t)s",
                {"t": table},
            ).all()
        told = connection.exec_driver_sql(f"explain (format json) {sql}", values).scalar_one()
        transaction.rollback()

    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    looked_up = {node["Alias"]: node for node in nodes(plan) if node.get("Alias") in NAMED}
    assert set(looked_up) == set(NAMED)
    for alias, node in looked_up.items():
        said = f"{node.get('Index Cond', '')} {node.get('Filter', '')}"
        assert f"({NAMED[alias]} = " in said, (alias, node)
