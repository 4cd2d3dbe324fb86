"""Several clients who are in no organization come into the portal at once."""

from __future__ import annotations

import re
import uuid
from types import SimpleNamespace

import pytest

from app.administration.grants import proposing
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox"]

PAGE = "/clients-without-access/invitation"


@pytest.fixture
def clients(house, make):
    """Two of one group, one of whom has no address; and one by himself."""
    mandate = make.mandate("Wien")
    return SimpleNamespace(
        mandate=mandate,
        donau=make.policyholder("Donau AG", mandate, corporate_group="Donau", email="Post@donau.example"),
        ufer=make.policyholder("Donauufer GmbH", mandate, corporate_group="Donau"),
        karl=make.policyholder("Kunz", first_name="Karl", kind="private", email="karl@kunz.example"),
    )


def form(*lines: tuple[str, ...], step: str = "create", take: bool = True, **more: str) -> dict[str, object]:
    """Lines are ids, name, person and address."""
    told: dict[str, object] = {
        "line": [line[0] for line in lines],
        "profile": "manager",
        "step": step,
        **more,
    }
    if take:
        told["take"] = [line[0] for line in lines]
    for ids, *words in lines:
        for part, word in zip(("name", "person", "email"), words, strict=True):
            told[f"{part}:{ids.partition(',')[0]}"] = word
    return told


def organizations(ask):
    return [row[0] for row in ask("select name from organizations where tenant_id = :tenant order by name")]


def test_an_organization_is_proposed_for_each_client_with_his_address(desk, clients):
    page = desk.words(PAGE)
    assert "3 organisations are proposed" in page
    for value in ("post@donau.example", "Karl Kunz", "karl@kunz.example", "Donauufer GmbH"):
        assert f'value="{value}"' in page, value
    assert "1 client has no email address on record" in page


def test_by_group_the_companies_of_a_group_share_one(desk, clients):
    page = desk.words(f"{PAGE}?way=group")
    assert "2 organisations are proposed" in page
    assert f'value="{clients.donau},{clients.ufer}"' in page
    assert 'value="Donau"' in page
    assert "1 organisation is proposed" in desk.words(f"{PAGE}?way=together")
    assert desk.browser.get(f"{PAGE}?way=else").status_code == 422


def test_only_what_the_filters_of_the_overview_leave(desk, clients):
    page = desk.words(f"{PAGE}?corporate_group.is=Donau")
    assert "2 organisations are proposed" in page
    assert "Kunz" not in page
    assert desk.browser.get(f"{PAGE}?nothing=1").status_code == 422


