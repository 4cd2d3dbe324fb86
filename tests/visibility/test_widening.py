"""Large scopes: what may no longer be seen is gone at once, the rest comes into sight by jobs, in portions."""

from __future__ import annotations

from functools import partial
from unittest import mock

import pytest
from hypothesis import given

from tenants import arrangement, rebuilding, visibility
from tests.visibility import worlds
from tests.visibility.proof import ProvedStock
from tests.visibility.test_random_worlds import PATIENT, live_through

SEEN = """
    select c.key from visible_contracts v join contracts c using (tenant_id)
     where v.tenant_id = %(tenant)s and c.id = v.contract_id and v.scope_id = %(scope)s order by 1"""


class InPortions(ProvedStock):
    """Everything counts as large here, and a portion is a single row."""

    def tighten(self) -> list[object]:
        """Settle what must be settled at once; the jobs that are left."""
        jobs: list[object] = []
        by_jobs = partial(arrangement.arrange, may_wait=True)
        with (
            mock.patch.multiple(rebuilding, LARGE=-1, later=lambda _connection, job: jobs.append(job)),
            mock.patch.object(arrangement, "arrange", by_jobs),
        ):
            super().settle()
        return jobs

    def settle(self) -> None:
        jobs = self.tighten()
        with self.calendar():
            assert visibility.differences(self.connection) == []
            with mock.patch.object(rebuilding, "later", lambda _connection, job: jobs.append(job)):
                while jobs:
                    jobs.pop()(self.connection, most=1)


@pytest.fixture
def stock(stock: ProvedStock) -> InPortions:
    return InPortions(stock.connection)


def seen(nordwerk: InPortions) -> list[str]:
    return [row[0] for row in nordwerk.sql(SEEN, scope=nordwerk.id("organization", "Nordwerk"))]


def test_what_new_rules_take_away_is_gone_before_what_they_bring_has_come(nordwerk):
    nordwerk.put("contract", "Cyber", policyholder="Nordwerk", status="quote")
    nordwerk.settle()
    assert seen(nordwerk) == ["Fire", "Motor"]

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=["quote"])
    jobs = nordwerk.tighten()
    assert seen(nordwerk) == []
    assert nordwerk.sql("select widening from scopes where tenant_id = %(tenant)s") == [(0,)]

    nordwerk.sql("savepoint halfway")
    for job in jobs:
        job(nordwerk.connection, most=None)
    assert seen(nordwerk) == ["Cyber"]
    assert nordwerk.sql("select widening from scopes where tenant_id = %(tenant)s") == [(None,)]


def test_stock_that_changes_meanwhile_is_settled_as_always(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=["own"], lines_of_business=["fire"])
    jobs = nordwerk.tighten()
    nordwerk.put("contract", "Motor", policyholder="Nordwerk", line_of_business="fire")
    nordwerk.put("contract", "Fire", policyholder="Nordwerk", line_of_business="motor")
    jobs += nordwerk.tighten()
    assert seen(nordwerk) == ["Motor"]
    for job in jobs:
        job(nordwerk.connection, most=None)
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Motor"}


@PATIENT
@given(world=worlds.worlds, steps=worlds.steps)
def test_tables_follow_any_change_in_portions_too(web, world, steps):
    live_through(web, world, steps, kind=InPortions)


def test_plans_of_settling_in_full_are_not_kept(nordwerk):
    """One that was made while there was little would go on looping when there is much."""
    for line in ("fire", "motor") * 6:
        nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], lines_of_business=[line])
        ProvedStock.settle(nordwerk)
    kept = [row[0] for row in nordwerk.sql("select statement from pg_prepared_statements")]
    # Those that start from a few records are fenced; they look up no more than they are given.
    assert not [one for one in kept if "stored as materialized" in one and "offset 0" not in one]
