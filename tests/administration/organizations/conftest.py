"""A clerk at the desk, an organization with contracts in several states, and a member who sees it."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

FIELD = re.compile(r'<input[^>]*?name="(?P<name>[^"]+)"[^>]*>|<option value="(?P<option>[^"]*)" selected>')


@dataclass
class Desk:
    """Somebody at the desk, on the page of one organization."""

    browser: Any
    organization: uuid.UUID

    @property
    def path(self) -> str:
        return f"/organizations/{self.organization}"

    def open(self) -> str:
        answer = self.browser.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self, page: str | None = None) -> dict[str, list[str]]:
        """What the page's form would send as it stands."""
        body = re.search(r'<form class="desk".*?</form>', page or self.open(), re.S)
        assert body is not None
        found: dict[str, list[str]] = {}
        for box in re.findall(r"<input[^>]*>", body[0]):
            name, value = (re.search(rf'\b{word}="([^"]*)"', box) for word in ("name", "value"))
            if name and (not re.search(r'type="(checkbox|radio)"', box) or " checked" in box):
                found.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
        for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body[0], re.S):
            chosen = re.search(r'value="([^"]*)" selected', options)
            found[name] = [html.unescape(chosen[1]) if chosen else ""]
        return found

    def send(self, way: str = "", page: str | None = None, **changes: Any) -> Any:
        """Change some of the form and send it; None takes a word out."""
        sent = self.form(page)
        for word, value in changes.items():
            sent.pop(word, None)
            if value is not None:
                sent[word] = value if isinstance(value, list) else [value]
        return self.browser.post(self.path + way, data=sent)


@pytest.fixture
def holder(make: Any) -> Any:
    found = make.policyholder("Nordwerk Guss GmbH")
    for number, status in (("N-1", "own"), ("N-2", "own"), ("N-3", "quote"), ("N-4", "cancelled")):
        make.contract(found, number=number, status=status, line_of_business="080", document_on=None)
    return found


@pytest.fixture
def organization(make: Any, holder: Any) -> Any:
    return make.organization(holder, states=["own"])


@pytest.fixture
def clerk(make: Any) -> uuid.UUID:
    return make.user("Aylin Kaya", is_staff=True, profile_id=make.profile(is_staff=True))


@pytest.fixture
def desk(organization: Any, clerk: Any, sign_in: Any) -> Desk:
    return Desk(sign_in(user=clerk), organization)
