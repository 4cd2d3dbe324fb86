"""A claim is reported on a page, waits for a colleague where the organization wants it, comes back with a question, and
becomes a claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tenants import current
from tests.documents.files import PDF
from tests.journeys.people import Demo, Person
from tests.journeys.test_accessibility import problems

CARETAKER, OFFICE = "k.duewel@alsterblick.example", "i.wollenweber@alsterblick.example"
FATMA, JOERG = "f.aydin@nordwerk.example", "j.knaack@nordwerk.example"


@pytest.fixture(autouse=True)
def as_it_was(demo: Demo) -> Iterator[None]:
    """What is reported here is gone afterwards."""
    tenant = demo.tenants["hansen"]
    yield
    with current.acting_for(tenant), demo.web.begin() as connection:
        for statement in (
            "delete from claim_reports where tenant_id = :tenant and description like 'Journey%'",
            "delete from documents where tenant_id = :tenant and key like 'portal-%'",
            "delete from claims where tenant_id = :tenant and description like 'Journey%'",
        ):
            connection.execute(text(statement), {"tenant": tenant})


def test_a_report_is_handed_back_changed_and_approved(arrive: Callable[..., Person], tmp_path: Path) -> None:
    caretaker = arrive(CARETAKER, "/contracts")
    page = caretaker.page
    caretaker.follow("[data-rows] tbody th a >> nth=0")
    caretaker.follow(".head a:has-text('Report a claim')")
    assert problems(caretaker, "light", 1440) + problems(caretaker, "dark", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_text("A colleague looks at your report")).to_contain_text("Inge Wollenweber")
    page.select_option("#claim_type", label="Storm and hail")
    page.fill("#occurred_on", "2099-01-01")
    page.fill("#description", "Journey: the roof is open.")
    photo = tmp_path / "Roof.pdf"
    photo.write_bytes(PDF)
    page.set_input_files("#files", photo)
    # Files are on their way beside the page, which stays where it is when it is refused.
    page.click("main form .btn.main")
    expect(page.locator("#occurred_on-error")).to_contain_text("is in the future")
    expect(page.locator("#description")).to_have_value("Journey: the roof is open.")
    assert problems(caretaker, "light", 1440) == []
    page.fill("#occurred_on", "2026-01-05")
    page.set_input_files("#files", photo)
    caretaker.follow("main form .btn.main")
    expect(page.locator(".done-box h1")).to_have_text("Report saved, waiting for approval")
    number, report = page.locator(".done-box .ref").inner_text(), caretaker.path.partition("?")[0]
    assert problems(caretaker, "light", 1440) == []

    office = arrive(OFFICE, "/")
    expect(office.page.locator("main")).to_contain_text("for your approval")
    office.follow("a:has-text('See claim reports')")
    assert problems(office, "light", 1440) == []
    office.follow(f"a:text-is('{number}')")
    expect(office.page.get_by_role("link", name="Roof.pdf")).to_be_visible()
    office.page.fill("#reason", "Which roof?")
    office.follow("button:has-text('Hand back')")

    caretaker.open("/")
    expect(page.locator("main")).to_contain_text("handed back to you")
    caretaker.open(report)
    expect(page.locator("main")).to_contain_text("Which roof?")
    caretaker.follow("a:has-text('Change and send again')")
    page.fill("#description", "Journey: the roof of the second house is open.")
    caretaker.follow("main form .btn.main")

    office.open(report)
    assert problems(office, "dark", 390) == []
    office.follow("button:has-text('Approve report')")
    caretaker.open(report)
    expect(page.locator("main")).to_contain_text("Approved by Inge Wollenweber")
    caretaker.follow("a:has-text('Open the claim')")
    expect(page.locator("h1")).to_have_text(number)
    expect(page.get_by_text("Journey: the roof of the second house is open.")).to_be_visible()
    assert caretaker.complaints == office.complaints == []


def test_who_reports_claims_sees_his_own_and_those_of_his_colleagues(arrive: Callable[..., Person]) -> None:
    """Without a script, and from the home page on."""
    fatma = arrive(FATMA, "/", java_script_enabled=False)
    page = fatma.page
    page.click(".head .btn.main")
    page.fill(".find [name=q]", "P")
    page.press(".find [name=q]", "Enter")
    page.click("main .rows a.cover >> nth=0")
    page.select_option("#claim_type", label="Fire")
    page.fill("#occurred_on", "2026-01-05")
    page.fill("#description", "Journey: a cable burned.")
    page.click("main form .btn.main")
    expect(page.locator(".done-box h1")).to_have_text("Claim reported")
    number = page.locator(".done-box .ref").inner_text()
    fatma.open("/")
    expect(page.locator("#w-own_claims").locator("xpath=ancestor::section")).to_contain_text(number)

    colleague = arrive(JOERG, "/claims")
    expect(colleague.page.get_by_role("link", name=number)).to_be_visible()
    other = arrive("p.quast@musterbestand.example", f"/claims?q={number}")
    expect(other.page.get_by_role("link", name=number)).to_have_count(0)
