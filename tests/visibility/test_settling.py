"""What settling does besides settling: it leaves the transaction as it found it."""

from __future__ import annotations

import uuid

import pytest

from tenants import current, rebuilding, visibility
from tests.visibility.stock import Stock
from tests.visibility.world import KINDS

PLANNING = "select current_setting('plan_cache_mode'), current_setting('enable_nestloop')"


@pytest.mark.parametrize("chosen", ["auto", "force_custom_plan", "force_generic_plan"])
def test_the_transaction_plans_as_before_when_all_is_settled(nordwerk, chosen, monkeypatch):
    nordwerk.settle()
    monkeypatch.setattr(rebuilding, "MANY", 0)
    nordwerk.sql(f"set local plan_cache_mode = {chosen}")
    nordwerk.sql("set local enable_nestloop = on")

    nordwerk.put("contract", "Cyber", policyholder="Nordwerk")
    nordwerk.settle()
    assert nordwerk.sql(PLANNING) == [(chosen, "on")]

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=["quote"])
    nordwerk.settle()
    assert nordwerk.sql(PLANNING) == [(chosen, "on")]


def test_a_broker_without_organizations_plans_as_before_too(stock):
    stock.put("mandate", "Hamburg")
    stock.put("policyholder", "Nordwerk", mandate="Hamburg")
    before = stock.sql(PLANNING)
    stock.settle()
    assert stock.sql(PLANNING) == before


ADDED = """
    insert into contracts (tenant_id, key, number, policyholder_id, status)
    select tenant_id, 'c' || n, 'C' || n, id, 'own' from policyholders, generate_series(1, %(contracts)s) n
     where tenant_id = %(tenant)s"""
OBJECTS = """
    insert into objects (tenant_id, key, label, kind, policyholder_id)
    select tenant_id, key, key, 'building', policyholder_id from contracts where tenant_id = %(tenant)s"""
INSURED = """
    insert into contract_objects (tenant_id, contract_id, object_id)
    select c.tenant_id, c.id, o.id from contracts c join objects o using (tenant_id, key) where c.tenant_id = %(tenant)s"""
ONLY_SOME = """
    insert into membership_objects (tenant_id, membership_id, object_id)
    select m.tenant_id, m.id, o.id from memberships m join objects o using (tenant_id) where m.tenant_id = %(tenant)s"""
LOOKED_AT = "select sum(seq_tup_read + idx_scan + idx_tup_fetch) from pg_stat_xact_user_tables"
KNOWN = ["policyholders", "contracts", "objects", "contract_objects", *(f"visible_{kind}s" for kind in KINDS)]


def onboard(stock: Stock, contracts: int) -> None:
    """A company with a contract and an object each, and somebody who may see these objects, chosen one by one."""
    stock.put("mandate", "Hamburg")
    stock.put("policyholder", "Nordwerk", mandate="Hamburg")
    for statement in (ADDED, OBJECTS, INSURED):
        stock.sql(statement, contracts=contracts)
    stock.user("Ada")
    stock.organization("Nordwerk", policyholders=["Nordwerk"], share_automatically=True, states=["own"])
    stock.member("Ada", "Nordwerk", selected=[])
    stock.sql(ONLY_SOME)
    stock.settle()


def test_a_broker_of_whom_the_server_knows_nothing_is_settled_in_proportion_to_his_stock(web):
    with web.connect() as connection:
        with current.acting_for(uuid.uuid4()):
            known = Stock(connection)
            onboard(known, 1000)
        visibility.take_statistics(connection, KNOWN)
        with current.acting_for(uuid.uuid4()):
            connection.exec_driver_sql(f"set local app.tenant_id = '{current.tenant_id()}'")
            unknown = Stock(connection)
            before = unknown.sql(LOOKED_AT)[0][0]
            onboard(unknown, 300)
            assert unknown.sql("select count(*) from visible_contracts where tenant_id = %(tenant)s") == [
                (600,)
            ]
            assert unknown.sql(LOOKED_AT)[0][0] - before < 300 * 1000  # Looping, it would be 27 million.
