"""How far a change reaches: what appears or vanishes because something else did, one story for each way.

Each story settles once before the change, and names nothing but what it changes.
"""

from __future__ import annotations

import pytest


def test_a_newcomer_to_a_mandate_brings_what_he_holds_what_he_owes_and_his_papers(nordwerk):
    nordwerk.put("mandate", "Wien")
    for name in ("Alpenbau", "Partner"):
        nordwerk.put("policyholder", name, mandate="Wien")
    nordwerk.put("contract", "Crane", policyholder="Alpenbau")
    nordwerk.put("contract", "Joint venture", policyholder="Partner", co_policyholders=["Alpenbau"])
    nordwerk.put("invoice", "Fee", policyholder="Alpenbau")
    nordwerk.put("document", "Mandate letter", tags=["client"], links=[("policyholder", "Alpenbau")])
    nordwerk.organization("Nordwerk", mandates=["Hamburg"])
    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Motor"}

    nordwerk.put("policyholder", "Alpenbau", mandate="Hamburg")

    assert nordwerk.sees("Ada", "Nordwerk", "contract") == {"Fire", "Motor", "Crane", "Joint venture"}
    assert nordwerk.sees("Ada", "Nordwerk", "invoice") == {"Fee"}
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Mandate letter"}


def test_a_contract_brings_and_takes_its_objects_claims_invoices_certificates_and_papers(nordwerk):
    nordwerk.put("claim", "Burnt", contract="Fire")
    nordwerk.put("invoice", "Bill", policyholder="Nordwerk", contract="Fire")
    nordwerk.put("certificate", "To Oslo", contract="Fire")
    nordwerk.put("document", "Policy", tags=["client"], links=[("contract", "Fire")])
    kinds = {
        "object": {"Factory"}, "claim": {"Burnt"}, "invoice": {"Bill"}, "certificate": {"To Oslo"}, "document": {"Policy"}
    }  # fmt: skip
    for status, shown in (("own", True), ("cancelled", False), ("own", True)):
        nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"], status=status)
        for kind, names in kinds.items():
            assert nordwerk.sees("Ada", "Nordwerk", kind) == (names if shown else set())


def test_an_object_brings_and_takes_the_claims_that_name_it_and_its_papers(nordwerk):
    nordwerk.put("claim", "Truck in the factory", contract="Motor", object="Factory")
    nordwerk.put("document", "Plan", tags=["client"], links=[("object", "Factory")])
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Truck in the factory"}
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Plan"}

    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"], status="cancelled")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()
    assert nordwerk.sees("Ada", "Nordwerk", "document") == set()


def brings_its_papers(stock, kind, *, seen, unseen):
    """A document that hangs on this one record only comes and goes with it."""
    stock.put("contract", "Old", policyholder="Nordwerk", status="cancelled")
    stock.put(kind, "The one", **unseen)
    stock.put("document", "Paper", tags=["client"], links=[(kind, "The one")])
    assert stock.sees("Ada", "Nordwerk", "document") == set()
    stock.put(kind, "The one", **seen)
    assert stock.sees("Ada", "Nordwerk", "document") == {"Paper"}
    stock.put(kind, "The one", **unseen)
    assert stock.sees("Ada", "Nordwerk", "document") == set()


def test_a_claim_brings_and_takes_its_papers(nordwerk):
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], claim_types=["hail"])
    brings_its_papers(
        nordwerk, "claim",
        seen={"contract": "Fire", "claim_type": "hail"}, unseen={"contract": "Fire", "claim_type": "theft"},
    )  # fmt: skip


def test_an_invoice_brings_and_takes_its_papers(nordwerk):
    holder = {"policyholder": "Nordwerk"}
    brings_its_papers(
        nordwerk, "invoice", seen=holder | {"contract": "Fire"}, unseen=holder | {"contract": "Old"}
    )  # fmt: skip


def test_a_certificate_brings_and_takes_its_papers(nordwerk):
    brings_its_papers(nordwerk, "certificate", seen={"contract": "Fire"}, unseen={"contract": "Old"})


def test_a_contract_brings_a_narrowed_member_its_policyholders(nordwerk):
    nordwerk.put("policyholder", "Co-owner", mandate="Hamburg")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk", "Co-owner"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Nordwerk", selected=["Factory"])
    for status, holders in (("cancelled", set()), ("own", {"Nordwerk", "Co-owner"}), ("cancelled", set())):
        nordwerk.put(
            "contract", "Fire",
            policyholder="Nordwerk", co_policyholders=["Co-owner"], objects=["Factory"], status=status,
        )  # fmt: skip
        assert nordwerk.sees("Carl", "Nordwerk", "policyholder") == holders


def test_an_object_one_child_shows_brings_a_narrowed_member_the_contract_another_child_shows(nordwerk):
    """The sister shows her contract, and not the factory it insures; the factory comes with the contract of the
    other child, and only then has hers to do with the member's object."""
    nordwerk.put("policyholder", "Sister", mandate="Hamburg")
    nordwerk.put("contract", "Loss of profits", policyholder="Sister", objects=["Factory"])
    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"], status="cancelled")
    nordwerk.organization("Holding")
    nordwerk.organization("Sister", parent="Holding", objects="selected", shared=["Loss of profits"])
    nordwerk.organization("Nordwerk", parent="Holding", policyholders=["Nordwerk"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Holding", selected=["Factory"])
    assert nordwerk.sees("Carl", "Holding", "contract") == set()

    nordwerk.put("contract", "Fire", policyholder="Nordwerk", objects=["Factory"], status="own")
    assert nordwerk.sees("Carl", "Holding", "contract") == {"Fire", "Loss of profits"}


@pytest.mark.parametrize(
    "kind", ["policyholder", "contract", "object", "claim", "invoice", "certificate", "document"]
)
def test_a_record_that_is_gone_is_gone_for_everybody(nordwerk, kind):
    names = {"policyholder": "Nordwerk", "contract": "Fire", "object": "Factory"}
    nordwerk.put("claim", "The one", contract="Fire", object="Factory")
    nordwerk.put("invoice", "The one", policyholder="Nordwerk")
    nordwerk.put("certificate", "The one", contract="Fire")
    nordwerk.put("document", "The one", tags=["client"], links=[("contract", "Fire")])
    nordwerk.organization("Holding")
    nordwerk.organization("Nordwerk", parent="Holding", policyholders=["Nordwerk"])
    nordwerk.user("Carl")
    nordwerk.member("Carl", "Holding", selected=["Factory"])
    name = names.get(kind, "The one")
    assert name in nordwerk.sees("Ada", "Nordwerk", kind)
    nordwerk.remove(kind, name)
    assert name not in nordwerk.sees("Ada", "Nordwerk", kind)
