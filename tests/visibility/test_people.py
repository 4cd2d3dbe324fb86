"""What follows a person rather than his organization: what he reported, uploaded or takes part in; staff."""

from __future__ import annotations

import datetime

from tests.visibility.stock import TODAY

TOMORROW = TODAY + datetime.timedelta(days=1)
YESTERDAY = TODAY - datetime.timedelta(days=1)


def test_who_reported_a_claim_always_sees_it_with_its_shared_documents(nordwerk):
    nordwerk.put("claim", "Loose", reported_by="Ada")
    nordwerk.put("document", "Photo", tags=["client"], links=[("claim", "Loose")])
    nordwerk.put("document", "Our estimate", tags=["internal"], links=[("claim", "Loose")])
    nordwerk.put("document", "Sent in", uploaded_by="Ada")
    assert nordwerk.sees("Ada", "Nordwerk", "claim") == {"Loose"}
    assert nordwerk.sees("Ada", "Nordwerk", "document") == {"Photo", "Sent in"}


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


def test_a_case_is_its_owners_and_its_participants(nordwerk):
    nordwerk.user("Ben")
    nordwerk.member("Ben", "Nordwerk")
    nordwerk.put("case", "Ada's own", owner="Ada", is_confidential=True)
    nordwerk.put("case", "With Ada", owner="Ben", participants=["Ada"], is_confidential=True)
    nordwerk.put("case", "Ben's", owner="Ben")
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"Ada's own", "With Ada"}


def test_an_organization_that_shares_cases_shares_its_members_but_confidential_ones(nordwerk):
    nordwerk.user("Ben")
    nordwerk.member("Ben", "Nordwerk", ends_on=TODAY)
    nordwerk.put("case", "Ben's", owner="Ben", contract="Motor")
    nordwerk.put("case", "Between us", owner="Ben", is_confidential=True)
    nordwerk.put("case", "The broker's")
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], case_sharing=True)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"Ben's"}

    nordwerk.put("case", "Ben's", owner="Ben", is_confidential=True)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()
    nordwerk.put("case", "Ben's", owner="Ben", is_confidential=False)
    nordwerk.remove("contract", "Motor")
    nordwerk.user("Ben", is_active=False)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"Ben's"}

    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()


def test_a_case_about_somebodys_private_insurance_is_never_shared(nordwerk):
    for name in ("Ben", "Cleo"):
        nordwerk.user(name)
        nordwerk.member(name, "Nordwerk")
    nordwerk.put("policyholder", "Ben himself", mandate="Hamburg")
    nordwerk.put("policyholder", "His wife", mandate="Hamburg")
    nordwerk.put("contract", "Her car", policyholder="His wife")
    nordwerk.organization(
        "Ben's portal", private_user="Ben", policyholders=["Ben himself"], shared=["Her car"]
    )
    nordwerk.organization("Nordwerk", policyholders=["Nordwerk"], case_sharing=True)
    nordwerk.put("contract", "Home", policyholder="Ben himself")
    nordwerk.put("contract", "Yacht", policyholder="Nordwerk", co_policyholders=["Ben himself"])
    nordwerk.put("claim", "Burglary", contract="Home")
    nordwerk.put("claim", "Dog bite", policyholder="Ben himself")
    nordwerk.put("case", "him", owner="Ben", policyholder="Ben himself")
    nordwerk.put("case", "his home", owner="Ben", contract="Home")
    nordwerk.put("case", "his yacht", owner="Ben", contract="Yacht")
    nordwerk.put("case", "his burglary", owner="Ben", claim="Burglary")
    nordwerk.put("case", "his dog", owner="Ben", claim="Dog bite")
    nordwerk.put("case", "her car", owner="Ben", contract="Her car")
    nordwerk.put("case", "work", owner="Ben", contract="Motor")
    nordwerk.put("case", "nothing", owner="Ben")
    # To her it is a client as any other.
    nordwerk.put("case", "hers", owner="Cleo", contract="Home")
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"work", "nothing", "hers"}

    nordwerk.organization(
        "Ben's portal", policyholders=["Ben himself"], shared=["Her car"], ends_on=YESTERDAY
    )
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"work", "nothing", "hers"}
    nordwerk.organization("Ben's portal", policyholders=[])
    assert len(nordwerk.sees("Ada", "Nordwerk", "case")) == 9


