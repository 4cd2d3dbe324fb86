"""Which home page an organization has, and whether its members see who looks after them."""

from __future__ import annotations

import re
from typing import Any

import pytest


@pytest.fixture
def stock(make: Any) -> Any:
    jonas = make.user("Jonas Petersen", is_staff=True, email="jonas@hansen.example", phone="040 1")
    meike = make.user("Meike Tams", is_staff=True, email="meike@hansen.example")
    holder = make.policyholder("Nordwerk GmbH", account_manager_id=jonas, clerk_id=jonas)
    contract = make.contract(
        holder, number="N-1", account_manager_id=jonas, clerk_id=jonas, claims_handler_id=meike
    )
    make.contract(holder, number="N-2", account_manager_id=meike)
    return holder, contract


@pytest.fixture
def organization(make: Any, stock: Any) -> Any:
    return make.organization(stock[0])


def key_of(make: Any, organization: Any) -> str:
    return next(row.key for row in make.rows("organizations") if row.id == organization)


def set_up(clerk: Any, make: Any, organization: Any, **said: Any) -> None:
    document = {"organizations": [{"key": key_of(make, organization), **said}]}
    answer = clerk.client.put("/api/v1/config", base_url=clerk.base, json=document)
    assert answer.status_code == 200, answer.text


def test_the_view_of_an_organization_leads_its_home_page(
    make, clerk, organization, stock, sign_in, headings, home
):
    user = make.user("Klara Muster")
    klara = sign_in(make.member(organization, user=user))
    make.claim(stock[1], broker_number="S-own", reported_by_id=user)
    make.claim(stock[1], broker_number="S-other")

    set_up(clerk, make, organization, home_view="reporter", claims="members")
    reporter = home(klara)
    assert headings(klara)[0] == "Von Ihnen gemeldete Schäden"
    assert "S-own" in reporter
    assert "S-other" not in reporter
    set_up(clerk, make, organization, home_view="private")
    assert headings(klara)[0] == "Ihre Verträge"
    set_up(clerk, make, organization, home_view="cards")
    assert 'class="icons"' in home(klara)
    # Who has none of his own has the broker's.
    set_up(clerk, make, organization, home_view=None)
    assert 'class="figs"' in home(klara)
    document = {"tenant": {"home_view": "private"}}
    assert clerk.client.put("/api/v1/config", base_url=clerk.base, json=document).status_code == 200
    assert headings(klara)[0] == "Ihre Verträge"


def test_tiles_stand_as_the_clerk_ordered_them_and_only_where_there_is_a_right(
    make, clerk, organization, sign_in, home
):
    tiles = ["deadlines", "open_claims", "contracts"]
    set_up(clerk, make, organization, home_view="tiles", home_tiles=tiles)
    klara = sign_in(make.member(organization))
    narrow = sign_in(make.member(organization, make.profile("menu:contracts", "field:contract.number")))

    def shown(browser: Any) -> list[str]:
        return re.findall(
            r"<b>([^<]+)</b>", home(browser).partition('class="icons"')[2].partition("</main>")[0]
        )

    assert shown(klara) == ["Letzte Kündigungstage", "Offene Schäden", "Verträge"]
    assert shown(narrow) == ["Verträge"]
    set_up(clerk, make, organization, home_tiles=["contracts", "deadlines"])
    assert shown(klara) == ["Verträge", "Letzte Kündigungstage"]
    exported = clerk.get("/api/v1/config").text
    assert '"contracts"' in exported or "- contracts" in exported
    # That only their order changed is in the log, too.
    set_up(clerk, make, organization, home_tiles=["deadlines", "contracts"])
    last = [row for row in make.rows("audit") if row.act == "organization.changed"][-1]
    assert last.after["home_tiles"] == ["deadlines", "contracts"]


