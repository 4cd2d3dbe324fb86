"""The rules of what an organization and its members see, one story each."""

from __future__ import annotations

import datetime

import pytest

from tests.visibility.stock import TODAY

TOMORROW = TODAY + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("box", "contract"),
    [
        ("policy", {"status": "own", "document_on": TODAY}),
        ("policy", {"status": "own", "document_on": TODAY, "application_on": TODAY, "quote_on": TODAY}),
        ("application", {"status": "own", "application_on": TODAY}),
        ("own", {"status": "own"}),
        ("own", {"status": "own", "quote_on": TODAY}),
        ("quote", {"status": "quote"}),
        ("third_party_part", {"status": "third_party_part", "document_on": TODAY}),
        ("cancelled", {"status": "cancelled", "application_on": TODAY}),
    ],
)
def test_each_contract_is_seen_through_one_box_only(nordwerk, box, contract):
    every = [
        "inquiry",
        "quote",
        "application",
        "policy",
        "own",
        "third_party",
        "third_party_part",
        "cancelled",
    ]
    nordwerk.put("contract", "Cargo", policyholder="Nordwerk", **contract)

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=[box])
    assert "Cargo" in nordwerk.sees("Ada", "Nordwerk", "contract")

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=[b for b in every if b != box])
    assert "Cargo" not in nordwerk.sees("Ada", "Nordwerk", "contract")


def test_a_quote_with_its_date_is_seen_through_quote_and_through_own(nordwerk):
    nordwerk.put("contract", "Cyber", policyholder="Nordwerk", status="quote", quote_on=TODAY)
    for box in ("quote", "own"):
        nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], states=[box])
        assert "Cyber" in nordwerk.sees("Ada", "Nordwerk", "contract")


def test_removing_a_policyholder_leaves_what_was_shared_by_hand(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], shared=["Motor"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Motor"}

    nordwerk.organization("Nordwerk", policyholders=[], shared=["Motor"])

    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Motor"}
    assert nordwerk.sees("Ada", "Nordwerk", "policyholder") == set()


def test_a_contract_shared_by_hand_passes_every_narrowing(nordwerk):
    nordwerk.put("mandate", "Wien")
    nordwerk.put("policyholder", "Alpenbau", mandate="Wien")
    nordwerk.put("contract", "Crane", policyholder="Alpenbau", status="blocked")

    nordwerk.organization(
        "Nordwerk",
        policyholders=["Nordwerk"],
        shared=["Crane"],
        only_mandates=["Hamburg"],
        lines_of_business=["fire"],
    )

    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Crane"}


def test_excluded_beats_automatic(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], excluded=["Fire"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Motor"}
    assert nordwerk.sees("Ada", "Nordwerk", "object") == set()


def test_a_contract_without_a_line_does_not_pass_a_list_of_lines(nordwerk):
    nordwerk.put("contract", "Odd", policyholder="Nordwerk")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], lines_of_business=["fire"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire"}


def test_a_co_policyholder_brings_the_contract_but_the_mandate_is_the_policyholders(nordwerk):
    nordwerk.put("mandate", "Wien")
    nordwerk.put("policyholder", "Alpenbau", mandate="Wien")
    nordwerk.put("contract", "Joint venture", policyholder="Alpenbau", co_policyholders=["Nordwerk"])
    assert "Joint venture" in nordwerk.sees("Ada", "Nordwerk", "contract")

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], only_mandates=["Hamburg"])
    assert "Joint venture" not in nordwerk.sees("Ada", "Nordwerk", "contract")

    nordwerk.put("policyholder", "Alpenbau", mandate="Hamburg")
    assert "Joint venture" in nordwerk.sees("Ada", "Nordwerk", "contract")


def test_a_whole_mandate_and_a_group_take_in_who_comes_later(nordwerk):
    nordwerk.organization("Nordwerk", mandates=["Hamburg"], corporate_groups=["Nord"])
    nordwerk.settle()
    nordwerk.put("mandate", "Wien")
    nordwerk.put("policyholder", "Newcomer", mandate="Hamburg")
    nordwerk.put("policyholder", "Cousin", mandate="Wien", corporate_group="Nord")
    nordwerk.put("policyholder", "Stranger", mandate="Wien")
    assert nordwerk.sees("Ada", "Nordwerk", "policyholder") == {"Nordwerk", "Newcomer", "Cousin"}


def test_selected_objects_narrow_what_is_shared_automatically_not_by_hand(nordwerk):
    nordwerk.put("object", "Villa", policyholder="Nordwerk")
    nordwerk.put("contract", "Household", policyholder="Nordwerk", objects=["Villa"])

    nordwerk.organization(
        "Nordwerk", policyholders=["Nordwerk"], objects="selected", selected=["Factory"], shared=["Household"]
    )

    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Household"}
    assert nordwerk.sees("Ada", "Nordwerk", "object") == {"Factory"}


def test_a_link_between_contract_and_object_counts_from_either_side(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], objects="selected", selected=["Factory"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Fire"}

    nordwerk.put("object", "Factory", policyholder="Nordwerk", contracts=["Motor"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Motor"}

    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Motor", "Fire"}


def test_a_new_object_and_a_new_co_policyholder_of_a_seen_contract_are_seen(nordwerk):
    nordwerk.put("policyholder", "Co-owner", mandate="Hamburg")
    nordwerk.put("object", "Crane", policyholder="Nordwerk")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk", "Co-owner"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == {"Nordwerk"}

    nordwerk.put(
        "contract",
        "Fire",
        policyholder="Nordwerk",
        co_policyholders=["Co-owner"],
        objects=["Factory", "Crane"],
    )

    assert nordwerk.sees("Ada", "Nordwerk", "object") == {"Factory", "Crane"}
    assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == {"Nordwerk", "Co-owner"}


def test_a_claim_needs_its_contract_its_object_and_its_type(nordwerk):
    nordwerk.put("object", "Villa", policyholder="Nordwerk")
    nordwerk.put("claim", "Hail", contract="Fire", object="Factory", claim_type="hail")
    nordwerk.put("claim", "Theft", contract="Motor", claim_type="theft")
    nordwerk.put("claim", "Elsewhere", contract="Fire", object="Villa", claim_type="hail")
    nordwerk.put("claim", "Loose", claim_type="hail")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Hail", "Theft"}

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], claim_types=["hail"])
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Hail"}

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], include_claims=False)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()


