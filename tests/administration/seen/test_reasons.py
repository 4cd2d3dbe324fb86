"""Each reason in a story: what keeps a record from somebody is named, and what shows it to him."""

from __future__ import annotations

import datetime

import pytest

from tenants import visibility
from tests.factories import ALL_STATES

YESTERDAY = visibility.today() - datetime.timedelta(days=1)


def rules(said):
    return [one["rule"] for one in said["reasons"]]


def test_a_yes_names_the_whole_chain(asking, nordwerk):
    said = asking.about(nordwerk.ada, f"contract:{nordwerk.fire}")

    assert said["sees"]
    assert [(one["title"], one["detail"]) for one in said["reasons"]] == [
        ("Member of the organisation Nordwerk Gruppe", "Main organisation, without an end date"),
        ("Policyholder Nordwerk GmbH belongs to the organisation", "Chosen by name"),
        ("Contracts are shared automatically", ""),
        ("The contract state ‘Managed by us’ is shared", ""),
        ("Profile Profile shows the menu area Contracts", "Own rule"),
    ]
    assert said["fields"]["premium_net"] == {"level": "edit", "why": "granted", "profile": "Profile"}


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"share_automatically": False}, ["share_automatically"]),
        ({"states": [state for state in ALL_STATES if state != "own"]}, ["state_box"]),
        ({"lines_of_business": ["192"]}, ["only_lines"]),
        ({"contract_types": ["master"]}, ["only_types"]),
        ({"objects": "selected"}, ["insures_selected"]),
        ({"ends_on": YESTERDAY}, ["organization"]),
        ({"states": [], "lines_of_business": ["192"]}, ["state_box", "only_lines"]),
    ],
)
def test_a_rule_that_keeps_a_contract_back_is_named(asking, nordwerk, make, settings, missing):
    make.change("organizations", nordwerk.organization, **settings)
    make.arrange(organizations={nordwerk.organization})

    assert asking.missing(nordwerk.ada, f"contract:{nordwerk.fire}") == missing


def test_a_contract_of_a_stranger_is_seen_when_it_is_shared_by_hand(asking, nordwerk, make):
    motor = make.contract(make.policyholder("Stranger"))
    assert asking.missing(nordwerk.ada, f"contract:{motor}") == ["in_organization"]

    make.row(
        "organization_contracts", organization_id=nordwerk.organization, contract_id=motor, part="shared"
    )
    make.arrange(organizations={nordwerk.organization})

    assert rules(asking.about(nordwerk.ada, f"contract:{motor}")) == ["membership", "by_hand", "area"]


def test_a_contract_withheld_by_hand_says_so_first(asking, nordwerk, make):
    make.row(
        "organization_contracts",
        organization_id=nordwerk.organization,
        contract_id=nordwerk.fire,
        part="excluded",
    )
    make.change("organizations", nordwerk.organization, share_automatically=False)
    make.arrange(organizations={nordwerk.organization})

    assert asking.missing(nordwerk.ada, f"contract:{nordwerk.fire}") == ["excluded", "share_automatically"]


def test_a_co_policyholder_a_whole_unit_and_a_group_bring_a_contract_in(asking, nordwerk, make):
    wien = make.mandate("Wien")
    shared = make.contract(
        make.policyholder("Alpenbau", wien, corporate_group="Alpen", intermediary="Huber"), number="ALP-1"
    )
    record = f"contract:{shared}"
    make.row("contract_policyholders", contract_id=shared, policyholder_id=nordwerk.holder)
    make.arrange(organizations={nordwerk.organization})
    told = [asking.about(nordwerk.ada, record)["reasons"][1]]
    make.row("organization_mandates", organization_id=nordwerk.organization, mandate_id=wien, part="whole")
    make.arrange(organizations={nordwerk.organization})
    told.append(asking.about(nordwerk.ada, record)["reasons"][1])
    grouped = make.organization(corporate_groups=["Alpen"])
    ben = make.user_of(make.member(grouped))
    told.append(asking.about(ben, record)["reasons"][1])
    eva = make.user_of(make.member(make.organization(intermediaries=["Huber"])))
    told.append(asking.about(eva, record)["reasons"][1])

    assert [(one["title"], one["detail"]) for one in told] == [
        ("Policyholder Nordwerk GmbH belongs to the organisation", "Chosen by name, as a co-policyholder"),
        ("Policyholder Alpenbau belongs to the organisation", "With the whole broker unit Wien"),
        ("Policyholder Alpenbau belongs to the organisation", "With the corporate group ‘Alpen’"),
        ("Policyholder Alpenbau belongs to the organisation", "Because its intermediary is ‘Huber’"),
    ]


