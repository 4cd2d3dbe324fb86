"""A clerk invites clients who are in no organization, and looks after the users of the portal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

PAGE = "/clients-without-access"
TWO = ["Seefelder Kaffeerösterei GmbH", "Versorgungswerk Elbbogen e. V."]


@pytest.fixture
def clerk(arrive: Callable[..., Person]) -> Iterator[Person]:
    """At the desk; the organizations he made are gone afterwards."""
    person = arrive(STAFF["hansen"], "/organizations")
    yield person
    for name in ("Seefelder", "Elbbogen"):
        person.open(f"/organizations?q={name}")
        while person.page.locator("[data-rows] tbody th a").count():
            person.follow("[data-rows] tbody th a")
            person.follow(".head a[href$='/deletion']")
            person.follow("main .risk")
            person.open(f"/organizations?q={name}")


def test_from_clients_without_access_to_organizations_and_their_users(clerk: Person, hand: Hand) -> None:
    page = clerk.page
    hand.use(page, "button[popovertarget=ways]")
    hand.follow(page, f"#ways a[href='{PAGE}']")
    clerk.open(f"{PAGE}?{urlencode({'name.in': json.dumps(TWO)})}")
    hand.follow(page, f"a[href^='{PAGE}/invitation']")
    expect(page.locator("#h-lines")).to_have_text("2 organisations are proposed")
    expect(page.locator("main")).to_contain_text("1 client has no email address on record")

    lines = page.locator("main tbody tr")
    without = lines.filter(has_text="Elbbogen").locator("[type=email]")
    without.fill("post@elbbogen")
    hand.follow(page, "main .btn.main")
    expect(page.locator("#profile-error")).to_be_visible()
    expect(page.locator("[id^='email-'][id$='-error']")).to_contain_text("One email address is expected")
    without = lines.filter(has_text="Elbbogen").locator("[type=email]")
    without.fill("")
    hand.choose(page, "#profile", "Versicherungsmanagement")
    hand.follow(page, "main .btn.main")
    expect(page.locator("main .note")).to_contain_text("1 organisation, 1 client")
    expect(page.locator("main .note")).to_contain_text("1 line is left out")
    hand.follow(page, "button[value=change]")
    lines.filter(has_text="Elbbogen").locator("[type=email]").fill("post@elbbogen.example")
    hand.follow(page, "main .btn.main")
    expect(page.locator("main .note")).to_contain_text("2 organisations, 2 clients")
    hand.follow(page, "button[value=create]")
    expect(page.locator("main .note")).to_contain_text(
        "2 organisations are created. 2 invitations are on their way."
    )

    clerk.open("/users?q=elbbogen")
    hand.follow(page, "[data-rows] tbody th a")
    expect(page.locator(".head .badge")).to_have_text("Not invited yet")
    hand.follow(page, "button:has-text('Deactivate user')")
    expect(page.locator("h1")).to_have_text("Deactivate Versorgungswerk Elbbogen e. V.?")
    hand.follow(page, "main button.risk")
    expect(page.locator(".head .badge")).to_have_text("Inactive")
    hand.follow(page, "button:has-text('Activate user')")
    hand.follow(page, "main a[href*='/members/']")
    expect(page.locator("h1")).to_have_text("Versorgungswerk Elbbogen e. V.")