def test_own_and_members_claims_follow_who_is_a_member(nordwerk):
    nordwerk.user("Ben")
    nordwerk.member("Ben", "Nordwerk", ends_on=TODAY)
    nordwerk.put("claim", "Ben's", contract="Motor", reported_by="Ben")
    nordwerk.put("claim", "The broker's", contract="Motor")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], claims="members")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Ben's"}

    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()

    nordwerk.member("Ben", "Nordwerk", ends_on=None)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Ben's"}

    nordwerk.leave("Ben", "Nordwerk")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()


def test_who_reported_a_claim_always_sees_it_with_its_shared_documents(nordwerk):
    nordwerk.put("claim", "Loose", reported_by="Ada")
    nordwerk.put("document", "Photo", tags=["client"], links=[("claim", "Loose")])
    nordwerk.put("document", "Our estimate", tags=["internal"], links=[("claim", "Loose")])
    nordwerk.put("document", "Sent in", uploaded_by="Ada")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Loose"}
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Photo", "Sent in"}


def test_an_invoice_without_a_contract_follows_its_policyholder(nordwerk):
    nordwerk.put("contract", "Old", policyholder="Nordwerk", status="cancelled")
    nordwerk.put("invoice", "Fee", policyholder="Nordwerk")
    nordwerk.put("invoice", "For fire", policyholder="Nordwerk", contract="Fire")
    nordwerk.put("invoice", "For the old one", policyholder="Nordwerk", contract="Old")
    assert nordwerk.sees("Ada", "Nordwerk", "invoice") == {"Fee", "For fire"}


def test_a_document_needs_a_shared_tag_and_something_visible_to_hang_on(nordwerk):
    nordwerk.put("contract", "Old", policyholder="Nordwerk", status="cancelled")
    nordwerk.put("document", "Policy", tags=["client"], links=[("contract", "Fire")])
    nordwerk.put("document", "Note", tags=["internal"], links=[("contract", "Fire")])
    nordwerk.put("document", "Old policy", tags=["client"], links=[("contract", "Old")])
    nordwerk.put(
        "document",
        "Mandate letter",
        tags=["client"],
        links=[("contract", "Old"), ("policyholder", "Nordwerk")],
    )
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Policy", "Mandate letter"}

    nordwerk.tags("For clients", "internal")
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Note"}


def test_a_parent_sees_its_childs_stock_by_the_childs_rules(nordwerk):
    nordwerk.put("policyholder", "Südwerk", mandate="Hamburg")
    nordwerk.put("contract", "Fleet", policyholder="Südwerk", line_of_business="motor")
    nordwerk.put("contract", "Plant", policyholder="Südwerk", line_of_business="fire")
    nordwerk.put("claim", "Dent", contract="Fleet")
    nordwerk.organization("Holding", include_claims=True)
    nordwerk.organization(
        "Südwerk",
        parent="Holding", policyholders=["Südwerk"], share_automatically=True, states=["own"],
        lines_of_business=["motor"], include_claims=False, ends_on=TODAY,
    )  # fmt: skip
    nordwerk.member("Ada", "Holding")
    assert nordwerk.sees("Ada", "Holding", "contract") == {"Fleet"}
    assert nordwerk.sees("Ada", "Holding", "claim") == set()

    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Holding", "contract") == set()


def test_a_narrowed_member_sees_what_has_to_do_with_his_objects(nordwerk):
    nordwerk.put("policyholder", "Co-owner", mandate="Hamburg")
    nordwerk.put(
        "contract", "Fire", policyholder="Nordwerk", co_policyholders=["Co-owner"], objects=["Factory"]
    )
    nordwerk.put("invoice", "Fee", policyholder="Nordwerk")
    nordwerk.put("invoice", "For fire", policyholder="Nordwerk", contract="Fire")
    nordwerk.put("claim", "Burnt", contract="Fire")
    nordwerk.put("claim", "Dent", contract="Motor")
    nordwerk.put("document", "Fire plan", tags=["client"], links=[("object", "Factory")])
    nordwerk.put("document", "Green card", tags=["client"], links=[("contract", "Motor")])
    nordwerk.user("Carl")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk", "Co-owner"])
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])

    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Fire"}
    assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == {"Nordwerk", "Co-owner"}
    assert nordwerk.sees("Carl", "Nordwerk", "claim") == {"Burnt"}
    assert nordwerk.sees("Carl", "Nordwerk", "invoice") == {"For fire"}
    assert nordwerk.sees("Carl", "Nordwerk", "document") == {"Fire plan"}
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Motor"}

    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == {"Nordwerk"}


def test_nobody_sees_anything_after_his_time(nordwerk):
    nordwerk.member("Ada", "Nordwerk", ends_on=TODAY)
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Motor"}
    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == set()


def test_an_inactive_user_sees_nothing_not_even_his_own(nordwerk):
    nordwerk.put("claim", "Loose", reported_by="Ada")
    nordwerk.user("Ada", is_active=False)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == set()
