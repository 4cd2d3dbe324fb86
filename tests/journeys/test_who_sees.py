"""Why can she see this: from a record to everybody who sees it, and from a person to what is missing."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.test_accessibility import STAFF, VARIANTS, problems

CHIEF = "m.stueve@nordwerk.example"
NARROWED = "t.yildiz@nordwerk.example"


def looked_at(person: Person) -> list[str]:
    return [one for scheme, width in VARIANTS for one in problems(person, scheme, width)]


def test_from_a_record_to_who_sees_it_and_why(visit: Callable[..., Person]) -> None:
    asking = visit(language="en").sign_in(STAFF["hansen"], language="en")
    narrowed = visit(language="en").sign_in(NARROWED, language="en")
    narrowed.open("/contracts")
    seen = narrowed.page.locator("[data-rows] tbody th a").first
    number, address = seen.inner_text(), seen.get_attribute("href") or ""

    asking.open(address)
    asking.follow("a:has-text('Who sees this?')")
    expect(asking.page.get_by_role("heading", name="people see this record")).to_be_visible()
    wrong = looked_at(asking)
    asking.follow("a:text-is('Thorsten Yıldız')")
    expect(
        asking.page.get_by_role("heading", name=f"Yes, Thorsten Yıldız sees: Contract {number}")
    ).to_be_visible()
    expect(asking.page.locator(".why li").first).to_contain_text("Member of the organisation Nordwerk Gruppe")
    expect(asking.page.locator(".why")).to_contain_text("The membership is limited to")
    wrong += looked_at(asking)

    asking.page.fill("#what", "nordwerk")
    asking.follow("button:text-is('Search')")
    wrong += looked_at(asking)
    asking.page.fill("#what", "")
    asking.follow("a[aria-label='Remove record']")
    expect(asking.page.get_by_role("heading", name="Nordwerk Gruppe", exact=True)).to_be_visible()
    asking.page.locator("details.fold summary").first.click()
    wrong += looked_at(asking)
    assert wrong == []


def test_a_clients_administrator_explains_to_a_colleague_what_he_does_not_see(
    visit: Callable[..., Person],
) -> None:
    chief = visit(language="en").sign_in(CHIEF, language="en")
    colleague = visit(language="en").sign_in(NARROWED, language="en")
    chief.open("/contracts")
    addresses = [
        one.get_attribute("href") or "" for one in chief.page.locator("[data-rows] tbody th a").all()
    ]
    hidden = next(one for one in addresses if colleague.open(one) == 404)

    chief.open(hidden)
    chief.follow("a:has-text('Who sees this?')")
    chief.page.fill("#who", "yildiz")
    chief.follow("button:text-is('Search')")

    expect(chief.page.locator("main h2").first).to_contain_text("No, Thorsten Yıldız does not see")
    expect(chief.page.locator(".why li[data-no]")).to_contain_text(
        "None of the objects this person looks after"
    )
    expect(chief.page.locator("main")).not_to_contain_text("hansen-brandt")
    assert problems(chief, "light", 1440) + problems(chief, "dark", 390) == []
