"""A broker gives his portal his own look, and has his clients accept his terms of use."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import Engine, text

from tenants import current
from tests.journeys.people import Demo, Person
from tests.journeys.test_accessibility import CLIENT, STAFF, problems

AS_BEFORE = """
    update tenants set theme = 'hanse', own_theme = null, logo = null, logo_dark = null, terms_version = null,
                       terms_required = false, links = '{"website": "https://hansen-brandt.example"}'
     where tenant_id = :tenant"""
ACCENT = "getComputedStyle(document.documentElement).getPropertyValue('--brand-accent').trim()"


def logo(colour: str) -> dict[str, object]:
    held = io.BytesIO()
    Image.new("RGB", (240, 60), colour).save(held, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": held.getvalue()}


@pytest.fixture
def clerk(arrive: Callable[..., Person], demo: Demo, owner: Engine) -> Iterator[Person]:
    """At the desk; afterwards the portal looks as it did."""
    yield arrive(STAFF["hansen"], "/branding")
    tenant = demo.tenants["hansen"]
    with current.acting_for(tenant), owner.begin() as connection:
        connection.execute(text(AS_BEFORE), {"tenant": tenant})


def test_a_broker_tries_themes_designs_his_own_and_puts_his_logo_on_it(
    clerk: Person, arrive: Callable[..., Person]
) -> None:
    page = clerk.page
    clerk.follow("a[href='/branding?theme=atelier']")
    expect(page.locator("main .note")).to_contain_text("Atelier")
    assert page.evaluate(ACCENT) == "#1d6b4b"
    clerk.follow("main .note a")
    assert page.evaluate(ACCENT) == "#17406d"

    # While he designs, the page shows it.
    page.fill("#accent", "#6b3fa0")
    expect(page.locator("link[data-theme][href*='try.css'][href*='6b3fa0']")).to_have_count(1)
    expect(page.locator("link[data-theme]")).to_have_count(1)
    assert page.evaluate(ACCENT) == "#6b3fa0"
    expect(page.locator("[data-untry]")).to_be_visible()
    page.fill("#accent", "#00ff00")
    page.fill("#tint", "#000000")
    clerk.follow("#own_theme .btn.main")
    expect(page.locator("#accent-error")).to_contain_text("contrast of 4.0")
    expect(page.locator("#accent")).to_have_value("#00ff00")
    page.fill("#accent", "#6b3fa0")
    page.fill("#tint", "#6d6a85")
    clerk.follow("#own_theme .btn.main")
    expect(page.locator("main .note")).to_contain_text("saved")
    assert page.evaluate(ACCENT) == "#6b3fa0"
    clerk.complaints.clear()
    assert [*problems(clerk, "light", 1440), *problems(clerk, "dark", 390)] == []
    page.set_viewport_size({"width": 1440, "height": 900})

    page.set_input_files("#logo", logo("navy"))
    clerk.follow("form:has(#logo) .btn")
    expect(page.locator(".bar .logo img")).to_have_attribute(
        "src", page.locator(".ground.light img").get_attribute("src")
    )
    assert page.locator(".bar .logo img").evaluate("one => one.naturalWidth") == 240
    page.set_input_files(
        "#logo_dark", {"name": "logo.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    clerk.follow("form:has(#logo_dark) .btn")
    expect(page.locator("#logo_dark-error")).to_be_visible()

    client = arrive(CLIENT["hansen"], "/contracts")
    client.page.wait_for_timeout(5_500)
    client.open("/contracts")
    assert client.page.evaluate(ACCENT) == "#6b3fa0"
    clerk.open("/branding")
    for number in (0, 2):
        # The logo; then, below that and its undoing, the theme.
        clerk.follow(f"#changes li >> nth={number} >> button")
    assert page.evaluate(ACCENT) == "#17406d"


def test_a_client_accepts_the_terms_of_use_and_goes_on_where_he_wanted(
    clerk: Person, visit: Callable[..., Person]
) -> None:
    page = clerk.page
    page.fill("[id='links.terms']", "https://hansen-brandt.example/terms")
    clerk.follow("form:has([id='links.terms']) .btn")
    page.fill("#terms_version", "2026-11")
    page.check("[name=terms_required]")
    clerk.follow("form:has(#terms_version) .btn")
    expect(page.locator("#terms")).to_contain_text("0 of")

    client = visit("hansen", java_script_enabled=False)
    client.sign_in(CLIENT["hansen"])
    client.open("/contracts?status=own")
    assert client.path.startswith("/terms")
    expect(client.page.locator("main")).to_contain_text("2026-11")
    expect(client.page.locator("main a")).to_have_attribute("href", "https://hansen-brandt.example/terms")
    client.follow("main .btn.main")
    assert client.path == "/contracts?status=own"

    clerk.open("/branding/acceptances?which=accepted")
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert problems(clerk, "light", 390) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    clerk.follow("main .tabs a >> nth=0")
    assert page.locator("main tbody tr").count() > 1
    assert (
        clerk.fetch("/branding/acceptances.csv").body.count(b"\n")
        == page.locator("main tbody tr").count() + 2
    )
