"""A client with a factory and its cover, his people, and somebody of the broker who asks about them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import Browser
from tests.factories import Make

ENGLISH = {"Accept-Language": "en"}


class Asking:
    """Somebody who asks who sees what."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def get(self, path: str, **words: Any) -> Any:
        return self.browser.get(path, query_string=words or None, headers=ENGLISH)

    def ask(self, **words: Any) -> Any:
        """What the API answers."""
        return self.get("/api/v1/visibility", **words)

    def about(self, membership_or_user: uuid.UUID, record: str, **words: Any) -> dict[str, Any]:
        """The answer about one person and one record, in the first of his organizations."""
        answer = self.ask(person=membership_or_user, record=record, **words)
        assert answer.status_code == 200, answer.text
        return answer.json["answers"][0]

    def missing(self, user: uuid.UUID, record: str) -> list[str]:
        """The rules that keep a record from a person; none where he sees it."""
        said = self.about(user, record)
        missing = [one["rule"] for one in said["reasons"] if not one["is_met"]]
        assert said["sees"] == (not missing), said
        return missing


@pytest.fixture
def asking(make: Make, sign_in: Callable[..., Browser]) -> Asking:
    """An administrator of the broker."""
    return Asking(
        sign_in(user=make.user("Jonas Petersen", is_staff=True, profile_id=make.profile(is_staff=True)))
    )


@pytest.fixture
def nordwerk(make: Make) -> SimpleNamespace:
    """Nordwerk with a factory under fire cover, and Ada, who sees all of it."""
    mandate = make.mandate("Hamburg")
    holder = make.policyholder("Nordwerk GmbH", mandate)
    fire = make.contract(holder, number="FIRE-1", line_of_business="080", premium_net="1200")
    hall = make.object(holder, (fire,), label="Hall 4")
    shared = make.row("document_profiles", key="standard", name="Standard", tags=["portal"])
    organization = make.organization(holder, document_profile_id=shared)
    ada = make.member(organization, user=make.user("Ada Lund"), is_main=True)
    return SimpleNamespace(
        mandate=mandate, holder=holder, fire=fire, hall=hall, organization=organization, shared=shared,
        member=ada, ada=make.user_of(ada),
    )  # fmt: skip
