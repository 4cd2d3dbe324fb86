"""A home page as somebody lays it out: moved, hidden, put back; and never with what he may not see."""

from __future__ import annotations

import re
from typing import Any

import pytest

STOCK = ("menu:contracts", "menu:claims", "menu:documents", "field:contract.number", "field:contract.status")
CLAIMS = ("field:claim.broker_number", "field:claim.status", "field:claim.occurred_on")


@pytest.fixture
def organization(make: Any) -> Any:
    holder = make.policyholder()
    contract = make.contract(holder)
    make.claim(contract)
    return make.organization(
        holder,
        document_profile_id=make.row("document_profiles", key="standard", name="Standard", tags=["portal"]),
    )


@pytest.fixture
def klara(make: Any, organization: Any, sign_in: Any) -> Any:
    return sign_in(make.member(organization))


def lines(browser: Any) -> tuple[list[str], list[str]]:
    """The lines of the form in their order, and those that are shown."""
    page = browser.get("/home/widgets").text
    order = re.findall(r'name="order" value="(\w+)"', page)
    return order, re.findall(r'name="shown" value="(\w+)" checked', page)


def put(browser: Any, order: list[str], shown: list[str], **more: str) -> Any:
    return browser.post("/home/widgets", data={"order": order, "shown": shown, **more})


def test_widgets_are_moved_hidden_and_put_back(klara, headings):
    order, shown = lines(klara)
    assert order.index("figures") < order.index("main") < order.index("claims") < order.index("side")
    assert "Offene Schäden" in headings(klara)

    moved = [one for one in order if one != "contracts"]
    moved.insert(0, "contracts")
    assert put(klara, moved, [*shown, "contracts"]).status_code == 303
    assert headings(klara)[0] == "Ihre Verträge"
    put(klara, moved, [one for one in [*shown, "contracts"] if one != "claims"])
    assert "Offene Schäden" not in headings(klara)
    assert "claims" in lines(klara)[0]

    assert put(klara, [], [], way="standard").status_code == 303
    assert lines(klara) == (order, shown)
    assert "Offene Schäden" in headings(klara)


def test_without_a_script_a_button_moves_one_line(klara):
    order, shown = lines(klara)
    at = order.index("claims")

    assert put(klara, order, shown, move="claims-up").status_code == 303

    assert lines(klara)[0].index("claims") == at - 1
    put(klara, lines(klara)[0], shown, move=f"{order[0]}-up")
    assert lines(klara)[0][0] == order[0]


def test_it_is_ones_own_in_this_organization_alone(make, organization, klara, headings, sign_in, neighbour):
    order, shown = lines(klara)
    put(klara, order, [one for one in shown if one != "claims"])
    colleague = sign_in(make.member(organization))
    user = make.rows("homes")[0].user_id
    elsewhere = sign_in(make.member(make.organization(), user=user))

    assert "claims" in lines(colleague)[1]
    assert "claims" in lines(elsewhere)[1]
    assert "claims" not in lines(klara)[1]
    assert neighbour.rows("homes") == []


def test_what_ones_rights_lack_is_nowhere_not_even_to_be_chosen(make, organization, sign_in, headings):
    narrow = sign_in(make.member(organization, make.profile(*STOCK)))
    order, _shown = lines(narrow)

    assert "contracts" in order
    assert not {"claims", "own_claims", "documents", "contacts", "deadlines"} & set(order)
    put(narrow, [*order, "claims"], ["claims"])
    assert "claims" not in lines(narrow)[0]
    assert "Offene Schäden" not in headings(narrow)


def test_a_right_that_comes_brings_its_widget_to_its_place(make, organization, sign_in):
    profile = make.profile(*STOCK)
    person = sign_in(make.member(organization, profile))
    order, shown = lines(person)
    put(person, order, shown)
    for subject in CLAIMS:
        make.row("profile_rules", profile_id=profile, subject=subject, action="read")
    make.change("profiles", profile, version=2)

    order = lines(person)[0]
    assert order.index("main") < order.index("claims") < order.index("side")


@pytest.mark.parametrize("form", [{}, {"order": "nothing"}, {"order": ["main", "side"], "shown": "claims"}])
def test_a_form_that_names_nothing_changes_nothing(make, klara, form):
    assert klara.post("/home/widgets", data=form).status_code == 422
    assert make.rows("homes") == []
