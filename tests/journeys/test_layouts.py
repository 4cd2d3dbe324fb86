"""People laying out a report: columns of their own, conditions, headings with totals, highlights; by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Hand, Person
from tests.journeys.test_working import SWISS_MANAGER, column, entries


@pytest.fixture
def manager(arrive: Callable[..., Person]) -> Person:
    return arrive(SWISS_MANAGER, "/contracts")


def test_nesting_conditions(manager: Person, hand: Hand) -> None:
    page, everything = manager.page, entries(manager.page)
    hand.use(page, "[popovertarget=filter]")
    hand.follow(page, "#filter a:has-text('Several conditions')")
    hand.choose(page, "[name=n1_field]", "Status")
    hand.follow(page, ".condition:has([name=n1_field]) button:text-is('Continue')")
    expect(page.locator("[name=n1_operator]")).to_be_focused()
    hand.choose(page, "[name=n1_value]", "Quote")
    hand.follow(page, "[value=nest-0]")
    inner = "fieldset fieldset .condition:nth-of-type(1)"
    expect(page.locator(f"{inner} select")).to_be_focused()
    hand.choose(page, f"{inner} [name$=_field]", "Premium excl. tax")
    hand.follow(page, f"{inner} button:text-is('Continue')")
    hand.choose(page, f"{inner} [name$=_operator]", "is at least")
    hand.write(page, f"{inner} [name$=_value]", "10000")
    hand.follow(page, "button:text-is('Apply conditions')")
    assert 0 < entries(page) < everything

    hand.use(page, ".chip button[popovertarget=chip-1]")
    hand.follow(page, "#chip-1 a:text-is('Edit filter')")
    assert page.locator("fieldset fieldset [name$=_operator]").count() == 1
    hand.follow(page, "a.btn:text-is('Cancel')")


def test_computing_a_column_and_mending_what_was_wrong(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.use(page, "[popovertarget=columns]")
    hand.follow(page, "#columns a:has-text('Computed column')")
    hand.write(page, "[name=formula_label]", "Monthly")
    hand.write(page, "#formula", "round( / 12, 2)")
    hand.follow(page, "button:text-is('Save column')")
    expect(page.locator("#formula-error")).to_contain_text(
        "Expected a column, a number, a text or a function here"
    )
    expect(page.locator("#formula")).to_have_value("round( / 12, 2)")
    expect(page.locator("#formula")).to_be_focused()

    page.locator("#formula").evaluate("one => one.setSelectionRange(6, 6)")
    hand.use(page, "[data-insert='[Premium excl. tax]']")
    expect(page.locator("#formula")).to_have_value("round([Premium excl. tax] / 12, 2)")
    hand.follow(page, "button:text-is('Save column')")

    assert "Monthly" in page.locator("[data-rows] thead").inner_text()
    assert any(column(page, "Monthly"))
    hand.menu(page, "Monthly", "Sort descending")
    assert "sort=-c1" in page.url
    assert "compute=c1%3AMonthly%3Around%28premium_net+%2F+12%2C+2%29" in page.url


def test_headings_over_rows_and_totals_by_the_menu_of_a_column(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.menu(page, "Insurer", "Break by this column")
    assert page.locator("[data-rows] tr.group").count() > 1
    hand.menu(page, "Premium excl. tax", "Sum")
    hand.menu(page, "Premium excl. tax", "Average")
    assert (
        page.locator("[data-rows] tbody tr.subtotal").count() == page.locator("[data-rows] tr.group").count()
    )
    expect(page.locator("[data-rows] tfoot")).to_contain_text("Total")
    expect(page.locator("[data-rows] tfoot")).to_contain_text("Average")
    hand.follow(page, ".chip[data-kind=break] a.x")
    assert page.locator("[data-rows] tr.group").count() == 0


def heads(person: Person) -> list[str]:
    return person.page.locator("[data-rows] thead th button.col:not(.rate)").all_inner_texts()


def test_columns_in_another_order_by_dragging_and_by_the_menu(manager: Person) -> None:
    page, before = manager.page, heads(manager)
    Hand(is_keyboard=False).menu(page, before[1], "Move right")
    assert heads(manager)[1:3] == [before[2], before[1]]

    page.locator("[popovertarget=columns]").click()
    manager.follow("#columns a:has-text('Order, names and widths')")
    page.locator(".layout-lines li").nth(3).locator(".grip").drag_to(page.locator(".layout-lines li").nth(0))
    manager.follow("button.main:text-is('Show columns')")
    assert heads(manager)[0] != before[0]


def test_a_table_laid_out_as_one_wants_it(manager: Person, hand: Hand) -> None:
    page, before = manager.page, heads(manager)
    hand.menu(page, before[1], "Hide column")
    assert heads(manager) == [before[0], *before[2:]]

    hand.use(page, "[popovertarget=columns]")
    hand.follow(page, "#columns a:has-text('Order, names and widths')")
    for place in (3, 2):
        hand.use(page, f".layout-lines li:nth-child({place}) [value$='-up']")
        expect(page.locator(f".layout-lines li:nth-child({place - 1}) [value$='-up']")).to_be_focused()
    hand.write(page, ".layout-lines li:nth-child(1) [name=col_title]", "State")
    hand.choose(page, ".layout-lines li:nth-child(1) [name=col_width]", "Wide")
    hand.choose(page, "[name=col_frozen]", "2")
    hand.follow(page, "button.main:text-is('Show columns')")
    assert heads(manager) == ["State", before[0], before[2], *before[4:]]
    assert page.locator("[data-rows] th.w-l").inner_text() == "State"
    assert page.locator("[data-rows] tbody tr").first.locator(".frozen").count() == 2


def test_columns_are_chosen(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.use(page, "[popovertarget=columns]")
    hand.use(page, "#columns input[value=insurer]")
    hand.use(page, "#columns input[value=starts_on]")
    hand.follow(page, "#columns button")
    assert "Insurer" not in heads(manager)
    assert "Inception date" in heads(manager)


def test_columns_one_step_further_are_chosen(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.use(page, "[popovertarget=columns]")
    hand.follow(page, "#columns a:has-text('One step further')")
    hand.use(page, "#further summary:has-text('Policyholder')")
    hand.use(page, "#further input[value=policyholder__city]")
    hand.follow(page, "button.main:text-is('Show columns')")
    assert "Policyholder: Town or city" in heads(manager)
    assert page.locator("[data-rows] tbody td[data-l='Policyholder: Town or city']").first.inner_text()


def test_filtering_by_values_that_are_counted(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.menu(page, "Status", "Filter by values …")
    count = int(page.locator(".counted li .n").first.inner_text())
    hand.use(page, ".counted li input")
    hand.follow(page, "button:text-is('Apply filter')")
    assert entries(page) == count


def test_a_highlight_is_made_changed_and_taken_away(manager: Person, hand: Hand) -> None:
    page = manager.page
    hand.use(page, "[popovertarget=columns]")
    hand.follow(page, "#columns a:has-text('Highlight')")
    hand.write(page, "[name=formula_label]", "Large")
    hand.write(page, "#formula", "[Premium excl. tax] > 20000")
    hand.choose(page, "[name=formula_target]", "Premium excl. tax")
    hand.follow(page, "button:text-is('Save highlight')")
    marked = page.locator("[data-rows] td.hl-warning").count()
    assert marked > 0
    expect(page.locator(".chip[data-kind=mark]")).to_contain_text("Large")

    hand.use(page, ".chip[data-kind=mark] button")
    hand.follow(page, ".pop:popover-open a:text-is('Edit highlight')")
    hand.choose(page, "[name=formula_tone]", "Red: urgent")
    hand.follow(page, "button:text-is('Save highlight')")
    assert page.locator("[data-rows] td.hl-critical").count() == marked
    for words in ("Switch highlight off", "Switch highlight on", "Remove highlight"):
        hand.use(page, ".chip[data-kind=mark] button")
        hand.follow(page, f".pop:popover-open a:text-is('{words}')")
        assert page.locator("[data-rows] td.hl-critical").count() == (marked if "on" in words.split() else 0)
    assert page.locator(".chip[data-kind=mark]").count() == 0
