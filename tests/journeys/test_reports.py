"""Reports of people at work: kept, changed, reset, shared, handed over, mailed and subscribed to, by mouse and by keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tenants import visibility
from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import VARIANTS, problems
from tests.journeys.test_working import SWISS_MANAGER, column, names
from tests.pdf import Pdf

COLLEAGUE = "s.wyss@nordwerk.example"
BROKER = "h.brandt@hansen-brandt.example"
MOUSE = Hand(is_keyboard=False)


def shown(page: Page) -> str:
    """What the button of saved reports says."""
    return page.locator("[popovertarget=saved]").inner_text().replace("Saved report:", "").strip()


def save_as(person: Person, name: str, hand: Hand = MOUSE) -> str:
    hand.use(person.page, "[popovertarget=saved]")
    hand.write(person.page, "#report-name", name)
    hand.follow(person.page, "#saved button.main")
    return person.path


def chosen(person: Person, words: str, hand: Hand = MOUSE) -> None:
    """Something from the menu of saved reports."""
    hand.use(person.page, "[popovertarget=saved]")
    hand.follow(person.page, f"#saved :is(a, button):has-text('{words}')")


def forget(person: Person, address: str) -> None:
    """Delete a report, as its owner does."""
    person.open(address)
    chosen(person, "Delete report")
    person.follow("main form button")


def said(page: Page) -> str:
    """What the page says was done, where one can see it."""
    told = page.locator("main .note[role=status]")
    expect(told).to_be_in_viewport()
    return told.inner_text().strip()


def test_a_report_is_kept_changed_reset_renamed_and_handed_over(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    person = arrive(SWISS_MANAGER, "/contracts?rows=25&sort=-ends_on&columns=number,insurer,ends_on")
    page, wanted = person.page, names(person.page)
    address = save_as(person, "Latest ends first", hand)
    assert "report=" in address
    assert (shown(page), names(page)) == ("Latest ends first", wanted)
    assert page.locator(".nav [aria-current=page]").inner_text() == "Latest ends first"

    hand.menu(page, "Expiry date", "Sort ascending")
    assert "changed" in shown(page)
    chosen(person, "Reset", hand)
    assert (shown(page), names(page)) == ("Latest ends first", wanted)
    hand.menu(page, "Insurer", "Hide column")
    chosen(person, "Save changes", hand)
    assert (shown(page), column(page, "Insurer")) == ("Latest ends first", [])

    chosen(person, "Open by default", hand)
    person.open("/contracts")
    assert person.path == address
    chosen(person, "No longer open by default", hand)
    chosen(person, "Rename report", hand)
    hand.write(page, "#report-name", "By their ends")
    hand.follow(page, "#name button")
    assert said(page) == "The report has its new name."

    hand.pick(page, "sharing", "people")
    hand.write(page, "#people", COLLEAGUE)
    hand.follow(page, "#sharing button")
    assert said(page) == "Whom the report is shared with is saved."
    hand.write(page, "#owner-address", COLLEAGUE)
    hand.follow(page, "#owner button")

    colleague = arrive(COLLEAGUE, "/contracts")
    chosen(colleague, "By their ends", hand)
    assert shown(colleague.page) == "By their ends"
    chosen(colleague, "Delete report", hand)
    assert "Delete report" in colleague.page.locator("h1").inner_text()
    hand.follow(colleague.page, "main form button")
    assert (colleague.path, colleague.fetch(address).status) == ("/contracts", 404)


def test_a_report_of_the_broker_opens_with_the_rights_of_whoever_opens_it(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    broker = arrive(BROKER, "/contracts?rows=25&columns=number,commission,premium_net")
    page = broker.page
    address = save_as(broker, "Commissions", hand)
    assert any(column(page, "Commission"))
    client = arrive(SWISS_MANAGER, "/contracts")
    chosen(broker, "Share", hand)
    assert client.fetch(address).status == 404
    profile = page.locator("#profile option").nth(1).inner_text()
    for way, label in (("profile", profile), ("organization", "Nordwerk Schweiz"), ("all", "")):
        hand.pick(page, "sharing", way)
        if label:
            hand.choose(page, f"#{way}", label)
        hand.follow(page, "#sharing button")
        assert said(page) == "Whom the report is shared with is saved."
        assert way == "profile" or client.fetch(address).status == 200

    client.open(address)
    heads = client.page.locator("[data-rows] thead").inner_text()
    assert ("Premium excl. tax" in heads, "Commission" in heads) == (True, False)
    assert "not available to you" in client.page.locator(".note[data-tone=warning]").first.inner_text()
    client.open("/contracts?columns=number,commission,premium_net")
    assert "Commission" not in client.page.locator("[data-rows] thead").inner_text()
    forget(broker, address)


def test_subscribing_until_a_day_and_mailing_once(arrive: Callable[..., Person], hand: Hand) -> None:
    person = arrive(SWISS_MANAGER, "/contracts?rows=25")
    page, end = person.page, visibility.today() + datetime.timedelta(days=90)
    address = save_as(person, "By mail", hand)
    chosen(person, "Subscribe to report", hand)
    hand.write(page, "#ends_on", "2000-01-01")
    hand.follow(page, "#subscriptions form[action$=subscriptions] button")
    expect(page.locator("#ends_on")).to_be_focused()
    assert page.locator("#ends_on-error").inner_text().strip()

    hand.pick(page, "rhythm", "monthly")
    hand.write(page, "#ends_on", str(end))
    hand.follow(page, "#subscriptions form[action$=subscriptions] button")
    assert said(page) == "The subscription is saved."
    told = page.locator("#subscriptions tbody").inner_text()
    assert "Every month" in told
    assert f"{end:%d/%m/%Y}" in told

    hand.follow(page, "#mail button")
    assert said(page) == "The report is on its way."
    hand.follow(page, "#subscriptions tbody tr:has-text('Every month') button")
    assert "Every month" not in page.locator("main").inner_text()
    forget(person, address)


def test_a_pdf_says_what_the_overview_says(arrive: Callable[..., Person], hand: Hand) -> None:
    person = arrive(SWISS_MANAGER, "/contracts?columns=number,status&sort=number&rows=25&status=own")
    page = person.page
    hand.use(page, "[popovertarget=out]")
    with page.expect_download() as started:
        hand.use(page, "#out a:text-is('Download as PDF')")
    assert started.value.suggested_filename == f"contracts-{visibility.today()}.pdf"
    printed = [row[0].split("\n")[0] for row in Pdf(Path(started.value.path()).read_bytes()).rows]
    assert set(names(page)) <= set(printed)


def test_a_report_without_a_script(visit: Callable[..., Person]) -> None:
    person = visit(language="en", java_script_enabled=False).sign_in(SWISS_MANAGER)
    person.open("/contracts?sort=-ends_on")
    address = save_as(person, "Without a script")
    assert not person.page.locator("[data-copy]:visible").count()
    person.open(f"/reports/{address.partition('report=')[2]}")
    assert address in person.page.input_value("#report-link")
    forget(person, address)


def test_pages_of_reports_can_be_used_by_everybody(visit: Callable[..., Person]) -> None:
    found = []
    for slug, email, language in (
        ("hansen", "h.brandt@hansen-brandt.example", "en"),
        ("limmat", "h.nef@saentis-mechanik.example", "de"),
        ("atelier", "n.casals@teatrofarol.example", "es"),
    ):
        person = visit(slug, language=language).sign_in(email, language=language)
        person.open("/contracts?status=own")
        address = save_as(person, "Abläufe bis Mitte 2027 nach Versicherer und Betriebsstätte")
        report = address.partition("report=")[2]
        person.open(f"/reports/{report}")
        person.follow("#subscriptions form[action$=subscriptions] button")
        pages = ("/reports", "/subscriptions", f"/reports/{report}/deletion", f"/reports/{report}", address)
        for number, path in enumerate(pages):
            person.open(path)
            for scheme, width in (VARIANTS[number % 4], VARIANTS[(number + 3) % 4]):
                found += problems(person, scheme, width)
        person.page.click("[popovertarget=saved]")
        found += problems(person, "light", 1440)
        person.open(f"/reports/{report}")
        person.page.fill("#ends_on", "2000-01-01")
        person.follow("#subscriptions form[action$=subscriptions] button")
        found += problems(person, "dark", 390)
        person.page.set_viewport_size({"width": 1440, "height": 900})
        person.open(f"/reports/{report}/deletion")
        person.follow("main form button")
    assert found == []
