"""A stock of one's own, in a transaction that is taken back when the test ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tenants import current
from tests.visibility.proof import ProvedStock


@pytest.fixture
def stock(web: Engine) -> Iterator[ProvedStock]:
    with current.acting_for(uuid.uuid4()), web.connect() as connection:
        yield ProvedStock(connection)


@pytest.fixture
def nordwerk(stock: ProvedStock) -> ProvedStock:
    """A company with a factory, fire and motor cover, and Ada, who may see what is her company's own."""
    stock.put("mandate", "Hamburg")
    stock.put("policyholder", "Nordwerk", mandate="Hamburg")
    stock.put("object", "Factory", policyholder="Nordwerk")
    stock.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"], line_of_business="fire")
    stock.put("contract", "Motor", policyholder="Nordwerk", line_of_business="motor")
    stock.tags("For clients", "client")
    stock.user("Ada")
    stock.organization(
        "Nordwerk",
        policyholders=["Nordwerk"],
        share_automatically=True,
        states=["own", "application", "policy"],
        include_claims=True,
        document_profile="For clients",
    )
    stock.member("Ada", "Nordwerk")
    return stock