def test_a_member_chooses_between_overview_and_icons_unless_it_is_settled(
    make, clerk, organization, sign_in, home
):
    klara = sign_in(make.member(organization))
    assert klara.get("/?view=icons").status_code == 303
    assert 'class="icons"' in home(klara)

    set_up(clerk, make, organization, home_view="overview", home_fixed=True)

    page = home(klara)
    assert 'class="icons"' not in page
    assert "?view=icons" not in page


def test_the_clerk_sets_it_on_the_organizations_page(make, clerk, organization):
    from tests.administration.organizations.conftest import Desk

    desk = Desk(clerk, organization)
    answer = desk.send(home_view="tiles", home_tiles=["claims", "contracts"], caretakers_shown=None)
    assert answer.status_code == 303
    row = next(row for row in make.rows("organizations") if row.id == organization)
    assert (row.home_view, row.home_tiles, row.caretakers_shown) == ("tiles", ["claims", "contracts"], False)

    moved = desk.send("/effect", move="contracts-up")
    assert moved.status_code == 200
    assert re.findall(r'name="home_tiles" value="(\w+)" checked', moved.text) == ["contracts", "claims"]


def channels(browser: Any, contract: Any, holder: Any) -> dict[str, str]:
    """Everything a client can open that could name the broker's people."""
    paths = {
        "home": "/",
        "list": "/contracts?columns=number,account_manager,clerk",
        "record": f"/contracts/{contract}",
        "policyholder": f"/policyholders/{holder}",
        "search": "/contracts?q=Jonas",
        "filter": "/contracts?account_manager.contains=Jonas",
        "csv": "/contracts.csv?columns=number,account_manager,clerk",
        "api": "/api/v1/contracts",
        "api record": f"/api/v1/contracts/{contract}",
        "api filter": "/api/v1/contracts?clerk.contains=Jonas",
        "far": "/claims?columns=broker_number,contract__clerk",
        "groups": "/contracts?by=account_manager",
    }
    return {name: browser.get(path).text for name, path in paths.items()}


def test_where_they_are_not_shown_nothing_names_clerk_and_account_manager(
    make, clerk, organization, stock, sign_in
):
    holder, contract = stock
    make.claim(contract)
    klara = sign_in(make.member(organization))
    before = channels(klara, contract, holder)
    for name in ("home", "list", "record", "policyholder", "csv", "api", "api record", "far", "groups"):
        assert "Jonas Petersen" in before[name], name
    assert "N-1" in before["api filter"]

    set_up(clerk, make, organization, caretakers_shown=False)

    after = channels(klara, contract, holder)
    assert [name for name, text in after.items() if "Jonas Petersen" in text or "jonas@" in text] == []
    assert "N-1" not in after["search"].partition("<tbody")[2]
    assert klara.get("/api/v1/contracts?clerk.contains=Jonas").status_code == 422
    assert klara.get("/contracts?account_manager.contains=Jonas").status_code == 422
    assert "clerk" not in klara.get("/api/openapi.json").text
    assert "account_manager" not in after["api"]
    assert "account_manager" not in klara.get("/contracts.csv").text
    # Whoever deals with the claims is somebody else, and stays.
    assert "Meike Tams" in after["record"]


def test_it_holds_for_this_organization_alone_and_not_for_staff(make, clerk, organization, stock, sign_in):
    set_up(clerk, make, organization, caretakers_shown=False)
    sibling = sign_in(make.member(make.organization(stock[0])))

    for other in (sibling, clerk):
        assert "Jonas Petersen" in other.get(f"/contracts/{stock[1]}").text


def test_who_sees_what_says_that_it_was_switched_off_here(make, clerk, organization, stock, sign_in):
    user = make.user("Klara Muster")
    make.member(organization, user=user)
    set_up(clerk, make, organization, caretakers_shown=False)

    page = clerk.get(f"/visibility?person={user}&record=contract:{stock[1]}")

    assert page.status_code == 200
    told = clerk.get(f"/api/v1/visibility?person={user}&record=contract:{stock[1]}").json
    assert "off_here" in str(told)
