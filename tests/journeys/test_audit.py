"""What somebody did is found in the log by whoever looks after the portal, and by himself in his own."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF, problems

ADMINISTRATOR = "m.stueve@nordwerk.example"


def test_a_token_somebody_made_is_found_in_the_log_and_in_his_own(
    visit: Callable[..., Person], hand: Hand
) -> None:
    name = "Made by keyboard" if hand.is_keyboard else "Made by mouse"
    client = visit().sign_in(ADMINISTRATOR, language="en")
    client.open("/settings")
    client.page.fill("#token-name", name)
    client.follow("#tokens form:has(#token-name) button")
    client.open("/settings")
    hand.follow(client.page, "#log a")
    expect(client.page.locator("tbody tr").first).to_contain_text("Created an API token")
    expect(client.page.locator("tbody tr").first).to_contain_text(name)

    broker = visit().sign_in(STAFF["hansen"], language="en")
    hand.follow(broker.page, ".nav a:has-text('Audit log')")
    hand.write(broker.page, "#person", ADMINISTRATOR)
    hand.choose(broker.page, "#act", "Created an API token")
    hand.follow(broker.page, ".log-form button")

    assert set(broker.page.locator(".log > tbody > tr > th").all_inner_texts()) == {"Created an API token"}
    hand.use(broker.page, ".log summary")
    expect(broker.page.locator(".log details").first).to_contain_text(name)
    assert problems(broker, "light", 1440) + problems(broker, "dark", 390) == []


def test_the_log_without_a_script(visit: Callable[..., Person]) -> None:
    broker = visit(java_script_enabled=False).sign_in(STAFF["hansen"])
    broker.open("/audit")
    broker.page.select_option("#act", "membership.created")
    broker.follow(".log-form button")

    broker.page.locator(".log summary").first.click()

    expect(broker.page.locator(".log details table").first).to_be_visible()
    broker.page.fill("#from", "2031-02-03")
    broker.page.fill("#to", "2031-02-01")
    broker.follow(".log-form button")
    expect(broker.page.locator("#to-error")).to_be_visible()
    assert broker.page.input_value("#from") == "2031-02-03"
