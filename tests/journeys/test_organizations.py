"""A clerk opens access for a client, by mouse and by keyboard, and sees what each step does before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Dialog, expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

NAME = "Bramblewick Estates"


@pytest.fixture
def clerk(arrive: Callable[..., Person]) -> Iterator[Person]:
    """At the desk; what he made is gone afterwards."""
    person = arrive(STAFF["hansen"], "/organizations")
    yield person
    person.open("/organizations?q=Bramblewick")
    while person.page.locator("[data-rows] tbody th a").count():
        person.follow("[data-rows] tbody th a")
        person.follow(".head a[href$='/deletion']")
        person.follow("main .risk")
        person.open("/organizations?q=Bramblewick")


def test_access_is_opened_widened_and_a_step_taken_back(clerk: Person, hand: Hand) -> None:
    page, effect = clerk.page, clerk.page.locator("#effect")
    hand.follow(page, "a[href='/organizations/new']")
    hand.write(page, "#name", NAME)
    hand.follow(page, "main .btn.main")
    expect(page.locator("h1")).to_have_text(NAME)
    expect(effect).to_contain_text("0 contracts")

    hand.follow(page, "a[href$='/lists/policyholders']")
    hand.write(page, "main [name=q]", "bramblewick")
    expect(page.locator("[name=add]")).to_have_count(1)
    hand.use(page, "[name=add]")
    expect(effect.locator(".big s")).to_have_text("0")
    told = effect.locator(".big b").inner_text()
    assert int(told) > 0
    hand.write(page, "main [name=q]", "zzz")
    expect(page.locator("#h-picked")).to_be_visible()
    expect(page.locator("[name=add]")).to_be_checked()
    expect(effect.locator(".big b")).to_have_text(told)
    hand.follow(page, "#effect .btn.main")
    hand.follow(page, ".crumbs a[href*='/organizations/']")
    expect(effect).to_contain_text(f"{told} contract")

    hand.use(page, "[name=share_automatically]")
    expect(effect.locator(".big b")).to_have_text("0")
    hand.follow(page, "#effect .btn.main")
    expect(effect).to_contain_text("0 contracts")
    hand.follow(page, ".note .btn")
    expect(effect).to_contain_text(f"{told} contract")
    expect(page.locator("#changes li form")).to_have_count(3)

    hand.follow(page, "#people a[href$='/members']")
    hand.write(page, "#people", "Bramble Wick bramble.wick@bramblewick.example")
    hand.choose(page, "#profile", "Versicherungsmanagement")
    hand.follow(page, "main .btn.main")
    expect(page.locator("main tbody th")).to_contain_text(["Bramble Wick"])


def test_what_is_typed_is_not_left_without_a_word(arrive: Callable[..., Person], hand: Hand) -> None:
    page = arrive(STAFF["hansen"], "/organizations").page
    hand.follow(page, "[data-rows] tbody th a")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    address, name = page.url, page.locator("#name").input_value()
    hand.write(page, "#name", "Left alone")
    hand.use(page, "a[href$='/lists/policyholders']")
    expect(page.locator("#name")).to_have_value("Left alone")
    assert (asked, page.url) == (["beforeunload"], address)

    hand.write(page, "#name", name)
    hand.follow(page, "a[href$='/lists/policyholders']")
    page.go_back()
    hand.write(page, "#name", "Left alone")
    with page.expect_navigation():
        page.click("#effect [data-discards]")
    assert asked == ["beforeunload"]
