"""A client reads what her broker wrote, answers, and begins something new; the broker finds it and answers in turn."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

CLIENT = "u.ammann@nordwerk.example"


def test_a_message_is_read_and_answered_on_both_sides(arrive: Callable[..., Person], hand: Hand) -> None:
    client = arrive(CLIENT, "/")
    page = client.page
    hand.follow(page, "section:has(#mailbox) a[href='/mailbox']")
    expect(page.locator(".letters a.unread").first).to_be_visible()
    before = int(page.locator(".tabs .n").first.inner_text())
    hand.follow(page, ".letters a.unread")
    expect(page.locator(".thread .msg").last).to_be_visible()
    hand.follow(page, "#answer .btn.main")
    expect(page.locator("#text-error")).to_be_visible()
    hand.write(page, "#text", "We have it.\n\nIt comes tomorrow.")
    hand.follow(page, "#answer .btn.main")
    expect(page.locator(".msg.own .text").last).to_have_text("We have it.It comes tomorrow.")
    client.open("/mailbox/outbox")
    expect(page.locator(".letters li").first).to_contain_text("We have it.")
    assert int(page.locator(".tabs .n").first.inner_text()) < before

    client.open("/mailbox")
    hand.follow(page, ".head .btn.main")
    hand.write(page, "#subject", "Survey of the new hall")
    hand.write(page, "#text", "When can you come?")
    hand.follow(page, "form.settings .btn.main")
    expect(page.locator("h1")).to_have_text("Survey of the new hall")
    case = client.path.partition("#")[0]

    clerk = arrive(STAFF["hansen"], case)
    expect(clerk.page.locator(".thread .msg")).to_contain_text("When can you come?")
    hand.write(clerk.page, "#text", "On Friday.")
    hand.follow(clerk.page, "#answer .btn.main")
    page.reload()
    expect(page.locator(".thread .msg").last).to_contain_text("On Friday.")
    expect(page.locator(".title-row .badge")).to_have_text("Waiting for you")
    assert client.complaints == clerk.complaints == []
