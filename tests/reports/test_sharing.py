"""Reports given to others: to people, an organization, a profile, everybody; opened by default; handed over."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tenants import visibility
from tests.reports.test_saved import (
    acts,
    ask,
    button,
    id_of,
    keep,
    links,
    numbers,
    organization,
    page,
    post,
    stock,
)

__all__ = ["organization", "stock"]


@pytest.fixture
def people(make: Any, organization: Any, stock: Any, sign_in: Any) -> Any:
    """Two colleagues, somebody of another organization, a broker's clerk and a broker's manager of reports."""
    everything = make.profile()
    desk = make.profile(is_staff=True)
    plain_desk = make.profile("menu:contracts", "field:contract.number", "function:save_reports",
                              "function:share_reports", is_staff=True)  # fmt: skip
    users = {
        name: make.user(name, email=f"{name}@{make.tenant_id.hex}.example")
        for name in ("anna", "ben", "cleo")
    }
    users |= {
        name: make.user(name, email=f"{name}@{make.tenant_id.hex}.example", is_staff=True, profile_id=profile)
        for name, profile in (("clerk", plain_desk), ("boss", desk))
    }

    class People:
        profile = everything

        def __init__(self) -> None:
            self.memberships = {
                "anna": make.member(organization, everything, users["anna"]),
                "ben": make.member(organization, make.profile(), users["ben"]),
                "cleo": make.member(make.organization(stock, name="Hafenbau"), everything, users["cleo"]),
            }
            for name, membership in self.memberships.items():
                setattr(self, name, sign_in(membership))
            self.clerk, self.boss = (sign_in(user=users[name]) for name in ("clerk", "boss"))

        def address(self, *names: str) -> str:
            return "\n".join(f"{name}@{make.tenant_id.hex}.example" for name in names)

        def who_opens(self, address: str) -> list[str]:
            names = ("anna", "ben", "cleo", "clerk", "boss")
            return [name for name in names if ask(getattr(self, name), address).status_code == 200]

    people = People()
    people.users = users
    return people


def share(reader: Any, address: str, sharing: str, **form: str) -> Any:
    return post(reader, f"/reports/{id_of(address)}/sharing", sharing=sharing, **form)


def test_a_colleague_gets_a_report_and_nobody_else(make, web, people):
    address = keep(people.anna, "Own ones", status="own")

    answer = share(people.anna, address, "people", people=people.address("ben").upper())

    assert answer.headers["Location"].endswith("?done=sharing#sharing")
    assert people.who_opens(address) == ["anna", "ben"]
    assert "from anna" in page(people.ben, "/contracts")
    assert people.address("ben") in page(people.anna, f"/reports/{id_of(address)}")
    assert acts(make, web) == ["report.create", "report.share"]
    share(people.anna, address, "private")
    assert people.who_opens(address) == ["anna"]


def test_an_organization_gets_a_report(people):
    address = keep(people.anna, "Own ones", status="own")
    share(people.anna, address, "organization")
    assert people.who_opens(address) == ["anna", "ben"]


def test_the_broker_shares_with_an_organization_a_profile_or_everybody(make, organization, people):
    address = keep(people.boss, "Of the house", status="own")

    share(people.boss, address, "organization", organization=str(organization))
    assert people.who_opens(address) == ["anna", "ben", "boss"]
    share(people.boss, address, "profile", profile=str(people.profile))
    assert people.who_opens(address) == ["anna", "cleo", "boss"]
    share(people.boss, address, "all")
    assert people.who_opens(address) == ["anna", "ben", "cleo", "clerk", "boss"]


@pytest.mark.parametrize("way", ["profile", "all", "nonsense", ""])
def test_a_client_shares_no_further_than_his_organization(way, people):
    address = keep(people.anna, "Own ones", status="own")
    answer = share(people.anna, address, way, profile=str(people.profile))
    assert (answer.status_code, "Choose whom to share with." in answer.text) == (422, True)
    assert people.who_opens(address) == ["anna"]


@pytest.mark.parametrize("name", ["cleo", "nobody", "clerk"])
def test_whom_one_does_not_work_with_is_told_like_nobody(name, people):
    address = keep(people.anna, "Own ones", status="own")
    typed = people.address("ben", name)
    answer = share(people.anna, address, "people", people=typed)
    assert answer.status_code == 422
    assert f"There is nobody with the address {people.address(name)}" in answer.text
    assert people.who_opens(address) == ["anna"]


def test_staff_who_manage_nothing_reach_their_own_house_only(people):
    address = keep(people.clerk, "Numbers", columns="number")
    assert share(people.clerk, address, "people", people=people.address("anna")).status_code == 422
    assert share(people.clerk, address, "people", people=people.address("boss")).status_code == 303
    assert people.who_opens(address) == ["clerk", "boss"]


def test_staff_of_some_mandates_share_with_nobody_elses_clients(make, people, sign_in):
    limited = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    reader = sign_in(user=limited)
    address = keep(reader, "Mine")
    assert share(reader, address, "all").status_code == 422
    assert share(reader, address, "people", people=people.address("anna")).status_code == 422
    assert "Hafenbau" not in page(reader, f"/reports/{id_of(address)}")


def test_a_member_whose_access_ended_is_nobody_to_share_with(make, organization, people):
    yesterday = visibility.today() - visibility.datetime.timedelta(days=1)
    make.change("memberships", people.memberships["ben"], ends_on=yesterday)
    address = keep(people.anna, "Own ones", status="own")
    assert share(people.anna, address, "people", people=people.address("ben")).status_code == 422


def test_a_reader_changes_nothing_of_what_is_shared_with_him_but_copies_it(people):
    address = keep(people.anna, "Own ones", status="own")
    share(people.anna, address, "organization")
    report = id_of(address)

    for act, form in (
        ("name", {"name": "Bens"}), ("state", {"words": ""}), ("sharing", {"sharing": "private"}),
        ("owner", {"owner": people.address("ben")}), ("deletion", {}),
    ):  # fmt: skip
        assert post(people.ben, f"/reports/{report}/{act}", **form).status_code == 404, act
    shown = page(people.ben, f"/reports/{report}")
    assert "Delete report" not in shown
    assert "Hand over report" not in shown
    copy = keep(people.ben, "Own ones", status="own")
    assert people.who_opens(copy) == ["ben"]
    assert people.who_opens(address) == ["anna", "ben"]


def test_who_may_save_but_not_share_is_not_offered_it(make, organization, sign_in):
    reader = sign_in(
        make.member(
            organization, make.profile("menu:contracts", "field:contract.number", "function:save_reports")
        )
    )
    address = keep(reader, "Mine", columns="number")
    assert 'name="sharing"' not in page(reader, f"/reports/{id_of(address)}")
    assert share(reader, address, "organization").status_code == 403


def test_every_reader_counts_what_he_lacks_himself(make, organization, people, sign_in):
    few = make.profile("menu:contracts", "field:contract.number", "field:contract.status")
    reader = sign_in(make.member(organization, few))
    address = keep(
        people.anna, "Premiums", columns="number,premium_net,insurer", sort="-premium_net", status="own"
    )
    share(people.anna, address, "organization")

    shown = page(reader, address)

    assert "3 parts of this report are not available to you." in shown
    assert "premium_net" not in shown
    # What a column means may name an insurer; nothing else does.
    assert "insurer" not in re.sub(r'<p class="hint">[^<]*</p>', "", shown)
    assert "Insurer" not in shown
    assert numbers(shown) == ["N-1", "N-2"]
    assert "not available" not in page(people.ben, address)


def test_a_report_of_an_overview_one_does_not_have_is_not_there(make, organization, people, sign_in):
    reader = sign_in(make.member(organization, make.profile("menu:claims", "field:claim.status")))
    address = keep(people.anna, "Own ones", status="own")
    share(people.anna, address, "organization")
    for path in ("/claims", "/reports"):
        assert "Own ones" not in page(reader, path)
    assert ask(reader, f"/reports/{id_of(address)}").status_code == 404


def test_a_report_limited_to_a_record_opens_without_it_for_whoever_does_not_see_that(make, stock, people):
    contract = make.contract(make.policyholder("Fremd AG"), number="F-1")
    address = keep(people.boss, "Of one", "claim", of=f"contract:{contract}")
    share(people.boss, address, "all")
    shown = page(people.anna, address)
    assert "1 part of this report is not available to you." in shown
    assert str(contract) not in shown
    assert "F-1" in page(people.boss, address)


def test_an_overview_opens_with_what_its_reader_chose(people):
    address = keep(people.anna, "Own ones", status="own")
    report = id_of(address)

    post(people.anna, f"/reports/{report}/default", on="1")

    assert ask(people.anna, "/contracts").headers["Location"] == address
    assert numbers(page(people.anna, "/contracts?report=standard")) == ["N-1", "N-2", "N-3"]
    assert button(page(people.anna, "/contracts?report=standard")) == "Standard view"
    assert numbers(page(people.anna, "/contracts?status=quote")) == ["N-3"]
    assert links(page(people.anna, address), "/contracts?report=standard")
    assert ask(people.anna, "/api/v1/contracts").status_code == 200
    assert ask(people.ben, "/contracts").status_code == 200
    post(people.anna, f"/reports/{report}/default", on="")
    assert ask(people.anna, "/contracts").status_code == 200


def test_a_profile_opens_with_what_the_broker_chose_unless_somebody_chose_himself(people):
    house, own = keep(people.boss, "Of the house", status="own"), keep(people.cleo, "Cleos", status="quote")
    post(people.boss, f"/reports/{id_of(house)}/profiles", profile=str(people.profile))
    assert ask(people.anna, "/contracts").status_code == 200

    share(people.boss, house, "all")
    post(people.cleo, f"/reports/{id_of(own)}/default", on="1")

    assert ask(people.anna, "/contracts").headers["Location"] == house
    assert ask(people.cleo, "/contracts").headers["Location"] == own
    assert ask(people.ben, "/contracts").status_code == 200
    post(people.boss, f"/reports/{id_of(house)}/profiles")
    assert ask(people.anna, "/contracts").status_code == 200


def test_another_report_takes_the_place_of_a_profiles_first(people):
    first, second = (keep(people.boss, name, status="own") for name in ("First", "Second"))
    for address in (first, second):
        share(people.boss, address, "all")
        post(people.boss, f"/reports/{id_of(address)}/profiles", profile=str(people.profile))
    assert ask(people.anna, "/contracts").headers["Location"] == second
    assert post(people.boss, f"/reports/{id_of(first)}/profiles", profile="x").status_code == 422
    assert post(people.anna, f"/reports/{id_of(first)}/profiles").status_code == 403


def test_an_empty_overview_leads_out_of_its_default(people):
    address = keep(people.anna, "Nothing", q="nothing at all")
    post(people.anna, f"/reports/{id_of(address)}/default", on="1")
    assert "/contracts?report=standard" in page(people.anna, address)


def test_own_reports_stand_in_the_navigation_and_where_one_is_is_said_once(people):
    addresses = [keep(people.anna, f"Report {n}", status="own") for n in range(7)]
    shown = page(people.anna, addresses[0])
    menu = shown[shown.index('id="nav"') : shown.index("</nav>")]
    assert [f"Report {n}" in menu for n in range(7)] == [True] * 5 + [False] * 2
    assert menu.count("aria-current") == 1
    assert f'href="{addresses[0]}" aria-current="page"' in menu
    assert "Report 1" not in page(people.ben, "/")
    assert all(f"Report {n}" in page(people.anna, "/reports") for n in range(7))


def test_a_report_is_handed_over_by_its_owner(people):
    address = keep(people.anna, "Own ones", status="own")
    post(people.anna, f"/reports/{id_of(address)}/owner", owner=people.address("ben"))
    assert people.who_opens(address) == ["ben"]
    assert post(people.ben, f"/reports/{id_of(address)}/name", name="Bens").status_code == 303


def test_whom_a_report_cannot_be_handed_to_is_said(people):
    address = keep(people.anna, "Own ones", status="own")
    keep(people.ben, "own ONES")
    for name, sentence in (
        ("cleo", "There is nobody with the address"), ("anna", "already belongs"),
        ("ben", "This person already has a report of this name."),
    ):  # fmt: skip
        answer = post(people.anna, f"/reports/{id_of(address)}/owner", owner=people.address(name))
        assert (answer.status_code, sentence in answer.text) == (422, True)


def test_the_broker_hands_on_what_somebody_left_behind(make, people):
    address = keep(people.anna, "Annas", status="own")
    report = id_of(address)
    assert ask(people.boss, f"/reports/{report}").status_code == 404

    make.change("users", people.users["anna"], is_active=False)
    listed = page(people.boss, "/reports")
    post(people.boss, f"/reports/{report}/owner", owner=people.address("ben"))

    assert "Annas" in listed
    assert "Annas" not in page(people.clerk, "/reports")
    assert people.who_opens(address) == ["ben"]
    assert ask(people.boss, f"/reports/{report}").status_code == 404


def test_a_new_name_is_refused_where_the_old_ones_are(people):
    address = keep(people.anna, "One", status="own")
    keep(people.anna, "Two", status="own")
    path = f"/reports/{id_of(address)}/name"
    assert post(people.anna, path, name="ONE").status_code == 303
    answer = post(people.anna, path, name="two")
    assert (answer.status_code, "You already have a report of this name." in answer.text) == (422, True)
    assert 'value="two"' in answer.text
