"""Whatever happens to stock and rules, in whatever order, the stored tables say what the rules say."""

from __future__ import annotations

import datetime
import uuid

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine

from tenants import current
from tests.visibility import worlds
from tests.visibility.proof import ProvedStock

PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=50, phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)  # fmt: skip


def live_through(
    web: Engine,
    world: list[worlds.Change],
    steps: list[list[worlds.Change] | int],
    kind: type[ProvedStock] = ProvedStock,
) -> None:
    """Play a world and its changes in a transaction that is taken back, looking at everything after each."""
    with current.acting_for(uuid.uuid4()), web.connect() as connection:
        stock = kind(connection)
        play = worlds.Play(stock)
        for change in world:
            play.change(*change)
        stock.settle()
        stock.proved()
        for step in steps:
            if isinstance(step, int):
                stock.wait_until(stock.day + datetime.timedelta(days=step))
            else:
                for change in step:
                    play.change(*change)
                stock.settle()
            stock.proved()


@PATIENT
@given(world=worlds.worlds, steps=worlds.steps)
def test_tables_follow_any_change(web, world, steps):
    live_through(web, world, steps)


@pytest.mark.deep
@settings(PATIENT, max_examples=1000)
@given(world=worlds.worlds, steps=worlds.steps)
def test_tables_follow_any_change_a_thousand_times(web, world, steps):
    live_through(web, world, steps)
