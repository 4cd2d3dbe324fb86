"""Klara, a member of a client, in a browser, and whatever is mailed to her."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from app.accounts.passwords import hash_password
from tests.administration.conftest import work
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox", "work"]

PASSWORD = "a long enough password"
ANOTHER = "quite another password"
EMAIL = "klara@nordwerk.example"


@pytest.fixture
def klara(make: Any) -> SimpleNamespace:
    user = make.user("Klara Muster", password_hash=hash_password(PASSWORD), email=EMAIL)
    organization = make.organization(make.policyholder())
    return SimpleNamespace(user=user, organization=organization, member=make.member(organization, user=user))


def came_in(browser: Any, password: str, email: str = EMAIL) -> bool:
    return bool(browser.post("/sign-in", data={"email": email, "password": password}).status_code == 303)


def beside(page: str, control: str) -> str:
    """What is said to be wrong with a control."""
    found = re.search(rf'id="{control}-error".*?</p>', page, re.S)
    return found[0] if found else ""


def acts(make: Any) -> list[str]:
    return [row.act for row in make.rows("audit")]
