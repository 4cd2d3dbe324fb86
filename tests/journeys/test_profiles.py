"""An administrator changes what a profile grants; its members find it on their next page, and lose it again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

MEMBER = "t.yildiz@nordwerk.example"
PREMIUM = '"field:contract.premium_net"'
SHOWN = "/contracts?columns=number,premium_net"


def test_a_field_is_granted_reviewed_saved_and_taken_away_again(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    member = arrive(MEMBER, SHOWN, language="en")
    broker = arrive(STAFF["hansen"], "/profiles", language="en")
    page, heading = broker.page, member.page.locator("[data-rows] thead").get_by_text("Premium excl. tax")
    expect(heading).to_have_count(0)

    hand.follow(page, "a:text-is('Objektverantwortlicher')")
    hand.write(page, "[name=q]", "premium excl")
    hand.follow(page, ".find button")
    hand.pick(page, PREMIUM, "read")
    hand.follow(page, "nav button:has-text('Functions')")
    expect(page.locator(".dockbar")).to_contain_text("1 change")
    hand.follow(page, "button:text-is('Review changes')")
    expect(page.locator(".diff")).to_contain_text("Premium excl. tax")
    expect(page.locator(".card footer")).to_contain_text("Nordwerk Gruppe: 2")
    hand.follow(page, "button:text-is('Save profile')")
    expect(page.get_by_role("status").first).to_contain_text("The profile is saved.")
    member.open(SHOWN)
    expect(heading).to_have_count(1)

    broker.open(broker.path.partition("?")[0])
    hand.pick(page, PREMIUM, '""')
    hand.follow(page, "button:text-is('Review changes')")
    expect(page.get_by_text("Loses access")).to_be_visible()
    hand.follow(page, "button:text-is('Save profile')")
    member.open(SHOWN)
    expect(heading).to_have_count(0)


def test_a_box_over_a_section_tells_of_its_rows_and_sets_them_all(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    broker = arrive(STAFF["hansen"], "/profiles", language="en")
    page = broker.page
    hand.follow(page, "a:text-is('Buchhaltung')")
    hand.follow(page, "nav button:has-text('Claims')")
    section = page.locator("tbody").filter(has_text="Amounts")
    box = section.locator("[data-all][value=mask]")
    name = box.get_attribute("aria-label")

    hand.use(page, f'[aria-label="{name}"]')

    assert (
        section.locator("input[type=radio][value=mask]:checked").count() == section.locator("tr").count() - 1
    )
    expect(box).to_be_checked()
    section.locator("input[type=radio][value=read]").first.check()
    assert box.evaluate("one => one.indeterminate")
    hand.follow(page, "button:text-is('Review changes')")
    expect(page.get_by_role("heading", name="Effect before saving")).to_be_visible()
    expect(page.locator(".diff")).to_contain_text("Hidden → Masked")
