"""Through a client's eyes each page is his own, but for the banner."""

from __future__ import annotations

import pytest

from permissions import Level
from permissions.rights import Rights, shared
from tests.administration.eyes.same import BANNER, differences, pages
from tests.rules.test_permissions import STATEMENTS, recorded, without_tenant
from tests.security.stock import listed

NARROW = (
    "menu:contracts", "menu:claims", "field:contract.number", "field:contract.premium_net", "field:contract.currency",
    "field:contract.policyholder", "field:claim.broker_number", "function:export", "function:save_reports",
)  # fmt: skip


KINDS = ("everything", "narrow", "masked", "nothing", "one object", "two organizations")


def member(kind, house, make):
    """Clients of every kind: all rights, few, a masked field, none; of all objects and of one; of two organizations."""
    if kind == "everything":
        return house.membership
    if kind == "narrow":
        return make.member(house.organization, make.profile(*NARROW))
    if kind == "masked":
        masked = {"field:policyholder.name": "mask", "field:contract.premium_net": "mask"}
        return make.member(house.organization, make.profile(**masked))
    if kind == "nothing":
        return make.member(house.organization, make.row("profiles", key="nothing", name="Nothing"))
    if kind == "one object":
        return make.member(house.organization, house.profile, objects=(house.stock["object"],))
    twice = make.member(house.organization, house.profile, is_main=True)
    make.member(make.organization(name="Nordwerk Schweiz"), house.profile, make.user_of(twice))
    return twice


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_of_a_member_is_the_same_through_his_eyes(kind, house, make, portal, sign_in):
    records = {record: [record_id] for record, record_id in house.stock.items()}
    membership = member(kind, house, make)
    user = make.user_of(membership)
    report = make.row("saved_reports", owner_id=user, source="contract", name="Mine", document={})
    house.at_desk.look(user, membership=str(membership))

    count, wrong = differences(
        pages(portal, records, report_id=report), sign_in(membership).get, house.at_desk.get
    )

    assert not wrong, listed(wrong)
    assert count > 150


def test_a_page_that_differs_is_noticed(house, make, sign_in):
    other = sign_in(make.member(house.organization, make.profile(*NARROW)))
    house.at_desk.look(house.klara)

    count, found = differences(["/contracts"], other.get, house.at_desk.get)

    assert (count, len(found)) == (1, 1)
    assert BANNER.search(house.at_desk.get("/contracts").data)


@pytest.mark.parametrize("level", ["hidden", "mask"])
def test_what_the_actor_may_not_read_himself_he_does_not_read_there(house, make, run, level):
    """The client reads his premiums; a clerk who does not sees no more of them through the client's eyes."""
    field = "field:contract.premium_net"
    hidden = {"without": (field,)} if level == "hidden" else {field: "mask"}
    make.change("users", house.hanna, profile_id=make.profile(is_staff=True, **hidden))
    make.change("contracts", house.stock["contract"], premium_net="8765.43")
    house.at_desk.look(house.klara)
    english = {"Accept-Language": "en"}

    paths = ("/contracts", f"/contracts/{house.stock['contract']}", "/contracts.csv", "/api/v1/contracts")
    own = [house.at_home.get(path, headers=english).text.replace(",", "") for path in paths]
    looked = [house.at_desk.get(path, headers=english).text.replace(",", "") for path in paths]

    assert all("8765.43" in page for page in own)
    assert not any("8765.43" in page for page in looked)
    assert all("Ours-1" in page for page in looked)


def test_areas_and_functions_the_actor_has_not_are_not_there_either(house, make):
    without = ("menu:claims", "function:save_reports")
    make.change("users", house.hanna, profile_id=make.profile(is_staff=True, without=without))
    house.at_desk.look(house.klara)

    assert house.at_home.get("/claims").status_code == 200
    assert house.at_desk.get("/claims").status_code == 403
    assert 'href="/claims"' not in house.at_desk.get("/").text
    assert 'action="/reports"' not in house.at_desk.get("/contracts").text


def test_a_right_withdrawn_from_either_is_gone_on_the_next_request(house, make):
    house.at_desk.look(house.klara)
    assert house.at_desk.get("/claims").status_code == 200
    make.change("memberships", house.membership, profile_id=make.profile(without=("menu:claims",)))
    assert house.at_desk.get("/claims").status_code == 403
    make.change("memberships", house.membership, profile_id=house.profile)
    make.change("users", house.hanna, profile_id=make.profile(is_staff=True, without=("menu:claims",)))
    assert house.at_desk.get("/claims").status_code == 403


def test_looking_asks_the_database_no_more_than_the_client_and_names_the_tenant(house, sign_in, monkeypatch):
    english = {"Accept-Language": "en"}
    house.at_desk.look(house.klara)
    for browser in (house.at_home, house.at_desk):
        browser.get("/contracts", headers=english)
    with recorded(monkeypatch) as own:
        house.at_home.get("/contracts", headers=english)
    with recorded(monkeypatch) as looked:
        house.at_desk.get("/contracts", headers=english)
    assert len(looked) == len(own) <= STATEMENTS

    with recorded(monkeypatch) as said:
        house.at_desk.post("/viewing/end")
        for path in ("/viewing/ended", "/users?q=klara", f"/users/{house.klara}/view"):
            assert house.at_desk.get(path).status_code == 200
        house.at_desk.look(house.klara)
        house.at_desk.get("/settings/views")
    assert [wrong for statement in said for wrong in without_tenant(statement)] == []
    with recorded(monkeypatch) as listing:
        sign_in(user=house.otto).get("/users")
    assert len(listing) <= STATEMENTS


def test_the_rights_of_a_pair_are_one_object_and_the_clients_own_where_nothing_is_lacking():
    number, premium = ("contract", "number"), ("contract", "premium_net")
    client = Rights(
        frozenset({"contracts"}), frozenset({"export"}), {number: Level.READ, premium: Level.READ}
    )
    clerk = Rights(frozenset({"contracts"}), frozenset(), {number: Level.EDIT, premium: Level.MASKED})
    whole = Rights(client.areas | {"claims"}, client.functions, dict.fromkeys((number, premium), Level.EDIT))

    both = shared(client, clerk)

    assert shared(client, clerk) is both
    assert shared(client, whole) is client
    assert (both.areas, both.functions) == (frozenset({"contracts"}), frozenset())
    assert both.fields == {number: Level.READ, premium: Level.MASKED}
    assert both.readable == {"contract": frozenset({"number"})}
