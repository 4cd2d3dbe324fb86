"""Organizations by client and by contract, clients in none, and how all of it is used."""

from __future__ import annotations

import datetime

import pytest

from tests.administration.users.conftest import LAST_MONTH, MONTH, Reader
from tests.rules.test_permissions import STATEMENTS, recorded

LISTS = ("organization-clients", "organization-contracts", "clients-without-access", "usage")
FIGURES = ("members", "sign_ins_this_month", "sign_ins_last_month", "sign_ins", "claimed_on")


def test_by_client_each_pair_is_a_row_and_who_has_no_client_is_left_out(house, desk, make):
    make.organization(name="Without anybody")
    second = make.policyholder("Nordwerk Logistik GmbH")
    make.row("organization_policyholders", organization_id=house.group, policyholder_id=second)
    make.arrange(organizations={house.group})

    rows = desk.rows("organization-clients", "sort=organization,policyholder")

    assert [(one["organization"], one["policyholder"], one["members"]) for one in rows] == [
        ("Nordwerk Gruppe", "Nordwerk Guss GmbH", 2),
        ("Nordwerk Gruppe", "Nordwerk Logistik GmbH", 2),
        ("Südbau", "Südbau AG", 1),
    ]
    assert [rows[0][name] for name in FIGURES] == [2, 3, 2, 9, None]
    assert [rows[2][name] for name in FIGURES] == [1, 1, 0, 1, None]
    assert rows[0]["signed_in_at"].startswith(str(MONTH))
    assert rows[0]["mandate"] == "Hamburg"


def test_a_whole_mandate_and_a_corporate_group_bring_their_clients_along(house, desk, make):
    wien = make.mandate("Wien")
    make.policyholder("Donau AG", wien)
    make.policyholder("Konzern Eins", corporate_group="Konzern")
    make.change("organizations", house.site, corporate_groups=["Konzern"])
    make.row("organization_mandates", organization_id=house.group, mandate_id=wien, part="whole")
    make.arrange(organizations={house.group, house.site})

    pairs = {(one["organization"], one["policyholder"]) for one in desk.rows("organization-clients")}

    assert {("Nordwerk Gruppe", "Donau AG"), ("Südbau", "Konzern Eins")} <= pairs
    assert desk.rows("clients-without-access") == []


def test_what_stands_below_an_organization_is_a_row_of_its_own(house, desk, make):
    make.change("organizations", house.site, parent_id=house.group)
    make.arrange(organizations={house.site, house.group})
    pairs = [(one["organization"], one["policyholder"]) for one in desk.rows("organization-clients")]
    assert sorted(pairs) == [("Nordwerk Gruppe", "Nordwerk Guss GmbH"), ("Südbau", "Südbau AG")]


def test_by_contract_only_what_an_organization_shows(house, desk, make):
    make.contract(house.north, number="N-1", status="own")
    make.contract(house.north, number="N-2", status="cancelled")
    make.change("organizations", house.group, states=["own"])
    make.arrange(organizations={house.group})
    by_hand = make.contract(house.north, number="N-3", status="cancelled")
    make.row("organization_contracts", organization_id=house.site, contract_id=by_hand, part="shared")
    make.arrange(organizations={house.site})

    rows = desk.rows("organization-contracts", "sort=contract")

    assert [(one["organization"], one["contract"], one["policyholder"]) for one in rows] == [
        ("Nordwerk Gruppe", "N-1", "Nordwerk Guss GmbH"),
        ("Südbau", "N-3", "Nordwerk Guss GmbH"),
    ]
    assert [rows[0][name] for name in FIGURES] == [2, 3, 2, 9, None]


def test_a_claim_counts_where_its_contract_shows_and_one_without_in_the_main_organization(house, desk, make):
    contract = make.contract(house.south)
    make.claim(contract, reported_by_id=house.klara, reported_on=datetime.date(2026, 3, 9))
    make.claim(None, reported_by_id=house.klara, reported_on=datetime.date(2026, 4, 1))
    make.claim(contract, reported_on=datetime.date(2026, 9, 9))

    told = {one["organization"]: one["claimed_on"] for one in desk.rows("organization-clients")}

    assert told == {"Nordwerk Gruppe": "2026-04-01", "Südbau": "2026-03-09"}
    usage = {
        (one["organization"], one["month_on"]): one["claims"] for one in desk.rows("usage") if one["claims"]
    }
    assert usage == {("Nordwerk Gruppe", "2026-04-01"): 1, ("Südbau", "2026-03-01"): 1}


def test_clients_in_no_organization_are_listed_with_what_they_have(house, desk, make, neighbour):
    lonely = make.policyholder("Einsam AG", email="post@einsam.example", corporate_group="Einsam")
    make.contract(lonely)
    neighbour.policyholder("Also lonely")

    rows = desk.rows("clients-without-access")

    assert [(one["name"], one["email"], one["contracts"]) for one in rows] == [
        ("Einsam AG", "post@einsam.example", 1)
    ]
    assert desk.browser.get(f"/clients-without-access/{lonely}").headers["Location"].endswith(str(lonely))