def test_only_some_units_are_shared(asking, nordwerk, make):
    wien = make.mandate("Wien")
    make.row(
        "organization_mandates", organization_id=nordwerk.organization, mandate_id=wien, part="narrowing"
    )
    make.arrange(organizations={nordwerk.organization})

    assert asking.missing(nordwerk.ada, f"contract:{nordwerk.fire}") == ["only_mandates"]


def test_an_object_is_seen_through_a_contract_and_as_a_selected_one(asking, nordwerk, make):
    record = f"object:{nordwerk.hall}"
    assert rules(asking.about(nordwerk.ada, record))[1:3] == ["stands_in", "in_organization"]
    make.change("organizations", nordwerk.organization, objects="selected")
    make.arrange(organizations={nordwerk.organization})
    assert asking.missing(nordwerk.ada, record) == ["insures_selected", "selected_object"]
    alone = make.object(nordwerk.holder)
    assert "stands_in" in asking.missing(nordwerk.ada, f"object:{alone}")


def test_a_claim_needs_its_contract_its_type_and_its_object(asking, nordwerk, make):
    hail = make.claim(nordwerk.fire, object_id=nordwerk.hall, claim_type="hail")
    record = f"claim:{hail}"
    assert asking.missing(nordwerk.ada, record) == []
    for settings, missing in (
        ({"include_claims": False}, ["include_claims"]),
        ({"include_claims": True, "claim_types": ["theft"]}, ["only_claim_types"]),
        ({"claim_types": [], "claims": "members"}, ["reported_by_member"]),
    ):
        make.change("organizations", nordwerk.organization, **settings)
        make.arrange(organizations={nordwerk.organization})
        assert asking.missing(nordwerk.ada, record) == missing

    make.change("claims", hail, reported_by_id=nordwerk.ada)
    assert asking.missing(nordwerk.ada, record) == []
    assert asking.missing(nordwerk.ada, f"claim:{make.claim(None)}") == ["of_contract", "reported_by_member"]


def test_who_reported_a_claim_or_uploaded_a_document_sees_it_whatever_the_rules_say(asking, nordwerk, make):
    loose = make.claim(None, reported_by_id=nordwerk.ada)
    photo = make.document(links={"claim": loose})
    sent = make.document(("internal",), uploaded_by_id=nordwerk.ada)

    assert rules(asking.about(nordwerk.ada, f"claim:{loose}")) == ["membership", "mine", "area"]
    assert rules(asking.about(nordwerk.ada, f"document:{photo}")) == ["membership", "on_own_claim", "area"]
    assert rules(asking.about(nordwerk.ada, f"document:{sent}")) == ["membership", "mine", "area"]


def test_an_invoice_and_a_certificate_follow_their_contract_or_the_policyholder(asking, nordwerk, make):
    own = make.invoice(nordwerk.holder)
    of_fire = make.invoice(nordwerk.holder, nordwerk.fire)
    certificate = make.certificate(nordwerk.fire)
    make.change("organizations", nordwerk.organization, share_automatically=False)
    make.arrange(organizations={nordwerk.organization})

    assert rules(asking.about(nordwerk.ada, f"invoice:{own}"))[1:3] == ["without_contract", "in_organization"]
    assert asking.missing(nordwerk.ada, f"invoice:{own}") == []
    assert asking.missing(nordwerk.ada, f"invoice:{of_fire}") == ["share_automatically"]
    assert asking.missing(nordwerk.ada, f"certificate:{certificate}") == ["share_automatically"]


