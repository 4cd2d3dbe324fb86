"""People who look at a report otherwise: as tiles, a row at a time, closer together; by mouse and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_working import SWISS_MANAGER, names


@pytest.fixture
def manager(visit: Callable[..., Person]) -> Person:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    person.open("/contracts?rows=4&sort=number")
    return person


def alone(page: Page) -> str:
    return page.locator("[data-single] h2 a").inner_text()


def press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_looking_through_rows_one_by_one_with_the_keyboard_alone(manager: Person) -> None:
    page, first = manager.page, names(manager.page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    press(page, "v")
    assert alone(page) == first[2]
    press(page, "j")
    assert alone(page) == first[3]
    # Over the end of the table's page.
    press(page, "ArrowRight")
    assert alone(page) not in first
    press(page, "ArrowLeft")
    press(page, "k")
    assert alone(page) == first[2]
    press(page, "v")
    assert first[2] in names(page)
    assert not manager.complaints


def test_a_row_by_itself_by_the_mouse_and_on_to_the_record(manager: Person) -> None:
    page, first = manager.page, names(manager.page)
    page.locator("[data-rows] tbody tr").nth(1).hover()
    manager.follow("[data-rows] tbody tr:nth-child(2) button.one")
    assert alone(page) == first[1]
    manager.follow("a[rel=next]")
    assert alone(page) == first[2]
    manager.follow("a[data-back]")
    assert first[2] in names(page)
    manager.open(f"/contracts?view=row&number={first[0]}")
    manager.follow("[data-single] .acts a")
    expect(page.locator("h1")).to_contain_text(first[0])


def test_a_row_by_itself_without_script(visit: Callable[..., Person]) -> None:
    person = visit(language="en", java_script_enabled=False)
    person.open("/sign-in")
    person.page.fill("[name=email]", SWISS_MANAGER)
    person.page.fill("[name=password]", "portico-demo-2026")
    person.follow("form.form button[type=submit]")
    person.open("/contracts?sort=number")
    first = names(person.page)
    expect(person.page.locator("button.one")).to_be_hidden()
    person.follow(".rbar .seg a[href*='view=row']")
    seen = [alone(person.page)]
    for _turn in range(2):
        person.follow("a[rel=next]")
        seen.append(alone(person.page))
    assert seen == first[:3]


def test_tiles_and_those_on_a_phone(manager: Person, hand: Hand) -> None:
    page, rows = manager.page, names(manager.page)
    hand.follow(page, ".rbar .seg a[href*='view=tiles']")
    tiles = page.locator(".tile > header a")
    assert tiles.all_inner_texts() == rows
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(tiles.nth(1)).to_be_focused()
    press(page, "v")
    assert alone(page) == rows[1]

    page.set_viewport_size({"width": 390, "height": 844})
    manager.open("/contracts?rows=4&sort=number&view=tiles")
    left = {round(box["x"]) for one in page.locator(".tile").all() if (box := one.bounding_box())}
    assert len(left) == 1
    hand.use(page, "[popovertarget=sort]")
    hand.follow(page, "#sort a[href*='sort=-number']")
    assert tiles.count() == 4
    assert tiles.first.inner_text() != rows[0]


def test_a_row_height_for_this_report(manager: Person, hand: Hand) -> None:
    page = manager.page

    def height() -> float:
        box = page.locator("[data-rows] tbody tr").first.bounding_box()
        assert box
        return box["height"]

    manager.open("/contracts?columns=number,status&sort=number&density=comfortable")
    before = height()
    hand.use(page, "[popovertarget=columns]")
    hand.follow(page, "#columns a:has-text('Order, names and widths')")
    hand.choose(page, "[name=col_density]", "Compact")
    hand.follow(page, "button.main:text-is('Show columns')")
    assert "density=compact" in page.url
    assert height() < before


def test_what_each_row_is_of_the_whole(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.menu(page, "Premium excl. tax", "Percentage of total")
    heads = page.locator("[data-rows] thead th").all_inner_texts()
    assert "Percentage of total: Premium excl. tax" in heads[-1]
    shares = page.locator("[data-rows] tbody td:last-child").all_inner_texts()
    assert all(re.fullmatch(r"[\d.]+%|", one) for one in shares)
    expect(page.locator("[data-rows] tfoot td").last).to_have_text("100.0%")
    hand.menu(page, "Percentage of total: Premium excl. tax", "Hide column")
    assert "total" not in page.url