def test_usage_is_told_by_organization_user_and_month(house, desk, used):
    used(house.klara, house.group, LAST_MONTH, documents=5)
    used(house.klara, None, MONTH, sign_ins=50)

    rows = desk.rows("usage", "sort=-month_on,organization")

    assert [(one["organization"], one["user"], one["month_on"], one["sign_ins"], one["documents"]) for one in rows][:3] == [
        ("Nordwerk Gruppe", "Klara Muster", str(MONTH), 3, 0),
        ("Südbau", "Klara Muster", str(MONTH), 1, 0),
        ("Nordwerk Gruppe", "Klara Muster", str(LAST_MONTH), 2, 5),
    ]  # fmt: skip
    assert rows[0]["profile"] == "Versicherungsmanagement"
    months = desk.words(
        "/usage?by=month_on.month&show=sum.sign_ins,distinct.user&chart=line&month_on.last=12m"
    )
    assert "<svg" in months
    groups = desk.browser.get(
        "/usage.csv?by=organization&show=sum.sign_ins", headers={"Accept-Language": "en"}
    )
    assert {"Nordwerk Gruppe,9", "Südbau,1"} <= set(groups.data.decode("utf-8-sig").split("\r\n"))


@pytest.mark.parametrize("plural", LISTS)
def test_every_list_pages_sorts_and_goes_into_files(plural, house, desk, make, monkeypatch):
    for number in range(4):
        holder = make.policyholder(f"Kunde {number}")
        make.contract(holder, number=f"K-{number}")
        if plural != "clients-without-access":
            make.row("organization_policyholders", organization_id=house.site, policyholder_id=holder)
    make.arrange(organizations={house.site})

    everything = desk.rows(plural)
    ids = [one["id"] for one in everything]
    paged: list[str] = []
    words = "limit=2"
    while True:
        answer = desk.browser.get(f"/api/v1/{plural}?{words}").json
        paged += [one["id"] for one in answer[plural]]
        if not answer["next"]:
            break
        words = f"limit=2&after={answer['next']}"
    assert (paged, len(set(ids))) == (ids, len(ids))
    for name in everything[0]:
        if name != "id":
            assert len(desk.rows(plural, f"sort=-{name}")) == len(ids), name
    assert len(desk.file(f"/{plural}.csv")) == len(ids) + 1
    one = desk.browser.get(f"/api/v1/{plural}/{ids[0]}")
    assert one.json["id"] == ids[0]
    assert desk.browser.get(f"/{plural}/{ids[0]}").status_code == 303
    desk.words(f"/{plural}")
    with recorded(monkeypatch) as said:
        desk.words(f"/{plural}?rows=25")
    assert len(said) <= STATEMENTS, said


@pytest.mark.parametrize("plural", LISTS)
def test_clients_and_staff_of_some_mandates_have_none_of_the_lists(
    plural, house, desk, make, sign_in, desk_profile
):
    make.policyholder("Einsam AG")
    make.contract(house.north)
    limited = make.user(is_staff=True, profile_id=desk_profile)
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    row = desk.rows(plural)[0]["id"]
    for browser in (sign_in(house.memberships[0]), sign_in(user=limited)):
        for path in (
            f"/{plural}",
            f"/{plural}.csv",
            f"/{plural}.xlsx",
            f"/api/v1/{plural}",
            f"/api/v1/{plural}/{row}",
            f"/{plural}/{row}",
        ):
            assert browser.get(path).status_code == 403, path
        assert browser.get("/clients-without-access/invitation").status_code == 403
        assert f"/{plural}" not in browser.get("/policyholders").text


@pytest.mark.parametrize("plural", LISTS)
def test_nothing_of_another_broker_is_in_a_list(plural, house, desk, neighbour, make, sign_in):
    other = neighbour.user("Admin", is_staff=True, profile_id=neighbour.profile(is_staff=True))
    neighbour.contract(neighbour.policyholder("Alone"))
    there = Reader(sign_in(user=other, at=neighbour))
    make.contract(house.north)
    make.policyholder("Einsam AG")

    ours, theirs = desk.rows(plural), there.rows(plural)

    assert not {one["id"] for one in ours} & {one["id"] for one in theirs}
    for one in theirs:
        assert desk.browser.get(f"/{plural}/{one['id']}").status_code == 404
        assert desk.browser.get(f"/api/v1/{plural}/{one['id']}").status_code == 404
    assert all(one.get("sign_ins", 0) < 70 for one in ours)


def test_the_lists_lead_to_one_another(house, desk, make, sign_in):
    told = desk.words("/organizations")
    for path in ("/organization-clients", "/organization-contracts", "/clients-without-access", "/usage"):
        assert f'href="{path}"' in told, path
        assert f'<li><a href="{path}"' in told
    assert 'href="/clients-without-access"' in desk.words("/policyholders")
    assert "/usage?by=month_on.month" in desk.words("/users")
    assert 'href="/clients-without-access/invitation?q=x"' in desk.words("/clients-without-access?q=x")
    less = make.profile(is_staff=True, without=("menu:usage", "menu:organization-clients"))
    reader = Reader(sign_in(user=make.user("Nele", is_staff=True, profile_id=less)))
    assert "/usage" not in reader.words("/organizations")
    assert "/organization-clients" not in reader.words("/policyholders")
