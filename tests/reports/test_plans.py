"""How the server goes about reading when it knows nothing yet of a broker: it is the first thing a new one sees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import psycopg
import pytest
from sqlalchemy import Engine

from tenants import current, rebuilding, visibility
from tests.factories import Make

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


FAR = {**NAMED, "far_contract": "id", "far_contract_seenv": "contract_id"}
"""With what a claim's contract tells."""


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


@pytest.mark.parametrize(
    ("path", "named"),
    [("/claims", NAMED), ("/claims?columns=broker_number,contract,object,contract__premium_net", FAR)],
)
def test_without_statistics_each_row_of_a_page_is_joined_by_its_key(
    make: Any,
    sign_in: Any,
    owner: Engine,
    queries: list[tuple[str, dict[str, Any]]],
    path: str,
    named: dict[str, str],
) -> None:
    holder = make.policyholder("Nordwerk GmbH")
    contract = make.contract(holder, number="N-1")
    for _ in range(3):
        make.claim(contract, object_id=make.object(holder, (contract,)))
    member = make.member(make.organization(holder))
    assert sign_in(member).get(path).status_code == 200
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
    looked_up = {node["Alias"]: node for node in nodes(plan) if node.get("Alias") in named}
    assert set(looked_up) == set(named)
    for alias, node in looked_up.items():
        said = f"{node.get('Index Cond', '')} {node.get('Filter', '')}"
        assert f"({named[alias]} = " in said, (alias, node)


MORE = """
    insert into contracts (tenant_id, key, number, policyholder_id, status, currency)
    select tenant_id, 'c' || n, 'C' || n, id, 'own', 'EUR' from policyholders, generate_series(1, %(number)s) n
     where tenant_id = %(tenant)s"""
PEOPLE = """
    insert into users (tenant_id, email, name)
    select %(tenant)s, n || '@' || %(tenant)s::text, n::text from generate_series(1, %(number)s) n"""
LOOKED_AT = "select sum(seq_tup_read + idx_scan + idx_tup_fetch) from pg_stat_xact_user_tables"
FEW = 300


def with_contracts(make: Make, web: Engine, number: int) -> Any:
    """A member of an organization that sees this many contracts, none of them written one by one."""
    organization = make.organization(make.policyholder("Nordwerk GmbH"))
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.exec_driver_sql(MORE, {"tenant": make.tenant_id, "number": number})
        rebuilding.rebuild(connection, [organization])
    return make.member(organization)


AS_OF_TODAY = f"/contracts?as_of={visibility.today()}"


@pytest.mark.parametrize(
    "path",
    [
        "/contracts?sort=-policyholder", "/contracts?q=Nordwerk", "/", AS_OF_TODAY, f"{AS_OF_TODAY}&sort=-policyholder",
        f"{AS_OF_TODAY}&q=Nordwerk", "/contracts/changes", "/contracts?sort=-policyholder__city&columns=policyholder__city",
        "/contracts?policyholder__name.contains=werk", "/contracts?by=policyholder__city",
    ],
)  # fmt: skip
def test_what_a_broker_reads_whom_the_server_does_not_know_is_in_proportion_to_his_stock(
    make: Make,
    neighbour: Make,
    sign_in: Any,
    web: Engine,
    queries: list[tuple[str, dict[str, Any]]],
    path: str,
) -> None:
    with_contracts(neighbour, web, 3000)
    # A large broker has many people, too. A table of a single page is gone through for each row that names somebody,
    # and rightly: but then what was looked at is as much as other tests have left in it.
    with current.acting_for(neighbour.tenant_id), web.begin() as connection:
        connection.exec_driver_sql(PEOPLE, {"tenant": neighbour.tenant_id, "number": 3000})
    with web.begin() as connection:
        visibility.take_statistics(
            connection, ["policyholders", "contracts", "visible_policyholders", "visible_contracts"]
        )
    reader = sign_in(with_contracts(make, web, FEW))
    queries.clear()
    assert reader.get(path).status_code == 200
    asked = [one for one in queries if "visible_contracts" in one[0]]
    assert asked

    with current.acting_for(make.tenant_id), web.connect() as connection, connection.begin():
        before = connection.exec_driver_sql(LOOKED_AT).scalar_one()
        for sql, values in asked:
            connection.exec_driver_sql(sql, values)
        looked_at = connection.exec_driver_sql(LOOKED_AT).scalar_one() - before
    assert looked_at < 20 * FEW * len(asked), looked_at
