"""Every piece of every rule is there for something: without it, somebody’s story ends differently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tenants import visibility
from tests.visibility.faults import FAULTS, Fault


@pytest.fixture(autouse=True)
def written_anew() -> Iterator[None]:
    """Statements are put together with the fault, and again without it."""
    visibility.settle_statement.cache_clear()
    yield
    visibility.settle_statement.cache_clear()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_noticed(fault: Fault, nordwerk):
    with fault.planted(), pytest.raises(AssertionError):
        fault.story(nordwerk)


def test_every_fault_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
