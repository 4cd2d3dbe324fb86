"""A broker's administrator, and clients who look at their home page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def clerk(make: Any, sign_in: Any) -> Any:
    return sign_in(user=make.user("Aylin Kaya", is_staff=True, profile_id=make.profile(is_staff=True)))


@pytest.fixture
def home() -> Callable[..., str]:
    """Somebody's home page, in German unless said otherwise."""

    def home(browser: Any, language: str = "de") -> str:
        answer = browser.get("/", headers={"Accept-Language": language})
        assert answer.status_code == 200
        return answer.text

    return home


@pytest.fixture
def headings(home: Any) -> Callable[[Any], list[str]]:
    """The headings of somebody's home page in their order."""

    def headings(browser: Any) -> list[str]:
        return re.findall(r"<h2[^>]*>([^<]+)</h2>", home(browser).partition("<main")[2])

    return headings
