"""An organization's settings at the desk: what a change would do, doing it, and taking it back."""

from __future__ import annotations

import re

import pytest

from tenants import rebuilding


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


def test_in_the_history_a_change_is_undone_after_its_effect_was_shown_or_at_once_if_there_is_none(desk, anna):
    def undo(browser):
        """The uppermost of the history as its form sends it."""
        form = re.search(
            r'<form method="post" action="([^"]+/undoing)"><input [^>]*name="way" value="effect">',
            desk.open(),
        )
        return browser.post(form[1], data={"way": "effect"}), form[1]

    desk.send(states=["cancelled"])
    shown, address = undo(desk.browser)
    assert shown.status_code == 200
    assert re.search(r"<s>1</s>.*<b>2</b>", shown.text)
    assert "Gilt sofort für 1 Person." in shown.text
    assert numbers(anna) == ["N-4"]
    sure = re.search(r'<form class="duo" method="post" action="([^"]+)">', shown.text)[1]
    assert sure == address
    assert desk.browser.post(sure).status_code == 303
    assert numbers(anna) == ["N-1", "N-2"]

    desk.send(name="Nordwerk Konzern")
    assert undo(desk.browser)[0].status_code == 303
    assert "Nordwerk Gruppe" in desk.open()


def test_a_whole_mandate_tells_how_many_policyholders_ticking_it_brings(desk, make, organization):
    for number in range(3):
        make.policyholder(f"Kunde {number}")
    counts = re.search(r'id="whole_mandates".*?</fieldset>', desk.open(), re.S)[0]
    # Each of them has a mandate of its own; three are not in the organization.
    assert re.findall(r'<span class="end">(\d+)</span>', counts) == ["1"] * 4


def test_a_large_organization_is_tightened_at_once_and_widened_by_a_job_whose_progress_is_shown(
    desk, anna, work, monkeypatch
):
    monkeypatch.setattr(rebuilding, "LARGE", -1)
    page = desk.browser.get(desk.send(states=["cancelled", "quote"]).headers["Location"]).text
    assert numbers(anna) == []
    assert "Es kommt noch etwas hinzu" in page
    assert re.search(r'<progress max="7" value="0"', page)

    work()

    assert numbers(anna) == ["N-3", "N-4"]
    assert "Es kommt noch etwas hinzu" not in desk.open()


@pytest.mark.parametrize("way", ["", "/effect"])
def test_what_cannot_be_is_named_with_its_field_in_the_summary_and_beside_the_effect(desk, way):
    for typed, named in (
        ({"name": ""}, '<a href="#name">Name der Organisation: '),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, '<a href="#ends_on">Letzter Tag'),
        ({"links.imprint": "http://plain.example"}, '<a href="#links.imprint">Eigene Links: '),
    ):
        refused = desk.send(way, **typed)
        assert refused.status_code == 422
        assert named in refused.text.split('class="errsum"')[1].split("</div>")[0]
        assert named in refused.text.split('id="effect"')[1]


def test_the_page_counts_what_members_see_and_so_what_those_below_see(desk, make, organization):
    assert "2 Verträge" in desk.open()
    assert "untergeordnete" not in counted(desk)
    other = make.policyholder("Nordwerk UK")
    make.contract(other, number="U-1", status="own", document_on=None)

    make.organization(other, name="Nordwerk UK", parent_id=organization)

    assert "3 Verträge" in counted(desk)
    assert "Einschließlich dessen, was 1 untergeordnete Organisation sieht." in counted(desk)


def test_older_changes_are_folded(desk):
    for number in range(7):
        assert desk.send(name=f"Nordwerk {number}").status_code == 303

    newest, folded = desk.open().split('id="changes"')[1].split("</details>")[0].split("<details")

    assert "2 ältere Änderungen" in folded
    assert (newest.count("<li"), folded.count("<li")) == (5, 2)


def counted(desk):
    return desk.open().split('id="effect"')[1].split("</aside>")[0]
