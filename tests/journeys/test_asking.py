"""People asking an overview: searching, filters of every kind, chips, several sorts, values, pages; by mouse and by keys."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tenants import visibility
from tests.journeys.people import Hand, Person
from tests.journeys.test_working import SWISS_MANAGER, column, entries, names

TODAY = visibility.today()
NEXT_YEAR = str(TODAY.replace(year=TODAY.year + 1, day=1))


@pytest.fixture
def manager(arrive: Callable[..., Person]) -> Person:
    return arrive(SWISS_MANAGER, "/contracts?rows=25")


def fill_in(hand: Hand, page: Page, form: str, operator: str, *values: str) -> int:
    """Say in the form of a filter what is looked for; how many there are then."""
    hand.choose(page, f"{form} select", operator)
    for number, value in enumerate(values):
        box = f"{form} label:has-text('{value}') input"
        if page.locator(box).count():
            hand.use(page, box)
        else:
            typed = page.locator(f"{form} .values input").locator("visible=true").nth(number)
            hand.write(page, f"{form} [aria-label='{typed.get_attribute('aria-label')}']", value)
    hand.follow(page, f"{form} button")
    return entries(page)


def filtered(hand: Hand, page: Page, label: str, operator: str, *values: str) -> int:
    hand.use(page, "[popovertarget=filter]")
    hand.use(page, f"#filter summary:text-is('{label}')")
    return fill_in(hand, page, "#filter details[open]", operator, *values)


def changed(hand: Hand, page: Page, operator: str, *values: str) -> int:
    """The same by the form of the filter that is there already."""
    hand.use(page, "[popovertarget=chip-1]")
    return fill_in(hand, page, "#chip-1 form", operator, *values)


def test_searching_everywhere_and_in_one_column(manager: Person, hand: Hand) -> None:
    page = manager.page
    everything, wanted = entries(page), names(page)[3]
    hand.write(page, "#report-search", wanted)
    hand.follow(page, ".find button")
    assert names(page) == [wanted]
    hand.still_at(page, "[data-rows]")
    hand.follow(page, ".chip .x")
    assert entries(page) == everything

    hand.write(page, "#report-search", wanted)
    hand.choose(page, "[name=search_in]", "Product")
    hand.follow(page, ".find button")
    expect(page.locator(".chip:not(.add)")).to_contain_text(f"Product: contains {wanted}")
    hand.follow(page, ".empty a")
    assert entries(page) == everything


def test_a_filter_by_its_form_its_chip_and_away_again(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    assert filtered(hand, page, "Premium excl. tax", "is at least", "much") == everything
    expect(page.locator("#filter-error")).to_contain_text(
        "‘much’ does not fit the filter ‘Premium excl. tax’."
    )
    some = filtered(hand, page, "Premium excl. tax", "is at least", "20,000")
    assert 0 < some < everything
    assert changed(hand, page, "is less than", "20,000") == everything - some

    for words, count in (("Switch filter off", everything), ("Switch filter on", everything - some)):
        hand.use(page, "[popovertarget=chip-1]")
        hand.follow(page, f"#chip-1 a:text-is('{words}')")
        assert entries(page) == count
    hand.still_at(page, "[popovertarget=chip-1]")
    hand.use(page, "[popovertarget=chip-1]")
    hand.follow(page, "#chip-1 a:text-is('Remove filter')")
    assert entries(page) == everything


def test_every_operator_shows_what_its_opposite_leaves_out(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    for label, *opposites in (
        ("Product", ("contains", "a"), ("does not contain", "a"), ("is empty",), ("is not empty",)),
        ("Premium excl. tax", ("is less than", "20,000"), ("is at least", "20,000"),
         ("is at most", "20,000"), ("is greater than", "20,000")),
        ("Notice period (months)", ("is", "3; 1"), ("is not", "3; 1")),
        ("Expiry date", ("is before", NEXT_YEAR), ("from", NEXT_YEAR), ("until", NEXT_YEAR), ("is after", NEXT_YEAR)),
        ("Status", ("is one of", "Managed by us"), ("is none of",)),
    ):  # fmt: skip
        counts = [filtered(hand, page, label, *opposites[0])]
        counts += [changed(hand, page, *one) for one in opposites[1:]]
        assert [sum(counts[n : n + 2]) for n in range(0, len(counts), 2)] == [everything] * (len(counts) // 2)
        hand.follow(page, ".chip .x")


def test_operators_that_come_to_the_same(manager: Person, hand: Hand) -> None:
    page = manager.page
    product = next(one for one in column(page, "Insurer"))[:3]
    assert filtered(hand, page, "Insurer", "starts with", product) > 0
    hand.follow(page, ".chip .x")
    begins = filtered(hand, page, "Policy number", "starts with", "R")
    assert changed(hand, page, "matches the pattern (with *)", "R*") == begins > 0
    hand.follow(page, ".chip .x")
    soon = filtered(hand, page, "Expiry date", "in the next … months", "12")
    assert changed(hand, page, "in the next … years", "1") == soon > 0
    hand.follow(page, ".chip .x")
    end = TODAY + datetime.timedelta(days=90)
    soon = filtered(hand, page, "Expiry date", "in the next … days", "90")
    hand.follow(page, ".chip .x")
    assert filtered(hand, page, "Expiry date", "is between", str(TODAY), str(end)) == soon


def test_filters_of_every_kind_by_keyboard(manager: Person) -> None:
    page, hand, everything = manager.page, Hand(is_keyboard=True), entries(manager.page)
    counts = [
        filtered(hand, page, "Product", "contains", "a"),
        filtered(hand, page, "Status", "is one of", "Managed by us"),
        filtered(hand, page, "Expiry date", "in the next … days", "700"),
    ]
    assert everything >= counts[0] >= counts[1] >= counts[2] > 0
    assert page.locator(".chip:not(.add)").count() == 3


def test_from_the_heading_of_a_figure_to_its_filter(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    hand.use(page, "[popovertarget=col-premium_net]")
    expect(page.locator("#col-premium_net .hint")).to_have_text("The premium without insurance premium tax.")
    hand.use(page, "#col-premium_net button:text-is('Add filter')")
    expect(page.locator("#filter details[open] select")).to_be_focused()
    assert 0 < fill_in(hand, page, "#filter details[open]", "is at most", "20,000") < everything


def test_sorting_by_several_columns_with_the_empty_first(manager: Person, hand: Hand) -> None:
    page = manager.page
    manager.open("/contracts?rows=100&columns=number,insurer,last_day_to_cancel")
    hand.menu(page, "Insurer", "Sort ascending")
    hand.menu(page, "Last day to give notice", "Then sort by this too")
    hand.menu(page, "Last day to give notice", "Empty first")
    hand.still_at(page, "[popovertarget=col-last_day_to_cancel]")
    assert page.locator("th[aria-sort=ascending]").count() == 2
    rows = page.locator("[data-rows] tbody tr").evaluate_all(
        "rows => rows.map(row => [row.cells[1].innerText, row.cells[2].innerText.split('/').reverse().join()])"
    )
    insurers = list(dict.fromkeys(insurer for insurer, _day in rows))
    assert rows == [pair for one in insurers for pair in sorted(pair for pair in rows if pair[0] == one)]


def test_how_many_rows_a_page_has(manager: Person, hand: Hand) -> None:
    page = manager.page
    manager.open("/contracts")
    everything = entries(page)
    with page.expect_navigation():
        if hand.is_keyboard:
            hand.reach(page, "select[name=rows]").press("ArrowUp")
        else:
            page.select_option("select[name=rows]", "25")
    assert len(names(page)) == 25
    hand.still_at(page, "select[name=rows]")
    hand.follow(page, "a[rel=next]")
    assert len(names(page)) == everything - 25
    hand.follow(page, "a[rel=prev]")
    assert len(names(page)) == 25


def test_a_page_that_comes_again_stays_where_one_was(arrive: Callable[..., Person]) -> None:
    columns = "number,product,insurer,status,starts_on,ends_on,policyholder,sum_insured,premium_net"
    page = arrive(SWISS_MANAGER, f"/contracts?rows=25&columns={columns}", width=1100).page
    page.locator("[data-rows]").evaluate("rows => { rows.scrollLeft = 100; scrollTo(0, 60); }")
    before = page.evaluate("[scrollY, document.querySelector('[data-rows]').scrollLeft]")
    assert min(before) > 0
    Hand(is_keyboard=False).menu(page, "Expiry date", "Sort ascending")
    assert page.evaluate("[scrollY, document.querySelector('[data-rows]').scrollLeft]") == before
