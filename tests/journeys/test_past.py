"""Looking back: the insurance manager sees her contracts as at last year, what changed since, and what became of one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from tenants import visibility
from tests.journeys.people import Hand, Person

INSURANCE_MANAGER = "k.behrens@nordwerk.example"


def test_choosing_a_day_going_on_to_what_changed_and_back_to_now(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    person = arrive(INSURANCE_MANAGER, "/contracts?status=own", language="de")
    page, day = person.page, visibility.today() - datetime.timedelta(days=100)

    hand.use(page, "[popovertarget=as-of]")
    hand.write(page, "#as-of-day", day.isoformat())
    hand.follow(page, "#as-of button")

    assert person.path == f"/contracts?status=own&as_of={day}"
    assert f"Stand vom {day:%d.%m.%Y}" in page.locator(".rbar").inner_text()
    then = page.locator(".head [role=status]").inner_text()

    hand.follow(page, ".note a:text-is('Was sich seither geändert hat')")
    assert person.path == f"/contracts/changes?status=own&from={day}"
    assert page.locator("tbody tr").count() > page.locator("tbody tr:has(del)").count() > 0
    hand.write(page, "[name=to]", day.isoformat())
    hand.follow(page, "button:text-is('Vergleichen')")
    assert page.locator("tbody tr").count() == 0
    hand.write(page, "[name=to]", str(visibility.today()))
    hand.follow(page, "button:text-is('Vergleichen')")
    number = page.locator("tr:has(del) th a").first.inner_text()
    hand.follow(page, "tr:has(del) th a")
    assert number in page.locator("h1").inner_text()
    told = page.locator("ol.line").inner_text()
    assert "Beitrag netto" in told
    assert "Import aus dem Bestandssystem" in told

    person.open(f"/contracts?status=own&as_of={day}")
    hand.follow(page, ".note a:text-is('Aktueller Stand')")
    assert person.path == "/contracts?status=own"
    assert page.locator(".head [role=status]").inner_text() != then
    assert person.complaints == []
