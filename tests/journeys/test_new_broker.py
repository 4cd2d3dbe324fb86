"""A new broker: from the command that makes a tenant to a working portal for a corporate group, step by step.

A step is a command, a click, or a key pressed for itself; typing or pasting words is none. `pytest -s` prints them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from app.demo.loading import host_ending
from tenants import current
from tenants.jobs import Runner
from tests.journeys.people import Demo, Person
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox"]

MOST_STEPS = 40
SLUG, EMAIL, PASSWORD = "nordlicht", "i.marquardt@nordlicht.example", "a password for the first day"
GROUP = "Ostsee Werke"
UNITS = ("Hamburg", "Bremen", "Wien")
CLIENTS = 25
PROFILES = ("Versicherungsmanagement", "Schadenmelder", "Buchhaltung", "Geschäftsleitung")
"""Three stand ready; the last is made as a copy."""
EACH = 3
"""Members of each profile."""


class Steps:
    """What a person does, counted, each with its moment."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.began = time.perf_counter()

    def note(self, what: str) -> None:
        self.done.append(f"{len(self.done) + 1:2}  {time.perf_counter() - self.began:6.1f} s  {what}")

    def click(self, page: Page, selector: str, what: str, *, stays: bool = False) -> None:
        self.note(what)
        control = page.locator(selector).locator("visible=true").first
        if stays:
            control.click()
        else:
            with page.expect_navigation():
                control.click()

    def choose(self, page: Page, selector: str, label: str) -> None:
        self.note(f"choose {label}")
        page.select_option(selector, label=label)


@pytest.fixture
def command(demo: Demo, servers: dict[str, str]) -> Callable[..., None]:
    """`portico …`, as an operator types it."""
    environment = os.environ | servers | {
        "PORTICO_HOST": host_ending(demo.port), "SECRET_KEY": "a secret of the tests", "PORTICO_PASSWORD": PASSWORD,
    }  # fmt: skip

    def command(*words: str) -> None:
        program = Path(sys.executable).with_name("portico")
        done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return command


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """What the broker has: an export of his system, and the client's logo."""
    stock: dict[str, list[dict[str, Any]]] = {
        "mandate": [{"key": unit.lower(), "name": unit, "country": "DE", "currency": "EUR"} for unit in UNITS],
        "policyholder": [
            {
                "key": f"v{number}", "mandate": UNITS[number % 3].lower(), "kind": "company",
                "name": f"{GROUP} {number:02} GmbH", "corporate_group": GROUP,
            }
            for number in range(CLIENTS)
        ],
        "contract": [
            {
                "key": f"c{number}", "policyholder": f"v{number % CLIENTS}", "number": f"NL-{number:03}",
                "status": "own", "document_on": "2026-01-01", "line_of_business": "080", "currency": "EUR",
                "premium_net": "1000.00", "starts_on": "2026-01-01",
            }
            for number in range(2 * CLIENTS)
        ],
    }  # fmt: skip
    found = {}
    for record, rows in stock.items():
        found[record] = tmp_path / f"{record}.ndjson"
        found[record].write_text("\n".join(json.dumps(row) for row in rows))
    found["logo"] = tmp_path / "logo.png"
    Image.new("RGB", (400, 120), "#7a1f3d").save(found["logo"])
    return found


@pytest.fixture
def post(portal: Flask, web: Engine, letterbox: Any) -> Callable[[], list[Any]]:
    """Does what waits at the new broker, and tells the mails that went out."""

    def post() -> list[Any]:
        with web.begin() as connection:
            query = text("select tenant_id from hosts where host like :host")
            tenant = connection.execute(query, {"host": f"{SLUG}.%"}).scalar_one()
        with portal.app_context(), current.acting_for(tenant):
            with web.begin() as connection:
                waiting = text("select id from outbox where tenant_id = :t and done_at is null order by id")
                rows = connection.execute(waiting, {"t": tenant}).scalars().all()
            for row in rows:
                Runner(web).run(tenant, row)
        return letterbox.mails

    return post


