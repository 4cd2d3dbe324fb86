"""What members narrowed to objects see of their organization, and parents of their children."""

from __future__ import annotations

import datetime

from tests.visibility.stock import TODAY

TOMORROW = TODAY + datetime.timedelta(days=1)


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


def test_a_narrowed_members_claims_name_his_objects_or_none(nordwerk):
    nordwerk.put("object", "Villa", policyholder="Nordwerk")
    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory", "Villa"])
    nordwerk.put("contract", "Villa only", policyholder="Nordwerk", objects=["Villa"])
    for name, claim in {
        "Factory burnt": {"contract": "Fire", "object": "Factory"},
        "Villa burnt": {"contract": "Fire", "object": "Villa"},
        "Something burnt": {"contract": "Fire"},
        "Car in the factory": {"contract": "Motor", "object": "Factory"},
    }.items():
        nordwerk.put("claim", name, **claim)
    for contract in ("Fire", "Villa only"):
        nordwerk.put("certificate", f"Of {contract}", contract=contract)
        nordwerk.put("invoice", f"Of {contract}", policyholder="Nordwerk", contract=contract)
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "object") == {"Factory"}
    assert nordwerk.sees("Carl", "Nordwerk", "claim") == {
        "Factory burnt", "Something burnt", "Car in the factory"
    }  # fmt: skip
    assert nordwerk.sees("Carl", "Nordwerk", "certificate") == {"Of Fire"}
    assert nordwerk.sees("Carl", "Nordwerk", "invoice") == {"Of Fire"}


def test_narrowing_goes_no_further_than_the_organization_and_takes_in_what_is_shared_by_hand(nordwerk):
    nordwerk.put("policyholder", "Stranger", mandate="Hamburg")
    nordwerk.put("object", "Tower", policyholder="Stranger")
    nordwerk.put("contract", "High", policyholder="Stranger", objects=["Tower"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory", "Tower"])
    assert nordwerk.sees("Carl", "Nordwerk", "object") == {"Factory"}

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], shared=["High", "Motor"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Fire", "High"}
    assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == {"Nordwerk"}


def test_a_member_narrowed_and_widened_again_sees_as_his_colleagues_do(nordwerk):
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Fire"}

    nordwerk.member("Carl", "Nordwerk")
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == {"Fire", "Motor"}


def test_the_organizations_rules_are_its_narrowed_members_too(nordwerk):
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    nordwerk.settle()
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], excluded=["Fire"])
    assert nordwerk.sees("Carl", "Nordwerk", "contract") == set()


def test_a_narrowed_member_arrives_first_on_the_day_a_colleague_has_left(nordwerk):
    nordwerk.user("Ben")
    nordwerk.member("Ben", "Nordwerk", ends_on=TODAY)
    nordwerk.put("claim", "Ben's", contract="Fire", reported_by="Ben")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], claims="members")
    nordwerk.leave("Ada", "Nordwerk")
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    assert nordwerk.sees("Carl", "Nordwerk", "claim") == {"Ben's"}

    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Carl", "Nordwerk", "claim") == set()


def test_a_parent_sees_its_grandchildren_and_only_its_own_when_they_are_gone(nordwerk):
    nordwerk.organization("Holding")
    nordwerk.organization("Division", parent="Holding")
    nordwerk.organization("Nordwerk", parent="Division", policyholders=["Nordwerk"])
    nordwerk.user("Gil")
    nordwerk.member("Gil", "Holding")
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Holding", selected=["Factory"])
    assert nordwerk.sees("Gil", "Holding", "contract") == {"Fire", "Motor"}
    assert nordwerk.sees("Carl", "Holding", "contract") == {"Fire"}

    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], excluded=["Fire"])
    assert nordwerk.sees("Gil", "Holding", "contract") == {"Motor"}

    nordwerk.organization("Division", ends_on=TODAY)
    assert nordwerk.sees("Gil", "Holding", "contract") == {"Motor"}
    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Gil", "Holding", "contract") == set()

    nordwerk.organization("Division", parent=None, ends_on=None)
    assert nordwerk.sees("Gil", "Holding", "contract") == set()


def test_what_a_dissolved_organization_saw_is_forgotten(nordwerk):
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    nordwerk.settle()
    nordwerk.dissolve("Nordwerk")
    nordwerk.settle()
    nordwerk.proved()
    assert nordwerk.sql("select 1 from visible_contracts where tenant_id = %(tenant)s") == []


def test_a_parent_forgets_what_one_of_its_children_showed_when_it_is_dissolved(nordwerk):
    nordwerk.organization("Holding")
    nordwerk.organization("Sister", parent="Holding", shared=["Motor"])
    nordwerk.organization("Nordwerk", parent="Holding", policyholders=["Nordwerk"])
    nordwerk.user("Gil")
    nordwerk.member("Gil", "Holding")
    assert nordwerk.sees("Gil", "Holding", "contract") == {"Fire", "Motor"}

    nordwerk.dissolve("Nordwerk")
    assert nordwerk.sees("Gil", "Holding", "contract") == {"Motor"}
