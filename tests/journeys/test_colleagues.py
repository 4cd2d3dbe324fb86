"""A client’s own administrator looks after her colleagues’ access, and never beyond her own."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Hand, Person

EMAIL = "wiebke.harms@nordwerk.example"


def test_a_clients_administrator_invites_a_colleague_and_changes_her_mind(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    person = arrive("m.stueve@nordwerk.example", "/")
    page = person.page
    hand.follow(page, ".nav a[href='/colleagues']")
    expect(page.locator("main tbody th a", has_text="Maren Stüve")).to_have_count(0)

    hand.write(page, "#people", "Wiebke Harms")
    hand.choose(page, "#profile", "Buchhaltung")
    hand.follow(page, "main .card .btn.main")
    expect(page.locator("#people-error")).to_be_visible()
    hand.write(page, "#people", f"Wiebke Harms {EMAIL}")
    hand.follow(page, "main .card .btn.main")
    expect(page.locator("[role=status]")).to_contain_text("1 invitation")
    offer = page.locator("[aria-labelledby=h-offers] tr", has_text=EMAIL)
    expect(offer).to_contain_text("Buchhaltung")
    hand.follow(page, "[aria-labelledby=h-offers] form[action$='/withdrawal'] button")
    expect(offer).to_have_count(0)

    hand.follow(page, "main tbody a:text-is('Chiara Meier')")
    page.fill("#ends_on", "2099-12-31")
    hand.follow(page, ".sect .btn.main")
    expect(page.locator("[role=status]")).to_be_visible()
    page.fill("#ends_on", "")
    hand.follow(page, ".sect .btn.main")
    expect(page.locator("#ends_on")).to_have_value("")
