"""A client changes her password, forgets the new one, and comes back in by a link from a mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import text

from app.demo.broker import PASSWORD
from tenants import current
from tenants.jobs import Runner
from tests.journeys.people import Demo, Hand, Person
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox"]

EMAIL = "e.nowicka@alsterblick.example"
NEW = "one she will forget"
WAITING = """
    select id from outbox where tenant_id = :t and done_at is null and job in ('send_way_back', 'tell_of_password')
     order by id"""


@pytest.fixture
def post(portal: Flask, demo: Demo, letterbox: Any) -> Callable[[], list[str]]:
    """What was mailed to her since, the latest first."""

    def post() -> list[str]:
        tenant = demo.tenants["hansen"]
        with portal.app_context(), current.acting_for(tenant):
            with demo.web.begin() as connection:
                rows = connection.execute(text(WAITING), {"t": tenant}).scalars().all()
            for row in rows:
                Runner(demo.web).run(tenant, row)
        return [mail.get_content() for mail in reversed(letterbox.mails) if mail["To"] == EMAIL]

    return post


def test_a_password_is_changed_forgotten_and_set_anew_by_mail(
    visit: Callable[..., Person], hand: Hand, post: Callable[[], list[str]]
) -> None:
    elsewhere, person = visit().sign_in(EMAIL), visit().sign_in(EMAIL, language="en")
    page = person.page
    person.open("/settings")
    hand.write(page, "#present-password", "surely wrong")
    hand.write(page, "#new-password", NEW)
    hand.follow(page, "#password .btn.main")
    expect(page.locator("#present-password-error")).to_be_visible()
    expect(page.locator("#present-password")).to_be_focused()
    hand.write(page, "#present-password", PASSWORD)
    hand.write(page, "#new-password", NEW)
    hand.follow(page, "#password .btn.main")
    expect(page.locator("[role=status]").first).to_contain_text("Your password is changed.")
    elsewhere.open("/contracts")
    expect(elsewhere.page.locator("[name=password]")).to_be_visible()
    assert "/password" in post()[0]

    forgetful = visit(language="en")
    page = forgetful.page
    forgetful.sign_in(EMAIL, PASSWORD)
    expect(page.locator("#error")).to_contain_text("reset your password")
    hand.follow(page, "main a[href='/password']")
    hand.write(page, "#email", EMAIL)
    hand.follow(page, "main .btn.main")
    expect(page.locator("[role=status]")).to_contain_text("an email is on its way")
    link = re.search(r"https?://[^/]+(/password/\S+)", post()[0])
    assert link is not None
    forgetful.open(link[1])
    hand.write(page, "#password", PASSWORD)
    hand.follow(page, "main .btn.main")
    expect(page.locator("[role=status]")).to_contain_text("Your new password is set.")
    forgetful.sign_in(EMAIL, PASSWORD)
    forgetful.open("/contracts")
    expect(page.locator("h1")).to_be_visible()
    assert forgetful.open(link[1]) == 404
    person.open("/contracts")
    expect(person.page.locator("[name=password]")).to_be_visible()
    assert [one for each in (person, elsewhere, forgetful) for one in each.complaints] == []
