"""Reports of people at work: kept, changed, reset, given to a colleague and opened there, by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.people import Person
from tests.journeys.test_accessibility import VARIANTS, problems
from tests.journeys.test_working import SWISS_MANAGER, column, names

COLLEAGUE = "s.wyss@nordwerk.example"


def shown(page: Page) -> str:
    """What the button of saved reports says."""
    return page.locator("[popovertarget=saved]").inner_text().replace("Saved report:", "").strip()


def open_menu(page: Page) -> None:
    page.click("[popovertarget=saved]")
    page.wait_for_selector("#saved:popover-open")


def save_as(person: Person, name: str) -> str:
    open_menu(person.page)
    person.page.fill("#report-name", name)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    return person.path


def forget(person: Person, address: str) -> None:
    """Delete a report, as its owner does."""
    person.open(address)
    open_menu(person.page)
    person.follow("#saved a:has-text('Delete report')")
    assert "Delete report" in person.page.locator("h1").inner_text()
    person.follow("main form button")
    assert person.path == "/contracts"


def test_a_report_is_kept_changed_reset_and_shared(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts?sort=-ends_on&columns=number,insurer,ends_on")
    wanted = names(page)

    address = save_as(person, "Latest ends first")
    assert "report=" in address
    assert (shown(page), names(page)) == ("Latest ends first", wanted)
    assert page.locator(".nav [aria-current=page]").inner_text() == "Latest ends first"

    page.click("[data-rows] thead button:has-text('Expiry date')") if page.locator(
        "[data-rows] thead button:has-text('Expiry date')"
    ).count() else page.click("[data-rows] thead [aria-sort] button")
    person.follow("#col-ends_on a:has-text('ascending')")
    assert "changed" in shown(page)
    assert column(page, "Insurer")
    open_menu(page)
    person.follow("#saved a:has-text('Reset')")
    assert (shown(page), names(page)) == ("Latest ends first", wanted)

    open_menu(page)
    person.follow("#saved a:has-text('Share')")
    page.check("[name=sharing][value=people]")
    page.fill("#people", COLLEAGUE)
    person.follow("#sharing button:has-text('Save sharing')")
    assert page.locator("main [role=status]").inner_text() == "Whom the report is shared with is saved."

    colleague = visit(language="en").sign_in(COLLEAGUE, language="en")
    colleague.open("/contracts")
    open_menu(colleague.page)
    colleague.follow("#saved a:has-text('Latest ends first')")
    assert shown(colleague.page) == "Latest ends first"
    assert colleague.page.locator("[data-rows] thead th").count() >= 3
    forget(person, address)
    assert colleague.fetch(address).status == 404


def test_the_menu_of_reports_by_keyboard_alone(visit: Callable[..., Person]) -> None:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    page = person.page
    person.open("/contracts?status=own&rows=25")

    page.focus("[popovertarget=saved]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#saved:popover-open")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "report-name":
            break
    page.keyboard.type("By keyboard")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert shown(page) == "By keyboard"
    page.focus("[popovertarget=saved]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#saved:popover-open")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "saved"
    forget(person, person.path)


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
        open_menu(person.page)
        found += problems(person, "light", 1440)
        person.open(f"/reports/{report}")
        person.page.fill("#ends_on", "2000-01-01")
        person.follow("#subscriptions form[action$=subscriptions] button")
        found += problems(person, "dark", 390)
        person.page.set_viewport_size({"width": 1440, "height": 900})
        person.open(f"/reports/{report}/deletion")
        person.follow("main form button")
    assert found == []
