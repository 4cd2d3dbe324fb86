"""People and their deadlines: from the home page to the contracts, and into a calendar of their own."""

from __future__ import annotations

from collections.abc import Callable

from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.test_working import INSURANCE_MANAGER, column, names


def test_the_tile_leads_to_what_can_be_cancelled_in_time(visit: Callable[..., Person]) -> None:
    person = visit().sign_in(INSURANCE_MANAGER, language="en")
    tile = person.page.locator("section[aria-labelledby=deadlines]")
    expect(tile.locator("footer a")).to_have_text(["within 30 days", "within 60 days", "within 90 days"])

    tile.locator("footer a").last.click()
    person.page.wait_for_url("**/contracts?**last_day_to_cancel.le=**")
    assert names(person.page)

    person.open(f"{person.path}&columns=number,last_day_to_cancel")
    days = column(person.page, "Last day to give notice")
    order = [(day[6:], day[3:5], day[:2]) for day in days]
    assert order == sorted(order)
    assert all(days)
    person.page.locator("[data-rows] tbody th a").first.click()
    expect(person.page.locator("section.note h2")).to_contain_text("Can be cancelled until")


def test_a_calendar_is_made_read_by_a_program_and_taken_back(visit: Callable[..., Person]) -> None:
    person = visit().sign_in(INSURANCE_MANAGER, language="en")
    person.page.get_by_role("link", name="Subscribe to calendar").click()
    person.follow("#calendar form[action='/settings/calendar'] button")
    address = person.page.locator("#calendar code").inner_text()
    assert address.startswith(f"http://{person.host}/calendar/")

    program, path = visit(), address.removeprefix(f"http://{person.host}")
    answer = program.fetch(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.body).walk("VEVENT")
    assert events
    person.open(str(events[0]["url"]).removeprefix(f"http://{person.host}"))
    expect(person.page.locator("h1")).to_be_visible()

    person.open("/settings")
    person.follow("#calendar form[action$=revocation] button")
    assert program.fetch(path).status == 404
