"""A clerk unlocks the private portal of a client’s employee, who goes there by the switch; his company sees nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

CHIARA = "c.meier@nordwerk.example"


@pytest.fixture
def clerk(arrive: Callable[..., Person]) -> Iterator[Person]:
    """At the desk; the portal he unlocked is gone afterwards."""
    person = arrive(STAFF["hansen"], "/users?q=Chiara")
    yield person
    person.open("/organizations?q=Chiara")
    person.follow("[data-rows] tbody th a")
    person.follow(".head a[href$='/deletion']")
    person.follow("main .risk")


def test_an_employee_has_a_portal_of_his_own_until_it_is_locked(
    clerk: Person, arrive: Callable[..., Person], visit: Callable[..., Person], hand: Hand
) -> None:
    page = clerk.page
    hand.follow(page, "[data-rows] tbody th a")
    hand.follow(page, "main a[href$='/private-portal']")
    expect(page.locator("main label", has_text="Same email address").locator("input")).to_be_checked()
    hand.write(page, "main [name=q]", "lorenz")
    hand.follow(page, "main button[value=find]")
    expect(page.locator("main label", has_text="Eva Lorenz").locator("input")).not_to_be_checked()
    hand.follow(page, "main button[value=unlock]")
    expect(page.locator("#profile-error")).to_be_visible()
    hand.choose(page, "#profile", "Versicherungsmanagement")
    hand.follow(page, "main button[value=unlock]")
    expect(page.locator("[aria-labelledby=h-private]")).to_contain_text("Chiara Meier")

    chiara = visit("hansen", language="en").sign_in(CHIARA, language="en")
    hand.use(chiara.page, ".bar [popovertarget=orgs]")
    hand.follow(chiara.page, "#orgs button:has-text('Private')")
    expect(chiara.page.locator(".bar .org")).to_contain_text("Private")
    chiara.open("/contracts")
    expect(chiara.page.locator("[data-rows] tbody tr")).to_have_count(3)

    maren = arrive("m.stueve@nordwerk.example", "/colleagues")
    expect(maren.page.locator("main tbody tr", has_text=CHIARA)).to_have_count(1)
    assert "rivate" not in maren.page.inner_text("main")

    hand.follow(page, "[aria-labelledby=h-private] form button")
    expect(page.locator("h1")).to_contain_text("?")
    hand.follow(page, "main button.risk")
    expect(page.locator("[aria-labelledby=h-private]")).to_contain_text("Locked")
    chiara.open("/contracts")
    assert "/sign-in" in chiara.page.url
