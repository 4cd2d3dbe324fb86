"""Which policyholders, contracts and objects an organization sees, one story for each rule."""

from __future__ import annotations

from tenants.models import STATE_BOXES
from tests.visibility.stock import TODAY

BY_STATUS = {"inquiry", "quote", "third_party", "third_party_part", "blocked", "info", "dormant", "cancelled"}


def shown_through(stock, *boxes):
    """The contracts that these state boxes show."""
    stock.organization("Nordwerk", policyholders=["Nordwerk"], states=list(boxes))
    return stock.sees("Ada", "Nordwerk", "contract") - {"Fire", "Motor"}


def test_each_status_has_a_box_of_its_name(nordwerk):
    for status in BY_STATUS:
        nordwerk.put("contract", status, policyholder="Nordwerk", status=status, application_on=TODAY)
        nordwerk.put(
            "contract", f"{status} issued", policyholder="Nordwerk", status=status, document_on=TODAY
        )
    for box in STATE_BOXES:
        assert shown_through(nordwerk, box) == ({box, f"{box} issued"} if box in BY_STATUS else set())


def test_the_dates_of_an_own_contract_decide_on_its_only_box(nordwerk):
    for name, dates in {
        "Bare": {},
        "Quoted": {"quote_on": TODAY},
        "Applied for": {"application_on": TODAY},
        "Issued": {"document_on": TODAY},
        "All dates": {"document_on": TODAY, "application_on": TODAY, "quote_on": TODAY},
    }.items():
        nordwerk.put("contract", name, policyholder="Nordwerk", status="own", **dates)
    assert shown_through(nordwerk, "own") == {"Bare", "Quoted"}
    assert shown_through(nordwerk, "application") == {"Applied for"}
    assert shown_through(nordwerk, "policy") == {"Issued", "All dates"}
    assert shown_through(nordwerk, *BY_STATUS) == set()


def test_a_quote_is_seen_through_own_once_it_has_its_date(nordwerk):
    nordwerk.put("contract", "Cyber", policyholder="Nordwerk", status="quote", quote_on=TODAY)
    nordwerk.put("contract", "Wish", policyholder="Nordwerk", status="quote")
    assert shown_through(nordwerk, "quote") == {"Cyber", "Wish"}
    assert shown_through(nordwerk, "own") == {"Cyber"}


def test_nothing_is_shared_automatically_unless_the_organization_says_so(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], share_automatically=False, shared=["Motor"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Motor"}


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


def test_lists_of_lines_and_types_let_pass_only_what_they_name(nordwerk):
    nordwerk.put("contract", "Odd", policyholder="Nordwerk")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], lines_of_business=["fire"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire"}

    nordwerk.put(
        "contract", "Premium", policyholder="Nordwerk", line_of_business="fire", contract_type="premium"
    )
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], contract_types=["premium"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Premium"}


def test_a_co_policyholder_brings_the_contract_but_the_mandate_is_the_policyholders(nordwerk):
    nordwerk.put("mandate", "Wien")
    nordwerk.put("policyholder", "Alpenbau", mandate="Wien")
    nordwerk.put("contract", "Joint venture", policyholder="Alpenbau", co_policyholders=["Nordwerk"])
    assert "Joint venture" in nordwerk.sees("Ada", "Nordwerk", "contract")

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], only_mandates=["Hamburg"])
    assert "Joint venture" not in nordwerk.sees("Ada", "Nordwerk", "contract")

    nordwerk.put("policyholder", "Alpenbau", mandate="Hamburg")
    assert "Joint venture" in nordwerk.sees("Ada", "Nordwerk", "contract")


def test_a_whole_mandate_a_group_and_an_intermediary_take_in_who_comes_later(nordwerk):
    nordwerk.organization(
        "Nordwerk", mandates=["Hamburg"], corporate_groups=["Nord"], intermediaries=["Huber"]
    )
    nordwerk.settle()
    nordwerk.put("mandate", "Wien")
    nordwerk.put("policyholder", "Newcomer", mandate="Hamburg")
    nordwerk.put("policyholder", "Cousin", mandate="Wien", corporate_group="Nord")
    nordwerk.put("policyholder", "Brought", mandate="Wien", intermediary="Huber")
    nordwerk.put("policyholder", "Stranger", mandate="Wien", intermediary="Huber & Sohn")
    assert nordwerk.sees("Ada", "Nordwerk", "policyholder") == {"Nordwerk", "Newcomer", "Cousin", "Brought"}

    nordwerk.put("policyholder", "Brought", mandate="Wien", intermediary=None)
    assert "Brought" not in nordwerk.sees("Ada", "Nordwerk", "policyholder")


def test_selected_objects_narrow_what_is_shared_automatically_not_by_hand(nordwerk):
    nordwerk.put("object", "Villa", policyholder="Nordwerk")
    nordwerk.put("contract", "Household", policyholder="Nordwerk", objects=["Villa"])
    nordwerk.put("contract", "Garden", policyholder="Nordwerk", objects=["Villa"])
    nordwerk.organization("Elsewhere", objects="selected", selected=["Villa"])

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
