"""A message goes from the desk to a client's home page and comes back as read; and the client lays his page out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_accessibility import STAFF

CLIENT = "k.behrens@nordwerk.example"
TITLE = "Our claims office moves"


@pytest.fixture
def clerk(arrive: Callable[..., Person]) -> Iterator[Person]:
    """At the desk; what he wrote is gone afterwards."""
    person = arrive(STAFF["hansen"], "/announcements")
    yield person
    person.open("/announcements")
    while person.page.locator(f"main a:text-is('{TITLE}')").count():
        person.follow(f"main a:text-is('{TITLE}')")
        person.follow(".head a[href$='/deletion']")
        person.follow("main .risk")
        person.open("/announcements")


def test_a_message_is_written_read_and_counted(
    clerk: Person, arrive: Callable[..., Person], hand: Hand
) -> None:
    page, preview = clerk.page, clerk.page.locator("#effect")
    hand.follow(page, "a[href='/announcements/new']")
    hand.use(page, "summary:has-text('English')")
    hand.write(page, "[name='words.en.title']", TITLE)
    hand.write(page, "[name='words.en.text']", "See https://hansen.example/move")
    # Whoever leaves the field sees what his clients will see, those of other languages included.
    page.keyboard.press("Tab")
    expect(preview.locator(".note")).to_have_count(4)
    hand.follow(page, "#effect .btn.main")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator("#readers tbody tr").first).to_contain_text("Not yet")

    client = arrive(CLIENT, "/")
    note = client.page.locator(".note", has_text=TITLE)
    expect(note.locator("a")).to_have_attribute("href", "https://hansen.example/move")
    hand.follow(client.page, f".note:has-text('{TITLE}') button")
    expect(note).to_have_count(0)
    client.open("/home/announcements")
    expect(note).to_contain_text("Read")

    page.reload()
    expect(page.locator(".head p")).to_contain_text("1 of ")
    assert clerk.complaints == client.complaints == []


def test_a_home_page_is_laid_out_and_put_back(arrive: Callable[..., Person], hand: Hand) -> None:
    client = arrive(CLIENT, "/")
    page = client.page
    first = page.locator(".duo h2").first
    expect(first).to_have_text("Next deadlines")
    hand.follow(page, ".head a[href='/home/widgets']")
    hand.use(page, "[name=shown][value=documents]")
    if hand.is_keyboard:
        hand.use(page, "[value=claims-up]")
    else:
        page.locator("li:has([value=claims-up]) .grip").drag_to(
            page.locator("li:has([value=deadlines-up])"), target_position={"x": 80, "y": 2}
        )
    hand.follow(page, "form .btn.main")
    client.open("/")
    expect(first).to_have_text("Open claims")
    expect(page.locator("main h2", has_text="New documents")).to_have_count(0)

    hand.follow(page, ".head a[href='/home/widgets']")
    hand.follow(page, "[value=standard]")
    client.open("/")
    expect(first).to_have_text("Next deadlines")
    expect(page.locator("main h2", has_text="New documents")).to_have_count(1)
    assert client.complaints == []


def test_a_broker_sets_the_widgets_of_an_organization_and_locks_them(
    arrive: Callable[..., Person], hand: Hand
) -> None:
    clerk = arrive(STAFF["hansen"], "/organizations?q=Alsterblick")
    page = clerk.page
    hand.follow(page, "[data-rows] tbody th a")
    hand.follow(page, "#look a[href$='/home-widgets']")
    hand.use(page, "[name=off][value=documents]")
    hand.use(page, "[name=move][value=claims-up]")
    hand.use(page, "[name=locked]")
    hand.follow(page, "main .btn.main")
    expect(page.locator("[name=off][value=documents]")).to_be_checked()

    client = arrive("i.wollenweber@alsterblick.example", "/")
    expect(client.page.locator("h2", has_text="New documents")).to_have_count(0)
    expect(client.page.locator("a[href='/home/widgets']")).to_have_count(0)

    hand.follow(page, "main [value=standard]")
    client.open("/")
    expect(client.page.locator("h2", has_text="New documents")).to_have_count(1)
    expect(client.page.locator("a[href='/home/widgets']")).to_have_count(1)
