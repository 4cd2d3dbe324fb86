"""What settling does besides settling: it leaves the transaction as it found it."""

from __future__ import annotations

import pytest

from tenants import visibility

PLANNING = "select current_setting('plan_cache_mode'), current_setting('enable_nestloop')"


@pytest.mark.parametrize("chosen", ["auto", "force_custom_plan", "force_generic_plan"])
def test_the_transaction_plans_as_before_when_all_is_settled(nordwerk, chosen, monkeypatch):
    nordwerk.settle()
    monkeypatch.setattr(visibility, "MANY", 0)
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
    stock.settle()
    assert stock.sql(PLANNING) == [("auto", "on")]
