"""Two colleagues of one client, a sibling organization, the broker's clerk, and a neighbour."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from tests.accounts.conftest import work
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox", "work"]


@dataclass
class Correspondence:
    """Cases and messages of one broker."""

    make: Any

    def case(self, subject: str, owner: uuid.UUID | None, *participants: uuid.UUID, **more: Any) -> uuid.UUID:
        values = {"status": "open", **more}
        found = self.make.row("cases", key=f"case {subject}", subject=subject, owner_id=owner, **values)
        for one in participants:
            self.make.row("case_participants", case_id=found, user_id=one)
        return found

    def message(self, case: uuid.UUID, sender: uuid.UUID | None, text: str, **more: Any) -> uuid.UUID:
        return self.make.row("messages", key=text, of_case_id=case, sender_id=sender, text=text, **more)


@pytest.fixture
def write(make: Any) -> Correspondence:
    return Correspondence(make)


@pytest.fixture
def people(make: Any, sign_in: Any) -> SimpleNamespace:
    """Their ids, and their browsers behind an underscore."""
    holder = make.policyholder("Nordwerk GmbH")
    ours, sibling = make.organization(holder), make.organization(name="Suedbau")
    desk = make.profile(is_staff=True)
    found = SimpleNamespace(
        holder=holder,
        ours=ours,
        klara=make.user("Klara Muster", email="klara@nordwerk.example"),
        ben=make.user("Ben Berg", email="ben@nordwerk.example"),
        ole=make.user("Ole Olsen", email="ole@suedbau.example"),
        meike=make.user("Meike Tams", is_staff=True, profile_id=desk, email="meike@broker.example"),
        other=make.user("Jonas Petersen", is_staff=True, profile_id=desk, email="jonas@broker.example"),
    )
    found.members = {
        name: make.member(of, user=getattr(found, name))
        for name, of in (("klara", ours), ("ben", ours), ("ole", sibling))
    }
    for name in ("klara", "ben", "ole"):
        setattr(found, f"{name}_", sign_in(found.members[name]))
    for name in ("meike", "other"):
        setattr(found, f"{name}_", sign_in(user=getattr(found, name)))
    return found


def page(browser: Any, path: str, language: str = "en") -> str:
    answer = browser.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def unread(browser: Any) -> int:
    """What the first tab of the mailbox says."""
    return int(
        re.search(r'href="/mailbox"[^>]*>Inbox<span class="n[^"]*">(\d+)', page(browser, "/mailbox"))[1]
    )
