"""What tests about jobs share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from app.core import outbox
from app.factory import declare
from tenants.jobs import Runner
from tests.tenants.jobs import OF_TESTS


@pytest.fixture
def of_tests() -> Iterator[None]:
    """The registry holds the jobs of the tests, until the test ends."""
    outbox.fill(OF_TESTS)
    yield
    declare()


@pytest.fixture
def runner(web: Engine) -> Runner:
    return Runner(web)
