"""Which claims, invoices, certificates and documents an organization sees, one story for each rule."""

from __future__ import annotations

import datetime

from tests.visibility.stock import TODAY

TOMORROW = TODAY + datetime.timedelta(days=1)


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


def test_a_member_of_another_organization_or_of_tomorrow_is_no_member(nordwerk):
    for name in ("Ben", "Carl"):
        nordwerk.user(name)
        nordwerk.put("claim", f"{name}'s", contract="Motor", reported_by=name)
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], claims="members")
    nordwerk.organization("Elsewhere")
    nordwerk.member("Ben", "Elsewhere")
    nordwerk.member("Carl", "Nordwerk", starts_on=TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == set()

    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Carl's"}


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


def test_a_certificate_follows_its_contract(nordwerk):
    nordwerk.put("contract", "Old", policyholder="Nordwerk", status="cancelled")
    nordwerk.put("certificate", "To Oslo", contract="Motor")
    nordwerk.put("certificate", "To Riga", contract="Old")
    assert nordwerk.sees("Ada", "Nordwerk", "certificate") == {"To Oslo"}


def test_a_document_may_hang_on_a_record_of_any_kind(nordwerk):
    nordwerk.put("claim", "Dent", contract="Motor")
    nordwerk.put("invoice", "Bill", policyholder="Nordwerk", contract="Motor")
    nordwerk.put("certificate", "To Oslo", contract="Motor")
    for kind, name in {
        "policyholder": "Nordwerk",
        "contract": "Motor",
        "object": "Factory",
        "claim": "Dent",
        "invoice": "Bill",
        "certificate": "To Oslo",
    }.items():
        nordwerk.put("document", f"On the {kind}", tags=["client"], links=[(kind, name)])
    assert len(nordwerk.sees("Ada", "Nordwerk", "document")) == 6
