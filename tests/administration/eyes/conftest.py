"""A broker with a client and two administrators, and the way from the desk to the client's eyes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from app.accounts.passwords import hash_password
from tenants import current
from tests.conftest import Browser
from tests.security.stock import document_profile, one_of_everything

PASSWORD = "a long enough password"
REASON = "Question about an invoice"


class Desk:
    """Somebody of the staff in his browser, and through whose eyes he looks."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.get, self.post = browser.get, browser.post

    def look(self, user: uuid.UUID, **form: Any) -> Any:
        told = {"reason": REASON, "minutes": "30", "password": PASSWORD, **form}
        return self.post(f"/users/{user}/view", data={name: value for name, value in told.items() if value})

    def words(self, path: str = "/") -> str:
        return self.get(path, headers={"Accept-Language": "en"}).text


@pytest.fixture
def stock(make: Any) -> Any:
    return one_of_everything(make, "Ours", make.mandate(), [])


@pytest.fixture
def house(make: Any, stock: Any, sign_in: Callable[..., Browser]) -> SimpleNamespace:
    """Klara is a client; Hanna and Otto administer."""
    organization = make.organization(
        stock["policyholder"], document_profile_id=document_profile(make), profile_currency="EUR"
    )
    profile, desk = make.profile(), make.profile(is_staff=True)
    klara = make.member(organization, profile, make.user("Klara Muster"), is_main=True)
    hashed = hash_password(PASSWORD)
    staff = {
        name: make.user(name, is_staff=True, profile_id=desk, password_hash=hashed)
        for name in ("Hanna Brandt", "Otto Klein")
    }
    hanna, otto = staff.values()
    return SimpleNamespace(
        organization=organization, profile=profile, desk=desk, membership=klara, klara=make.user_of(klara),
        hanna=hanna, otto=otto, at_desk=Desk(sign_in(user=hanna)), at_home=sign_in(klara),
        stock=stock,
    )  # fmt: skip


@pytest.fixture
def run(make: Any, owner: Any) -> Callable[..., Any]:
    """A statement for this broker: its rows, if it has any."""

    def run(statement: str, **values: Any) -> Any:
        with current.acting_for(make.tenant_id), make.engine.begin() as connection:
            found = connection.execute(text(statement), {"tenant": make.tenant_id, **values})
            return found.all() if found.returns_rows else None

    return run
