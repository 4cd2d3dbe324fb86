"""An organization's settings at the desk: what a change would do, doing it, and taking it back."""

from __future__ import annotations

import re

import pytest


def numbers(browser):
    return sorted(contract["number"] for contract in browser.get("/api/v1/contracts").json["contracts"])


@pytest.fixture
def anna(make, organization, sign_in):
    return sign_in(make.member(organization))


def test_a_box_that_is_ticked_shows_its_contracts_on_the_members_next_page(desk, anna):
    assert numbers(anna) == ["N-1", "N-2"]

    shown = desk.send("/effect", states=["own", "cancelled"])
    assert shown.status_code == 200
    assert numbers(anna) == ["N-1", "N-2"]
    assert re.search(r"<s>2</s>.*<b>3</b>", shown.text)
    assert "Storniert: 1 Vertrag" in shown.text
    saved = desk.send(states=["own", "cancelled"])

    assert saved.status_code == 303
    assert numbers(anna) == ["N-1", "N-2", "N-4"]


def test_a_change_is_undone(desk, anna):
    address = desk.send(states=["cancelled"], name="Nordwerk Konzern").headers["Location"]
    assert numbers(anna) == ["N-4"]
    undoing = re.search(r'action="([^"]+/undoing)"', desk.browser.get(address).text)[1]

    assert desk.browser.post(undoing).status_code == 303

    assert numbers(anna) == ["N-1", "N-2"]
    assert "Nordwerk Gruppe" in desk.open()
    assert desk.browser.post(undoing).status_code == 409
