"""A broker takes functions of reports from an organization: on his page, and on its members' next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.test_accessibility import STAFF, problems
from tests.journeys.test_working import SWISS_MANAGER, entries

OFF = ("report.bar", "report.actions", "report.sort", "report.columns", "report.totals", "report.breaks")


@pytest.fixture
def broker(visit: Callable[..., Person]) -> Iterator[Person]:
    """On the page of the manager's organization; whatever is switched off there is on again afterwards."""
    person = visit(language="en").sign_in(STAFF["hansen"], language="en")
    person.open("/reports")
    person.follow("a:has-text('Report functions')")
    person.page.select_option("#organization", label="Nordwerk Schweiz")
    person.follow("button:text-is('Choose functions')")
    yield person
    for box in person.page.locator("[name=on]").all():
        box.check()
    person.follow("button:text-is('Save report functions')")


def test_an_overview_without_its_tools(visit: Callable[..., Person], broker: Person) -> None:
    manager = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    manager.open("/contracts")
    everything = entries(manager.page)
    for key in OFF:
        broker.page.uncheck(f"[name=on][value='{key}']")

    broker.follow("button:text-is('Save report functions')")
    expect(broker.page.get_by_role("status").first).to_contain_text("The report functions are saved.")
    manager.open("/contracts")

    assert entries(manager.page) == everything
    for gone in (".rbar", "[data-print]", "[popovertarget=sort]", "#saved"):
        expect(manager.page.locator(gone)).to_have_count(0)
    assert (
        problems(broker, "dark", 390) + problems(manager, "light", 1440) + problems(manager, "dark", 390)
        == []
    )
    manager.open("/contracts?status=own")
    expect(manager.page.get_by_text("This view is filtered.")).to_be_visible()
    manager.follow("a:text-is('Reset all')")
    assert entries(manager.page) == everything
