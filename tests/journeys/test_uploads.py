"""A client sends the broker what belongs to a contract, and finds it there; what is too large is told before it travels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tenants import current
from tests.documents.files import PDF, PNG
from tests.journeys.people import Demo, Hand, Person
from tests.journeys.test_accessibility import problems

CLIENT = "k.behrens@nordwerk.example"


@pytest.fixture
def client(demo: Demo, arrive: Callable[..., Person]) -> Iterator[Person]:
    """At a contract; what he uploads is gone afterwards."""
    person = arrive(CLIENT, "/contracts")
    person.follow("[data-rows] tbody th a >> nth=0")
    yield person
    tenant = demo.tenants["hansen"]
    with current.acting_for(tenant), demo.web.begin() as connection:
        connection.execute(
            text("delete from documents where tenant_id = :tenant and key like 'portal-%'"),
            {"tenant": tenant},
        )


def test_documents_are_uploaded_to_a_contract(client: Person, hand: Hand, tmp_path: Path) -> None:
    page, contract = client.page, client.path
    roof, gate, film = tmp_path / "Roof.pdf", tmp_path / "Gate.png", tmp_path / "Film.mp4"
    roof.write_bytes(PDF)
    gate.write_bytes(PNG)
    film.write_bytes(PDF + b"0" * (27 << 20))

    hand.follow(page, ".head a[href*='/documents/upload']")
    assert problems(client, "light", 1440) + problems(client, "dark", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.set_input_files("#files", film)
    assert "larger than 25" in page.locator("#files").evaluate("one => one.validationMessage")
    page.set_input_files("#files", [roof, gate])
    assert page.locator("#files").evaluate("one => one.validationMessage") == ""
    hand.choose(page, "#document_type", "Photo")
    hand.write(page, "#title", "Storm damage")
    hand.follow(page, "main .btn.main")

    expect(page.get_by_role("status").first).to_contain_text("2 documents are uploaded.")
    client.open(contract)
    for name in ("Roof", "Gate"):
        expect(page.get_by_role("link", name=f"Storm damage, {name}")).to_be_visible()


def test_a_document_without_a_script(visit: Callable[..., Person], client: Person, tmp_path: Path) -> None:
    program, roof = tmp_path / "Roof.pdf", tmp_path / "Roof 2.pdf"
    program.write_bytes(b"MZ")
    roof.write_bytes(PDF)
    plain = visit(java_script_enabled=False)
    plain.context.add_cookies(client.context.cookies())  # type: ignore[arg-type]
    plain.open("/documents")
    page = plain.page
    page.click(".head a[href^='/documents/upload']")
    page.set_input_files("#files", program)
    page.select_option("#document_type", label="Photo")
    page.click("main .btn.main")
    expect(page.locator("#files-error")).to_contain_text("could run on a computer")
    expect(page.locator("#document_type")).to_have_value("photo")
    page.set_input_files("#files", roof)
    page.click("main .btn.main")
    expect(page.locator("h1")).to_have_text("Roof 2")
    expect(page.locator("#note")).to_have_text("The document is uploaded")


def test_a_large_file_tells_how_far_it_is(client: Person, tmp_path: Path) -> None:
    page = client.page
    program, film = tmp_path / "Roof.pdf", tmp_path / "Film.pdf"
    program.write_bytes(b"MZ")
    film.write_bytes(PDF + b"0" * (3 << 20))
    client.follow(".head a[href*='/documents/upload']")
    page.select_option("#document_type", label="Photo")
    page.set_input_files("#files", program)
    page.click("main .btn.main")
    # What is refused is said as without a script, and nothing that was typed is lost.
    expect(page.locator("#files-error")).to_contain_text("could run on a computer")
    expect(page.locator("#document_type")).to_have_value("photo")
    expect(page.locator(".errsum")).to_be_focused()
    expect(page.locator(".errsum a")).to_contain_text("Files:")
    client.complaints.clear()

    slow = page.context.new_cdp_session(page)
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1 << 20}
    slow.send("Network.emulateNetworkConditions", limits)
    page.set_input_files("#files", film)
    page.click("main .btn.main")
    bar = page.locator("[data-sending] progress")
    expect(bar).to_be_visible()
    while bar.evaluate("one => one.position") < 0.2:
        page.wait_for_timeout(100)
    expect(page.locator("h1")).to_have_text("Film")
    expect(page.locator("#note")).to_have_text("The document is uploaded")
