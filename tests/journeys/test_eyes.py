"""An administrator looks at the portal through a client's eyes, cannot change anything there, and comes back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from app.demo.broker import PASSWORD
from app.demo.command import BROKERS
from app.reports.source import SOURCES
from permissions.arrival import running_memberships
from tenants import current, visibility
from tests.administration.eyes.same import differences, pages
from tests.conftest import Browser
from tests.journeys.people import Demo, Hand, Person
from tests.journeys.test_accessibility import STAFF, problems
from tests.journeys.test_members import FOREIGN, people
from tests.security.stock import listed

CLIENT = "k.behrens@nordwerk.example"
REASON = "Question about an invoice"
AT_ONCE = 3
"""Records of each type whose pages are compared, the first of each overview."""


def test_looking_through_a_clients_eyes_and_back(visit: Callable[..., Person], hand: Hand) -> None:
    person = visit(language="en").sign_in(STAFF["hansen"], language="en")
    page = person.page
    person.open("/users")
    hand.write(page, "#report-search", "behrens")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    hand.follow(page, "tbody a:has-text('Behrens')")
    assert problems(person, "light", 1440) + problems(person, "dark", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    hand.follow(page, "main a:has-text('View as user')")
    hand.write(page, "#reason", "short")
    hand.write(page, "#password", "not this one")
    hand.follow(page, "main button:has-text('View as user')")
    expect(page.locator("#reason-error")).to_contain_text("Between 10 and 300 characters")
    expect(page.locator("#reason")).to_have_value("short")
    assert problems(person, "dark", 1440) + problems(person, "light", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    hand.write(page, "#reason", REASON)
    hand.choose(page, "#minutes", "15 minutes")
    hand.write(page, "#password", PASSWORD)
    hand.follow(page, "main button:has-text('View as user')")

    # The client has chosen German; the way to another language is the one he has.
    person.speak("en")
    banner = page.locator(".imp")
    expect(banner).to_contain_text("is viewing the portal as")
    expect(banner).to_contain_text("Ends in 15 minutes")
    assert problems(person, "light", 1440) + problems(person, "dark", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    person.open("/settings")
    hand.follow(page, "#appearance button")
    expect(page.locator("h1")).to_have_text("Not possible in this view")
    expect(banner).to_be_visible()
    person.complaints.clear()
    hand.follow(page, ".imp button")

    expect(page.locator("h1")).to_have_text(re.compile("own desk|Schreibtisch"))
    expect(banner).to_have_count(0)
    hand.follow(page, "main a[href='/users']")
    expect(page.locator("main table").first).to_be_visible()


def test_the_client_reads_of_it_in_his_settings(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(STAFF["hansen"], language="en")
    person.open("/users?q=s.wyss")
    person.follow("tbody th a")
    person.follow("main a:has-text('View as user')")
    person.page.fill("#reason", REASON)
    person.page.fill("#password", PASSWORD)
    person.follow("main button:has-text('View as user')")
    person.follow(".imp button")

    client = visit(language="en").sign_in("s.wyss@nordwerk.example", language="en")
    client.open("/settings")
    client.follow("#views a")

    expect(client.page.locator("tbody tr").first).to_contain_text(REASON)
    assert problems(client, "light", 390) + problems(client, "dark", 1440) == []


def test_the_banner_is_printed_without_its_button(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(STAFF["hansen"], language="en")
    person.open("/users?q=behrens")
    person.follow("tbody th a")
    person.follow("main a:has-text('View as user')")
    person.page.fill("#reason", REASON)
    person.page.fill("#password", PASSWORD)
    person.follow("main button:has-text('View as user')")
    person.page.emulate_media(media="print")

    expect(person.page.locator(".imp p")).to_be_visible()
    expect(person.page.locator(".imp button")).to_be_hidden()


class Visitor(Browser):
    """Somebody at a broker of the demonstration, without a browser around the pages."""

    def __init__(self, portal: Flask, host: str) -> None:
        self.client, self.base = portal.test_client(), f"http://{host}"


def signed_in(portal: Flask, demo: Demo, slug: str, email: str) -> Visitor:
    visitor = Visitor(portal, demo.host(slug))
    answer = visitor.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, email
    return visitor


def clients() -> Iterator[object]:
    """Every client of the demonstration who may sign in today, with his broker."""
    of_clients = {
        member["user"]
        for make in BROKERS
        for organization in make(visibility.today()).config["organizations"]
        for member in organization["members"]
    }
    for slug, email, _is_named in people():
        if email in of_clients:
            yield pytest.param(slug, email, id=f"{slug}-{email.split('@')[0]}")


def records_of(visitor: Visitor) -> dict[str, list[uuid.UUID]]:
    """The first records of each type that somebody sees."""
    found = {}
    for source in SOURCES.values():
        answer = visitor.get(f"/api/v1/{source.plural}?limit={AT_ONCE}")
        rows = answer.json[source.plural] if answer.status_code == 200 else []
        found[source.record] = [uuid.UUID(row["id"]) for row in rows]
    return found


@pytest.mark.deep
@pytest.mark.parametrize(("slug", "email"), list(clients()))
def test_every_page_of_a_member_is_the_same_through_his_eyes(
    demo: Demo, portal: Flask, slug: str, email: str
) -> None:
    tenant = demo.tenants[slug]
    with current.acting_for(tenant), demo.web.connect() as connection:
        values = {"t": tenant, "email": email}
        found = connection.execute(
            text("select id from users where tenant_id = :t and email = :email"), values
        )
        user_id = found.scalar_one()
        memberships = [membership for membership, *_rest in running_memberships(connection, user_id)]
    desk, own = signed_in(portal, demo, slug, STAFF[slug]), signed_in(portal, demo, slug, email)
    stranger = FOREIGN[slug]
    strangers = records_of(signed_in(portal, demo, stranger, STAFF[stranger]))
    for membership in memberships:
        own.post("/organization", data={"organization": str(membership)})
        told = {"reason": REASON, "minutes": "30", "password": PASSWORD, "membership": str(membership)}
        assert desk.post(f"/users/{user_id}/view", data=told).status_code == 303
        for visitor in (own, desk):
            visitor.client.delete_cookie("language", domain=demo.host(slug).partition(":")[0])
        records = {record: [*ids, *strangers[record][:1]] for record, ids in records_of(own).items()}

        count, wrong = differences(pages(portal, records), own.get, desk.get)

        desk.post("/viewing/end")
        assert not wrong, listed(wrong)
        assert count > 150
