"""Looking back: the insurance manager sees her contracts as at last year, what changed since, and what became of one."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from tenants import visibility
from tests.journeys.people import Person

INSURANCE_MANAGER = "k.behrens@nordwerk.example"


def test_choosing_a_day_going_on_to_what_changed_and_back_to_now(visit: Callable[..., Person]) -> None:
    person = visit(language="de").sign_in(INSURANCE_MANAGER, language="de")
    day = visibility.today() - datetime.timedelta(days=100)
    person.open("/contracts?status=own")

    person.page.click("[popovertarget=as-of]:visible")
    person.page.fill("#as-of-day", day.isoformat())
    person.follow("#as-of button")

    assert person.path == f"/contracts?status=own&as_of={day}"
    assert f"Stand vom {day:%d.%m.%Y}" in person.page.locator(".rbar").inner_text()
    then = person.page.locator(".head [role=status]").inner_text()

    person.follow(".note a >> text=Was sich seither geändert hat")
    assert person.path == f"/contracts/changes?status=own&from={day}"
    first = person.page.locator("tr:has(del) th a").first
    number = first.inner_text()
    first.click()
    person.page.wait_for_selector("#history")
    assert number in person.page.locator("h1").inner_text()
    told = person.page.locator("ol.line").inner_text()
    assert "Beitrag netto" in told
    assert "Import aus dem Bestandssystem" in told

    person.open(f"/contracts?status=own&as_of={day}")
    person.follow(".note a >> text=Aktueller Stand")
    assert person.path == "/contracts?status=own"
    assert person.page.locator(".head [role=status]").inner_text() != then
    assert person.complaints == []