def test_a_document_needs_a_shared_tag_and_something_seen_to_hang_on(asking, nordwerk, make):
    policy = make.document(links={"contract": nordwerk.fire})
    internal = make.document(("internal",), links={"contract": nordwerk.fire})
    of_stranger = make.document(links={"contract": make.contract(make.policyholder("Stranger"))})
    loose = make.document()

    assert rules(asking.about(nordwerk.ada, f"document:{policy}"))[1:4] == [
        "shares_tag", "hangs_on", "in_organization",
    ]  # fmt: skip
    assert asking.missing(nordwerk.ada, f"document:{internal}") == ["shares_tag"]
    assert asking.missing(nordwerk.ada, f"document:{of_stranger}") == ["in_organization"]
    assert asking.missing(nordwerk.ada, f"document:{loose}") == ["hangs_on"]


def test_a_narrowed_member_is_told_which_objects_he_is_limited_to(asking, nordwerk, make):
    office = make.object(
        nordwerk.holder, (make.contract(nordwerk.holder, number="OFFICE-1"),), label="Office"
    )
    ben = make.user_of(make.member(nordwerk.organization, objects=(office,)))

    said = asking.about(ben, f"contract:{nordwerk.fire}")

    assert asking.missing(ben, f"contract:{nordwerk.fire}") == ["narrowed"]
    narrowed = next(one for one in said["reasons"] if one["rule"] == "narrowed")
    assert narrowed["detail"] == "The membership is limited to 1 object: Insured object Office."
    assert asking.missing(ben, f"object:{office}") == []


def test_a_parent_sees_through_its_child(asking, nordwerk, make):
    parent = make.organization(name="Holding")
    make.change("organizations", nordwerk.organization, parent_id=parent)
    make.arrange(organizations={parent, nordwerk.organization})
    boss = make.user_of(make.member(parent))

    said = asking.about(boss, f"contract:{nordwerk.fire}")

    assert said["sees"]
    assert said["reasons"][1]["title"] == "Nordwerk Gruppe belongs below Holding"


def test_a_case_is_seen_by_who_takes_part_and_by_colleagues_if_it_is_shared(asking, nordwerk, make):
    ben = make.user_of(make.member(nordwerk.organization, user=make.user("Ben")))
    case = make.row("cases", key="c", subject="Matter", status="open", owner_id=ben)
    record = f"case:{case}"
    assert rules(asking.about(ben, record)) == ["membership", "takes_part", "area"]
    assert asking.missing(nordwerk.ada, record) == ["case_shared"]
    make.change("organizations", nordwerk.organization, case_sharing=True)
    assert asking.missing(nordwerk.ada, record) == []
    make.change("cases", case, is_confidential=True)
    assert asking.missing(nordwerk.ada, record) == ["confidential"]


def test_nobody_sees_anything_after_his_time_and_is_told_so_first(asking, nordwerk, make):
    make.change("memberships", nordwerk.member, ends_on=YESTERDAY)
    said = asking.about(nordwerk.ada, f"contract:{nordwerk.fire}")
    assert said["reasons"][0]["title"].startswith("The membership in Nordwerk Gruppe ended on ")
    assert asking.missing(nordwerk.ada, f"contract:{nordwerk.fire}") == ["membership"]
    make.change("memberships", nordwerk.member, ends_on=None)
    make.change("users", nordwerk.ada, is_active=False)
    assert asking.missing(nordwerk.ada, f"contract:{nordwerk.fire}") == ["active"]
    assert asking.missing(make.user("Nobody yet"), f"contract:{nordwerk.fire}") == ["membership", "area"]


def test_staff_see_everything_or_their_units(asking, nordwerk, make):
    desk, wien = make.profile(is_staff=True), make.mandate("Wien")
    eva, max_ = (make.user(name, is_staff=True, profile_id=desk) for name in ("Eva", "Max"))
    make.row("staff_mandates", user_id=max_, mandate_id=wien)

    assert rules(asking.about(eva, f"contract:{nordwerk.fire}")) == ["staff", "area"]
    assert asking.missing(max_, f"contract:{nordwerk.fire}") == ["limited_staff"]
    taken_down = make.claim(nordwerk.fire, reported_by_id=max_)
    assert rules(asking.about(max_, f"claim:{taken_down}")) == ["mine", "area"]
    assert asking.missing(nordwerk.ada, f"mandate:{nordwerk.mandate}") == ["staff_only"]
