"""A client's administrator asks about his colleagues and about what he sees himself; nothing else is there for him."""

from __future__ import annotations

import pytest

from permissions.catalogue import catalogue
from tests.administration.seen.conftest import Asking

HIDDEN = (
    "field:contract.premium_net",
    "field:contract.key",
    "field:claim.reserve",
    "menu:invoices",
    "function:export",
)


@pytest.fixture
def chief(make, nordwerk, sign_in) -> Asking:
    """Nordwerk's own administrator, who does not see premiums, reserves, keys and invoices and cannot export."""
    granted = [subject for subject, _actions in catalogue.subjects() if subject not in HIDDEN]
    member = make.member(nordwerk.organization, make.profile(*granted, without=HIDDEN), make.user("Chief"))
    return Asking(sign_in(member))


def test_he_explains_what_his_people_see(chief, nordwerk, make):
    said = chief.about(nordwerk.ada, f"contract:{nordwerk.fire}")
    assert said["sees"]
    assert [one["name"] for one in chief.ask(record=f"contract:{nordwerk.fire}").json["people"]] == [
        "Ada Lund",
        "Chief",
    ]
    page = chief.get("/visibility", person=nordwerk.ada, record=f"contract:{nordwerk.fire}")
    assert "Yes, Ada Lund sees" in page.text


def test_he_is_told_what_is_missing_but_not_to_mend_it(chief, nordwerk, make):
    office = make.object(nordwerk.holder)
    ben = make.user_of(make.member(nordwerk.organization, user=make.user("Ben"), objects=(office,)))

    said = chief.about(ben, f"contract:{nordwerk.fire}")

    assert not said["sees"]
    assert [(one["rule"], one["detail"]) for one in said["reasons"] if not one["is_met"]] == [
        ("narrowed", "")
    ]


def test_nobody_else_and_nothing_else_is_there_for_him(chief, nordwerk, make):
    club = make.organization(make.policyholder("Stranger"), name="Club")
    stranger = make.user("Stranger Clubman")
    make.member(club, user=stranger)
    make.member(club, user=nordwerk.ada)
    staff = make.user("Jonas", is_staff=True, profile_id=make.profile(is_staff=True))
    hidden = make.contract(make.policyholder("Stranger"))
    loose = make.claim(None, reported_by_id=nordwerk.ada)
    for words in (
        {"person": stranger}, {"person": staff}, {"record": f"contract:{hidden}"}, {"record": f"claim:{loose}"},
        {"person": nordwerk.ada, "record": f"claim:{loose}"}, {"person": nordwerk.ada, "organization": club},
        {"record": f"invoice:{make.invoice(nordwerk.holder)}"}, {"record": f"mandate:{nordwerk.mandate}"},
    ):  # fmt: skip
        unknown = chief.ask(record="contract:00000000-0000-0000-0000-000000000007")
        answer = chief.ask(**words)
        assert (answer.status_code, answer.data) == (404, unknown.data), words
    assert [one["organization"]["name"] for one in chief.ask(person=nordwerk.ada).json["answers"]] == [
        "Nordwerk Gruppe"
    ]
    found = chief.get("/visibility", who="clubman")
    assert "Nobody found" in found.text
    assert "Club" not in chief.get("/visibility", person=nordwerk.ada).text


def test_he_learns_of_no_field_function_or_area_that_he_lacks(chief, nordwerk, make):
    said = chief.about(nordwerk.ada, f"contract:{nordwerk.fire}")
    summary = chief.ask(person=nordwerk.ada).json["answers"][0]

    assert not {"premium_net", "key"} & said["fields"].keys()
    assert "invoice" not in summary["seen"]
    assert "export" not in summary["functions"]
    for words in ({"field": "contract.premium_net"}, {"function": "export"}, {"function": "config.apply"}):
        assert chief.ask(person=nordwerk.ada, **words).status_code == 404
    people = chief.ask(record=f"contract:{nordwerk.fire}").json["people"]
    assert {one["of"] for one in people} == {len(said["fields"])}


def test_a_key_he_does_not_read_finds_nothing(chief, asking, nordwerk, make):
    make.change("contracts", nordwerk.fire, key="K-4711")
    assert asking.ask(record="contract:K-4711").status_code == 200
    assert chief.ask(record="contract:K-4711").status_code == 404


def test_what_a_member_reported_elsewhere_is_not_counted_for_him(chief, nordwerk, make):
    make.claim(None, reported_by_id=nordwerk.ada)
    assert chief.ask(person=nordwerk.ada).json["answers"][0]["seen"]["claim"] == 0


def test_what_a_record_says_is_told_only_to_whom_its_field_is_shown(make, nordwerk, sign_in):
    without = ("field:contract.status", "field:contract.number", "field:policyholder.name")
    granted = [subject for subject, _actions in catalogue.subjects() if subject not in without]
    blind = Asking(sign_in(make.member(nordwerk.organization, make.profile(*granted, without=without))))

    answer = blind.ask(person=nordwerk.ada, record=f"contract:{nordwerk.fire}")

    titles = [one["title"] for one in answer.json["answers"][0]["reasons"]]
    assert "The contract state is shared" in titles
    assert "Policyholder belongs to the organisation" in titles
    assert "FIRE-1" not in answer.text
    assert "Nordwerk GmbH" not in answer.text


def test_it_needs_area_and_function_and_the_whole_broker(make, nordwerk, sign_in):
    for without in ("menu:visibility", "function:member.explain"):
        granted = [subject for subject, _actions in catalogue.subjects() if subject != without]
        browser = sign_in(
            make.member(nordwerk.organization, make.profile(*granted, without=(without,)), make.user())
        )
        assert browser.get("/visibility").status_code == 403
        assert browser.get("/api/v1/visibility").status_code == 403
    limited = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=nordwerk.mandate)
    browser = sign_in(user=limited)
    assert browser.get("/visibility").status_code == 403
    assert "/visibility" not in browser.get("/").text


def test_fields_of_records_without_an_area_of_his_are_not_offered(make, nordwerk, sign_in):
    without = ("menu:insurers", "menu:mandates")
    granted = [subject for subject, _actions in catalogue.subjects() if subject not in without]
    chief = Asking(sign_in(make.member(nordwerk.organization, make.profile(*granted, without=without))))
    page = chief.get("/visibility", person=nordwerk.ada).text
    assert 'value="field:contract.number"' in page
    assert 'value="field:mandate.' not in page
    assert 'value="field:insurer.' not in page
    assert chief.ask(person=nordwerk.ada, field="insurer.key").status_code == 404
