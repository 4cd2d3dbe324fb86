"""The broker sees to access that ends and to who still has it, and switches what holds for his whole portal."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF


def test_a_review_is_finished_and_kept(arrive: Callable[..., Person], hand: Hand) -> None:
    person = arrive(STAFF["limmat"], "/", "limmat")
    page = person.page
    hand.follow(page, ".nav a[href='/reviews']")
    hand.follow(page, ".tabs a[href='/reviews?all=1']")
    hand.follow(page, "main tbody th a:text-is('Säntis Gruppe')")
    expect(page.locator("main tbody tr")).to_have_count(1)
    hand.follow(page, "main form .btn.main")
    expect(page.locator("[role=status]")).to_be_visible()
    hand.follow(page, ".tabs a[href='/reviews?all=1']")
    expect(page.locator("main tbody tr", has_text="Säntis Gruppe")).to_contain_text("Annina Wettstein")


def test_notice_is_set_and_what_ends_is_looked_up(arrive: Callable[..., Person], hand: Hand) -> None:
    person = arrive(STAFF["hansen"], "/features")
    page = person.page
    hand.write(page, "#notice_days", "900")
    page.evaluate("document.querySelector('form.settings').noValidate = true")
    hand.follow(page, "main .btn.main")
    expect(page.locator("#notice_days-error")).to_be_visible()
    hand.write(page, "#notice_days", "30")
    hand.follow(page, "main .btn.main")
    hand.follow(page, ".nav a[href='/reviews']")
    hand.follow(page, ".tabs a[href='/reviews/endings']")
    hand.follow(page, ".rbar a[href$='days=365']")
    expect(page.locator("main section h2")).to_have_count(2)
