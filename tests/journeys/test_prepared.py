"""A file on its way, whatever page its reader is on; and a report as it comes out of the printer."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import text

from tenants import current
from tests.journeys.people import Demo, Person
from tests.journeys.test_working import INSURANCE_MANAGER

ASKED = """
    insert into exports (tenant_id, id, user_id, membership_id, record, address, ending, language, state, rows, expires_at)
    select m.tenant_id, :id, m.user_id, m.id, 'contract', '', 'pdf', 'en', 'running', 9, now() + interval '1 hour'
      from memberships m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
     where m.tenant_id = :t and u.email = :email"""


@pytest.fixture
def file_on_its_way(demo: Demo) -> Iterator[Callable[[str], None]]:
    """A file somebody asked for; called with a statement, what becomes of it."""
    known = {"t": demo.tenants["hansen"], "id": uuid.uuid4(), "email": INSURANCE_MANAGER}

    def become(statement: str) -> None:
        with current.acting_for(known["t"]), demo.web.begin() as connection:
            connection.execute(
                text(statement), {name: known[name] for name in known if f":{name}" in statement}
            )

    become(ASKED)
    yield become
    become("delete from exports where tenant_id = :t and id = :id")


def test_whoever_goes_on_working_hears_that_his_file_is_ready(
    visit: Callable[..., Person], file_on_its_way: Any
) -> None:
    person = visit().sign_in(INSURANCE_MANAGER, language="en")
    person.context.add_cookies([{"name": "files", "value": "1", "url": f"http://{person.host}/"}])
    person.open("/claims?rows=25")
    toasts = person.page.locator("[role=status][data-news]")
    expect(toasts).to_have_attribute("data-news", "moving")
    expect(toasts.locator(".toast")).to_have_count(0)

    file_on_its_way("update exports set state = 'finished' where tenant_id = :t and id = :id")
    expect(toasts).to_contain_text("Contracts.pdf is ready", timeout=20_000)
    expect(toasts).to_have_attribute("data-news", "")
    assert person.path == "/claims?rows=25"
    found = Axe().run(person.page).response["violations"]
    assert [one["id"] for one in found] == []

    person.follow("[data-news] button:text-is('Close notice')")
    assert person.path == "/claims?rows=25"
    expect(toasts).to_have_count(0)
    assert person.complaints == []


def test_a_printed_report_is_light_and_without_what_cannot_be_clicked(visit: Callable[..., Person]) -> None:
    person = visit(color_scheme="dark").sign_in(INSURANCE_MANAGER, language="en")
    person.open("/contracts?by=line_of_business&across=status&show=count&chart=bars")
    bar = person.page.locator("rect.s1").first
    by_night = bar.evaluate("one => getComputedStyle(one).fill")
    person.page.emulate_media(media="print")
    assert bar.evaluate("one => getComputedStyle(one).fill") == "rgb(31, 88, 148)" != by_night
    for gone in (
        "header.bar",
        "nav.nav",
        ".rbar .find",
        ".rbar .seg",
        ".acts",
        "[popovertarget=chart-kinds]",
        "nav.dock",
    ):
        expect(person.page.locator(gone).first).to_be_hidden()
    expect(person.page.locator(".chip[data-kind=break]")).to_be_visible()
    person.open("/contracts")
    # A button would be painted on the first page only.
    heads = person.page.locator("[data-rows] thead .col").evaluate_all(
        "all => all.map(one => getComputedStyle(one).display)"
    )
    assert set(heads) == {"contents"}