def test_what_will_be_created_is_said_in_numbers_and_nothing_is_done_yet(desk, clients, ask, make):
    make.contract(clients.donau)
    answer = desk.browser.post(
        PAGE,
        data=form(
            (f"{clients.donau},{clients.ufer}", "Donau", "Dora", "dora@donau.example"),
            (f"{clients.karl}", "Karl Kunz", "Karl Kunz", ""),
            step="",
        ),
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 200
    for words in ("1 organisation, 2 clients, 1 contract", "1 person becomes a member", "1 line is left out"):
        assert words in answer.text, words
    assert organizations(ask) == ["Nordwerk Gruppe", "Südbau"]


def test_organizations_members_and_invitations_come_together(desk, clients, ask, letterbox, work, house):
    answer = desk.browser.post(
        PAGE,
        data=form(
            (f"{clients.donau},{clients.ufer}", "Donau", "Dora Donau", "Dora@Donau.example"),
            (f"{clients.karl}", "Donau", "Karl Kunz", "karl@kunz.example"),
        ),
    )
    assert answer.headers["Location"].endswith("?made=2&invited=2")
    work()

    assert organizations(ask) == ["Donau", "Donau", "Nordwerk Gruppe", "Südbau"]
    assert sorted(letterbox.to) == ["dora@donau.example", "karl@kunz.example"]
    assert desk.rows("clients-without-access") == []
    pairs = {(one["policyholder"], one["members"]) for one in desk.rows("organization-clients", "q=donau")}
    assert {("Donau AG", 1), ("Donauufer GmbH", 1)} <= pairs
    made = ask(
        """select share_automatically, include_claims, states from organizations
            where tenant_id = :tenant and name = 'Donau'"""
    )
    assert made == [(True, True, ["application", "policy", "own"])] * 2


def test_rules_are_copied_but_not_whose_they_are(desk, clients, ask, make, house):
    make.change(
        "organizations", house.group, states=["own"], include_claims=False, corporate_groups=["Donau"],
        profile_currency="CHF",
    )  # fmt: skip
    key = ask("select key from organizations where tenant_id = :tenant and id = :id", id=house.group)[0][0]

    desk.browser.post(PAGE, data=form((f"{clients.karl}", "Kunz", "Karl", "karl@kunz.example"), pattern=key))

    made = ask(
        """select states, include_claims, profile_currency, corporate_groups from organizations
            where tenant_id = :tenant and name = 'Kunz'"""
    )
    assert made == [(["own"], False, "CHF", [])]


def test_whoever_is_known_becomes_a_member_and_keeps_his_name(desk, clients, ask, letterbox, work, house):
    email = ask("select email from users where tenant_id = :tenant and id = :id", id=house.urs)[0][0]
    answer = desk.browser.post(PAGE, data=form((f"{clients.karl}", "Kunz", "Somebody else", email)))
    work()
    assert answer.headers["Location"].endswith("?made=1&invited=0")
    assert letterbox.to == []
    assert "Urs Nef" in desk.words(f"/users/{house.urs}")
    assert "Kunz" in desk.words(f"/users/{house.urs}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("", "Karl", "karl@kunz.example"), "This is required."),
        (("Kunz", "", "karl@kunz.example"), "The name of the person is missing."),
        (("Kunz", "Karl", "karl"), "One email address is expected"),
        (("Kunz", "Karl", ""), "Nothing is left to create"),
        (("Kunz", "Karl", "admin@house.example"), "are not members"),
    ],
)
def test_what_is_wrong_stands_beside_its_line_and_nothing_is_made(words, said, desk, clients, ask, make):
    make.user("Admin", email="admin@house.example", is_staff=True)
    answer = desk.browser.post(
        PAGE, data=form((f"{clients.karl}", *words)), headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422
    assert said in answer.text
    if words[2]:
        assert re.search(rf'id="(name|person|email)-{clients.karl}-error"', answer.text)
        assert f'value="{words[0]}"' in answer.text
    assert organizations(ask) == ["Nordwerk Gruppe", "Südbau"]


def test_who_came_into_an_organization_meanwhile_is_not_made_another(desk, clients, ask, make, house):
    make.row("organization_policyholders", organization_id=house.site, policyholder_id=clients.karl)
    make.arrange(organizations={house.site})
    answer = desk.browser.post(
        PAGE,
        data=form(
            (f"{clients.karl}", "Kunz", "Karl", "karl@kunz.example"),
            (f"{clients.donau}", "Donau", "Dora", "dora@donau.example"),
        ),
        headers={"Accept-Language": "en"},
    )
    assert answer.status_code == 422
    assert "are in an organisation by now" in answer.text
    assert organizations(ask) == ["Nordwerk Gruppe", "Südbau"]


def test_another_brokers_clients_profile_or_pattern_are_not_taken(desk, clients, neighbour, ask):
    theirs = neighbour.policyholder("Theirs")
    for line, more in (
        ((f"{theirs}", "X", "X", "x@x.example"), {}),
        ((f"{clients.karl}", "X", "X", "x@x.example"), {"profile": "unknown"}),
        ((f"{clients.karl}", "X", "X", "x@x.example"), {"pattern": "unknown"}),
        (("x", "X", "X", "x@x.example"), {}),
        ((f"{uuid.uuid4()}", "X", "X", "x@x.example"), {}),
    ):
        assert desk.browser.post(PAGE, data=form(line) | more).status_code == 422, (line, more)
    assert organizations(ask) == ["Nordwerk Gruppe", "Südbau"]


def test_more_than_two_hundred_are_refused_with_words(desk, house, make, monkeypatch):
    monkeypatch.setattr(proposing, "MOST", 2)
    for number in range(3):
        make.policyholder(f"Kunde {number}")
    page = desk.words(PAGE)
    assert "More than 2 clients at once" in page
    assert 'name="line"' not in page


def test_what_was_typed_comes_back_to_be_changed(desk, clients):
    answer = desk.browser.post(
        PAGE, data=form((f"{clients.karl}", "Kunz & Co", "Karl", "k@kunz.example"), step="change")
    )
    assert answer.status_code == 200
    assert 'value="Kunz &amp; Co"' in answer.text
