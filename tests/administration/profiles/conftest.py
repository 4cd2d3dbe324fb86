"""People around profiles: who keeps them at the desk, and a client who has one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from sqlalchemy import text

from tenants import current
from tests.conftest import Browser
from tests.factories import Make

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
CHOSEN = re.compile(
    r'<input class="box" type="radio" name="([^"]+)" value="([^"]*)"[^>]*? checked(?! disabled)'
)
BOXES = re.compile(r'<input class="box" type="checkbox" name="([^"]+)" value="([^"]*)"[^>]*? checked')
NAME = re.compile(r'<input class="input" id="name" name="(name)" value="([^"]*)"')


class Keeper:
    """Somebody at the desk who fills in the editor's forms as a browser would."""

    def __init__(self, browser: Browser, make: Make) -> None:
        self.browser, self.make, self.page, self.address = browser, make, "", ""

    def open(self, profile: uuid.UUID, part: str = "field.contract", **words: str) -> Keeper:
        self.address = f"/profiles/{profile}"
        answer = self.browser.get(self.address, query_string={"part": part, **words})
        assert answer.status_code == 200
        self.page = answer.text
        return self

    def form(self) -> list[tuple[str, str]]:
        """What the form at hand would send as it stands."""
        found = [pair for kind in (HIDDEN, CHOSEN, BOXES, NAME) for pair in kind.findall(self.page)]
        return [(unescape(name), unescape(value)) for name, value in found]

    def send(self, to: str, **chosen: Any) -> Any:
        """Send the form with some of its controls set anew; what comes is at hand then."""
        told: dict[str, list[str]] = {}
        for name, value in self.form():
            if name not in chosen:
                told.setdefault(name, []).append(value)
        told |= {name: value if isinstance(value, list) else [value] for name, value in chosen.items()}
        answer = self.browser.post(self.address + to, data=told)
        if answer.status_code == 303:
            self.page = self.browser.get(answer.headers["Location"]).text
        else:
            self.page = answer.text
        return answer

    def save(self) -> Any:
        return self.send("")


@pytest.fixture
def desk(make: Make) -> uuid.UUID:
    """The profile of whoever may do everything."""
    return make.profile(is_staff=True)


@pytest.fixture
def keeper(make: Make, desk: uuid.UUID, sign_in: Callable[..., Browser]) -> Keeper:
    person = make.user("Petra Keller", is_staff=True, profile_id=desk)
    return Keeper(sign_in(user=person), make)


@pytest.fixture
def asked(make: Make) -> Callable[..., list[tuple]]:
    """Rows of the broker; `:tenant` is at hand."""

    def ask(query: str, **values: Any) -> list[tuple]:
        with current.acting_for(make.tenant_id), make.engine.begin() as connection:
            found = connection.execute(text(query), {"tenant": make.tenant_id, **values})
            return [tuple(row) for row in found]

    return ask


@pytest.fixture
def rules_of(asked: Callable[..., list[tuple]]) -> Callable[[uuid.UUID], dict[str, str]]:
    """What a profile grants itself: subject to action."""

    def rules_of(profile: uuid.UUID) -> dict[str, str]:
        return dict(
            asked(
                "select subject, action from profile_rules where tenant_id = :tenant and profile_id = :profile",
                profile=profile,
            )
        )

    return rules_of
