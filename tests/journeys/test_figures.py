"""Groups, pivot tables and every kind of chart, and from each to the rows behind a figure."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.people import Hand, Person
from tests.journeys.test_working import SWISS_MANAGER, entries, figures


@pytest.fixture
def manager(arrive: Callable[..., Person]) -> Person:
    return arrive(SWISS_MANAGER, "/contracts")


def grouped(hand: Hand, page: Page, first: str, **chosen: str) -> None:
    """Choose in the form of groups, one figure only: how many."""
    hand.use(page, ".acts [popovertarget=grouping]")
    hand.choose(page, "[name=group_by]", first)
    for name, label in chosen.items():
        hand.choose(page, f"[name={name}]", label)
    if page.locator("#grouping [value='sum.premium_net']").is_checked():
        hand.use(page, "#grouping [value='sum.premium_net']")
    hand.follow(page, "#grouping button:text-is('Apply')")


def test_groups_and_those_behind_one(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    hand.follow(page, ".seg a:has-text('Groups')")
    hand.still_at(page, ".seg a:has-text('Groups')")
    grouped(hand, page, "Insurer")
    assert sum(figures(page, 1)) == everything
    hand.menu(page, "Number", "Sort descending")
    numbers = figures(page, 1)
    assert numbers == sorted(numbers, reverse=True)
    hand.follow(page, "[data-rows] tbody th a")
    assert entries(page) == numbers[0]


def test_a_pivot_table_and_those_behind_a_cell(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    hand.follow(page, ".seg a:has-text('Pivot table')")
    grouped(hand, page, "Insurer", group_across="Inception date by year")
    foot = [int(one) for one in page.locator("[data-rows] tfoot td").all_inner_texts()]
    assert sum(foot[:-1]) == foot[-1] == everything
    hand.menu(page, "Total", "Sort descending")
    count = int(page.locator("[data-rows] tbody td a").first.inner_text())
    hand.follow(page, "[data-rows] tbody td a")
    assert entries(page) == count


def test_every_kind_of_chart_and_those_behind_a_mark(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    for by, kinds in (
        ("starts_on.year,status", ("Stacked bars", "Line chart", "Area chart")),
        ("status", ("Scatter chart", "Doughnut chart", "Bar chart")),
    ):
        manager.open(f"/contracts?by={by}&show=count,distinct.insurer&chart=bars")
        for kind in kinds:
            hand.use(page, "[popovertarget=chart-kinds]")
            hand.follow(page, f"#chart-kinds a:text-is('{kind}')")
            hand.still_at(page, "[popovertarget=chart-kinds]")
            assert page.locator(".chart-card svg :is(rect, circle, path)").count() > 1
            if page.locator(".numbers summary").count():
                hand.use(page, ".numbers summary")
            hand.reach(page, ":is(.chart-card, [data-rows]) :is(th, td) a:not([tabindex='-1'])")
    count = int(page.locator(".bars td.num").first.inner_text())
    hand.follow(page, ".bars th a")
    assert entries(page) == count < everything