@pytest.fixture
def steps() -> Iterator[Steps]:
    found = Steps()
    yield found
    print("", *found.done, sep="\n")


def test_a_new_brokers_portal_works_for_a_corporate_group_in_under_forty_steps(
    command: Callable[..., None],
    files: dict[str, Path],
    visit: Callable[..., Person],
    post: Callable[[], list[Any]],
    steps: Steps,
) -> None:
    steps.note("portico tenant create")
    command("tenant", "create", SLUG, "--name", "Nordlicht Makler", "--admin-email", EMAIL)
    for record in ("mandate", "policyholder", "contract"):
        steps.note(f"portico import json {record}")
        command("import", "json", record, str(files[record]), "--tenant", SLUG)

    broker = visit(SLUG, language="de")
    page = broker.page
    broker.open("/")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    steps.click(page, "form.form button[type=submit]", "sign in")

    face(steps, page, files["logo"])
    profile(steps, page)
    organization(steps, page)
    members(steps, page)
    assert len(steps.done) < MOST_STEPS, steps.done

    mails = post()
    assert len(mails) == EACH * len(PROFILES)
    for number, name in enumerate(PROFILES):
        mail = next(one for one in mails if one["To"].startswith(f"p{number}-0@"))
        link = re.search(r"https?://[^/]+(/activation/\S+)", mail.get_content())
        assert link is not None
        member = visit(SLUG, language="de")
        member.open(link[1])
        member.page.fill("[name=password]", "a long password of theirs")
        member.follow("form.form button")
        member.open("/contracts")
        expect(member.page.locator("h1")).to_have_text("Verträge")
        expect(member.page.locator("main")).to_contain_text(str(2 * CLIENTS))
        expect(member.page.locator("header img").first).to_be_visible()
        assert bool(member.page.get_by_text("Beitrag netto").count()) == (name != "Schadenmelder")
        assert member.complaints == []


def face(steps: Steps, page: Page, logo: Path) -> None:
    steps.click(page, "nav a[href='/branding']", "open branding")
    steps.click(page, "form[action='/branding/theme'] [value=alpin]", "choose a theme")
    steps.note("choose the logo’s file")
    page.set_input_files("#logo", logo)
    steps.click(page, "form:has(#logo) button", "upload the logo")
    expect(page.locator("#logos img").first).to_be_visible()


def profile(steps: Steps, page: Page) -> None:
    steps.click(page, "nav a[href='/profiles']", "open profiles")
    steps.click(page, "a:text-is('Versicherungsmanagement')", "open the profile to copy")
    steps.click(page, "main a[href$='/copy']", "copy it")
    page.fill("#name", PROFILES[-1])
    steps.click(page, "main form .btn.main", "make the copy")


def organization(steps: Steps, page: Page) -> None:
    steps.click(page, "nav a[href='/organizations']", "open organizations")
    steps.click(page, "a[href='/organizations/new']", "a new one")
    page.fill("#name", GROUP)
    steps.click(page, "main .btn.main", "make it")
    steps.click(page, f"[name=corporate_groups][value='{GROUP}']", "tick the corporate group", stays=True)
    expect(page.locator("#effect")).to_contain_text(str(2 * CLIENTS))
    steps.click(page, "#effect .btn.main", "apply")
    expect(page.locator(".head")).to_contain_text(f"{CLIENTS} Versicherungsnehmer")


def members(steps: Steps, page: Page) -> None:
    steps.click(page, "#people a[href$='/members']", "open members")
    for number, name in enumerate(PROFILES):
        steps.choose(page, "#profile", name)
        page.fill(
            "#people", "\n".join(f"p{number}-{n}@ostsee.example; Person {number}{n}" for n in range(EACH))
        )
        steps.click(page, "main form .btn.main", "invite them")
    expect(page.locator("main tbody tr")).to_have_count(EACH * len(PROFILES))