def test_cases_are_shared_whichever_organization_one_works_in_while_both_belong_to_it(nordwerk):
    nordwerk.user("Ben")
    nordwerk.organization("Club", case_sharing=True)
    nordwerk.organization("Other club", case_sharing=True)
    nordwerk.member("Ben", "Club", is_main=True)
    nordwerk.member("Ben", "Other club")
    nordwerk.put("case", "Ben's", owner="Ben")
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()

    nordwerk.member("Ada", "Nordwerk", is_main=True)
    nordwerk.member("Ada", "Club", ends_on=TODAY)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"Ben's"}

    nordwerk.organization("Club", case_sharing=False)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()
    nordwerk.organization("Club", case_sharing=True)
    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()


def test_an_ended_organization_shares_no_cases(nordwerk):
    nordwerk.user("Ben")
    nordwerk.organization("Club", case_sharing=True, ends_on=TODAY)
    for name in ("Ada", "Ben"):
        nordwerk.member(name, "Club")
    nordwerk.put("case", "Ben's", owner="Ben")
    assert nordwerk.sees("Ada", "Nordwerk", "case") == {"Ben's"}
    nordwerk.wait_until(TOMORROW)
    assert nordwerk.sees("Ada", "Nordwerk", "case") == set()


def stock_of_two_mandates(stock):
    """Nordwerk in Hamburg and Alpenbau in Wien with one of everything each."""
    stock.put("mandate", "Wien")
    stock.put("policyholder", "Alpenbau", mandate="Wien")
    stock.put("object", "Chalet", policyholder="Alpenbau")
    stock.put("contract", "Ski", policyholder="Alpenbau", objects=["Chalet"])
    for holder, contract, thing in (("Nordwerk", "Fire", "Factory"), ("Alpenbau", "Ski", "Chalet")):
        stock.put("claim", f"{holder}'s claim", contract=contract)
        stock.put("claim", f"{holder}'s loose claim", policyholder=holder)
        stock.put("invoice", f"{holder}'s bill", policyholder=holder)
        stock.put("certificate", f"{holder}'s certificate", contract=contract)
        stock.put("document", f"On {thing}", links=[("object", thing)])
        stock.put("case", f"About {holder}", policyholder=holder)
        stock.put("case", f"About {contract}", contract=contract)
        stock.put("case", f"About {holder}'s claim", claim=f"{holder}'s claim")
    stock.put("invoice", "Shared bill", policyholder="Nordwerk", contract="Ski")


def test_staff_see_the_tenant_or_their_mandates(nordwerk):
    stock_of_two_mandates(nordwerk)
    nordwerk.staff("Eva")
    nordwerk.staff("Max", mandates=["Wien"])
    assert nordwerk.staff_sees("Max", "policyholder") == {"Alpenbau"}
    assert nordwerk.staff_sees("Max", "contract") == {"Ski"}
    assert nordwerk.staff_sees("Max", "object") == {"Chalet"}
    assert nordwerk.staff_sees("Max", "claim") == {"Alpenbau's claim", "Alpenbau's loose claim"}
    assert nordwerk.staff_sees("Max", "invoice") == {"Alpenbau's bill", "Shared bill"}
    assert nordwerk.staff_sees("Max", "certificate") == {"Alpenbau's certificate"}
    assert nordwerk.staff_sees("Max", "document") == {"On Chalet"}
    assert nordwerk.staff_sees("Max", "case") == {"About Alpenbau", "About Ski", "About Alpenbau's claim"}
    assert nordwerk.staff_sees("Eva", "contract") == {"Fire", "Motor", "Ski"}

    nordwerk.user("Eva", is_active=False)
    assert nordwerk.staff_sees("Eva", "contract") == set()


def test_staff_of_a_mandate_see_what_they_reported_uploaded_or_take_part_in(nordwerk):
    nordwerk.put("mandate", "Wien")
    nordwerk.staff("Max", mandates=["Wien"])
    nordwerk.put("claim", "Taken down by phone", contract="Fire", reported_by="Max")
    nordwerk.put("document", "Scanned", uploaded_by="Max", links=[("contract", "Fire")])
    nordwerk.put("case", "With Max", owner="Ada", participants=["Max"], contract="Fire")
    assert nordwerk.staff_sees("Max", "claim") == {"Taken down by phone"}
    assert nordwerk.staff_sees("Max", "document") == {"Scanned"}
    assert nordwerk.staff_sees("Max", "case") == {"With Max"}
    assert nordwerk.staff_sees("Max", "contract") == set()
