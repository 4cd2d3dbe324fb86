"""A client whose people report claims, and what they send."""

from __future__ import annotations

import datetime
import io
import re
from types import SimpleNamespace
from typing import Any

import pytest

from tenants import visibility


def loss(**said: str) -> dict[str, Any]:
    """A form as somebody fills it in."""
    return {
        "mark": "a mark",
        "claim_type": "fire",
        "occurred_on": str(visibility.today() - datetime.timedelta(days=1)),
        "loss_location": "Hall 4",
        "cause": "lightning",
        "description": "The roof burned.",
        "claimed_amount": "12,500.50",
        "currency": "EUR",
        **said,
    }


def report(browser: Any, contract: Any, *files: tuple[bytes, str], **said: str) -> Any:
    data = {**loss(**said), "files": [(io.BytesIO(content), name) for content, name in files]}
    return browser.post(
        f"/claims/report?contract={contract}",
        data=data,
        content_type="multipart/form-data",
        headers={"Accept-Language": "en"},
    )


def page(browser: Any, path: str) -> str:
    found = browser.get(path, headers={"Accept-Language": "en"})
    assert found.status_code == 200, (path, found.status_code)
    return str(found.text)


def said_beside(answer: Any, control: str) -> str:
    found = re.search(rf'id="{control}-error"[^>]*>.*?<span>(.*?)</span>', answer.text, re.S)
    return found[1] if found else ""


@pytest.fixture
def house(make: Any, sign_in: Any) -> SimpleNamespace:
    """Nordwerk: a contract with a hall, Klara who reports, and Maren who may release, too."""
    holder = make.policyholder("Nordwerk")
    handler = make.user("Meike Tams", is_staff=True, profile_id=make.profile(is_staff=True))
    contract = make.contract(
        holder, number="HAF-1", line_of_business="081", claims_handler_id=handler, currency="EUR"
    )
    hall = make.object(
        holder, (contract,), label="Hall 4", street="Werkstraße 1", postal_code="21029", city="Hamburg"
    )
    organization = make.organization(holder)
    reporting = make.profile(without=("function:claim.release",))
    klara = make.member(organization, reporting, make.user("Klara Muster"))
    maren = make.member(organization, make.profile(), make.user("Maren Stüve"))
    return SimpleNamespace(
        holder=holder, handler=handler, contract=contract, hall=hall, organization=organization,
        reporting=reporting, klara=klara, maren=maren, reporter=sign_in(klara), releaser=sign_in(maren),
    )  # fmt: skip


@pytest.fixture
def four_eyes(make: Any, house: SimpleNamespace) -> SimpleNamespace:
    """The same, where a colleague releases each report."""
    make.change("organizations", house.organization, four_eyes_claims=True)
    return house
