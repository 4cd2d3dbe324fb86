"""People laying out a report: columns of their own, conditions, headings with totals, highlights; by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Person
from tests.journeys.test_working import SWISS_MANAGER, column, entries, names


@pytest.fixture
def manager(visit: Callable[..., Person]) -> Person:
    person = visit(language="en").sign_in(SWISS_MANAGER, language="en")
    person.open("/contracts")
    return person


def menu(page: Page, heading: str, words: str) -> None:
    """Choose something from the menu of a column's heading."""
    page.locator(f"[data-rows] thead button:has-text('{heading}')").first.click()
    page.locator(f".pop:popover-open a:text-is('{words}')").click()


def test_computing_a_column_and_mending_what_was_wrong(manager: Person) -> None:
    page = manager.page
    page.locator("[popovertarget=columns]").click()
    manager.follow("#columns a:has-text('Computed column')")
    page.fill("[name=formula_label]", "Monthly")
    page.fill("#formula", "round( / 12, 2)")
    manager.follow("button:text-is('Save column')")
    expect(page.locator("#formula-error")).to_contain_text(
        "Expected a column, a number, a text or a function here"
    )
    expect(page.locator("#formula")).to_have_value("round( / 12, 2)")

    page.locator("#formula").evaluate("one => one.setSelectionRange(6, 6)")
    page.click("[data-insert='[Premium excl. tax]']")
    expect(page.locator("#formula")).to_have_value("round([Premium excl. tax] / 12, 2)")
    manager.follow("button:text-is('Save column')")

    assert "Monthly" in page.locator("[data-rows] thead").inner_text()
    assert any(column(page, "Monthly"))
    menu(page, "Monthly", "Sort descending")
    page.wait_for_url("**sort=-c1*")
    assert "compute=c1%3AMonthly%3Around%28premium_net+%2F+12%2C+2%29" in page.url


def test_nesting_conditions_with_the_keyboard_alone(manager: Person) -> None:
    page = manager.page
    everything = entries(page)
    page.focus("[popovertarget=filter]")
    page.keyboard.press("Enter")
    page.focus("#filter a:has-text('Several conditions')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/conditions*")
    first = page.locator("[name=n1_field]")
    first.focus()
    page.keyboard.type("Status")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=n1_value]")
    page.focus("[name=n1_value]")
    page.keyboard.type("Quote")
    page.locator("[name=n2_field]").focus()
    page.keyboard.type("Premium excl")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=n2_operator]")
    page.focus("[name=n2_operator]")
    page.keyboard.type("is at least")
    page.focus("[name=n2_value]")
    page.keyboard.type("10000")
    page.keyboard.press("Tab")
    page.locator("button:text-is('Apply conditions')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts?match=*")
    found = entries(page)
    assert 0 < found < everything

    page.locator(".chip button[popovertarget=chip-1]").focus()
    page.keyboard.press("Enter")
    page.locator("#chip-1 a:has-text('Switch filter off')").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/contracts?off=*")
    assert entries(page) == everything
    expect(page.locator(".chip[data-off]")).to_be_visible()


def test_headings_over_rows_and_totals_by_the_menu_of_a_column(manager: Person) -> None:
    page = manager.page
    menu(page, "Insurer", "Break by this column")
    page.wait_for_url("**break=insurer*")
    assert page.locator("[data-rows] tr.group").count() > 1
    menu(page, "Premium excl. tax", "Sum")
    page.wait_for_url("**total=sum.premium_net*")
    assert (
        page.locator("[data-rows] tbody tr.subtotal").count() == page.locator("[data-rows] tr.group").count()
    )
    expect(page.locator("[data-rows] tfoot")).to_contain_text("Total")
    manager.follow(".chip[data-kind=break] a.x")
    assert page.locator("[data-rows] tr.group").count() == 0


def test_columns_in_another_order_by_dragging_and_by_the_menu(manager: Person) -> None:
    page = manager.page

    def heads() -> list[str]:
        return page.locator("[data-rows] thead th button.col:not(.rate)").all_inner_texts()

    before = heads()
    menu(page, before[1], "Move right")
    page.wait_for_url("**columns=*")
    assert heads()[1:3] == [before[2], before[1]]

    page.locator("[popovertarget=columns]").click()
    manager.follow("#columns a:has-text('Order, names and widths')")
    page.locator(".layout-lines li").nth(3).locator(".grip").drag_to(page.locator(".layout-lines li").nth(0))
    page.locator(".layout-lines li").nth(1).locator("[name=col_title]").fill("Our name")
    manager.follow("button.main:text-is('Show columns')")
    assert "Our name" in page.locator("[data-rows] thead").inner_text()
    assert heads()[0] != before[0]


def test_filtering_by_values_that_are_counted(manager: Person) -> None:
    page = manager.page
    menu(page, "Status", "Filter by values …")
    page.wait_for_url("**/values*")
    line = page.locator(".counted li").first
    count = int(line.locator(".n").inner_text())
    line.locator("input").check()
    manager.follow("button:text-is('Apply filter')")
    assert entries(page) == count

    page.click(".chip button[popovertarget=chip-1]")
    page.locator("#chip-1 input[type=checkbox]:not(:checked)").first.check()
    manager.follow("#chip-1 button:text-is('Apply')")
    assert entries(page) >= count


def test_a_highlight_and_a_filter_in_one_column_only(manager: Person) -> None:
    page = manager.page
    page.locator("[popovertarget=columns]").click()
    manager.follow("#columns a:has-text('Highlight')")
    page.fill("[name=formula_label]", "Large")
    page.fill("#formula", "[Premium excl. tax] > 20000")
    page.select_option("[name=formula_target]", label="Premium excl. tax")
    manager.follow("button:text-is('Save highlight')")
    assert page.locator("[data-rows] td.hl-warning").count() > 0
    expect(page.locator(".chip[data-kind=mark]")).to_contain_text("Large")

    wanted = names(page)[0]
    page.select_option("[name=search_in]", label="Policy number")
    page.fill("#report-search", wanted)
    page.keyboard.press("Enter")
    page.wait_for_url("**number.contains=*")
    assert wanted in names(page)
