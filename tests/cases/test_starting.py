"""A client begins a conversation, and somebody at the broker's is there for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.conftest import page

WORDS = {"subject": " A  new hall ", "text": "What does it cost?"}


def begun(browser: Any, record: str, record_id: Any, **more: str) -> Any:
    return browser.post(f"/cases/new?of={record}:{record_id}", data={**WORDS, **more})


def parts(make: Any) -> set[Any]:
    return {row.user_id for row in make.rows("case_participants")}


def test_a_case_is_his_and_about_the_record(make, people):
    contract = make.contract(people.holder, clerk_id=people.meike, account_manager_id=people.other)
    assert f"/cases/new?of=contract:{contract}" in page(people.klara_, f"/contracts/{contract}")
    assert begun(people.klara_, "contract", contract).status_code == 303

    (case,) = make.rows("cases")
    assert (case.subject, case.status, case.owner_id) == ("A new hall", "new", people.klara)
    assert (case.contract_id, case.policyholder_id, case.is_confidential) == (contract, people.holder, False)
    assert case.key == f"portal-{case.id}"
    assert parts(make) == {people.klara, people.meike}
    assert "What does it cost?" in page(people.meike_, "/mailbox")
    noted = next(row for row in make.rows("audit") if row.act == "case.started")
    assert noted.after == {"is_confidential": False, "record_type": "contract", "record_id": str(contract)}


def test_who_handles_claims_by_the_contract_comes_first(make, people):
    contract = make.contract(people.holder, clerk_id=people.other, claims_handler_id=people.meike)
    claim = make.claim(contract, claims_handler_id=people.other)
    begun(people.klara_, "claim", claim, is_confidential="1")

    assert parts(make) == {people.klara, people.meike}
    assert [(row.claim_id, row.contract_id, row.is_confidential) for row in make.rows("cases")] == [
        (claim, contract, True)
    ]


def test_who_has_left_or_is_hidden_takes_no_part(make, people):
    contract = make.contract(people.holder, clerk_id=people.other, account_manager_id=people.meike)
    make.change("users", people.other, is_active=False)
    begun(people.klara_, "contract", contract)
    assert parts(make) == {people.klara, people.meike}

    make.change("organizations", people.ours, caretakers_shown=False)
    begun(people.ben_, "contract", contract)
    assert parts(make) == {people.klara, people.meike, people.ben}
    assert people.meike not in {
        row.user_id
        for row in make.rows("case_participants")
        if row.case_id in {case.id for case in make.rows("cases") if case.owner_id == people.ben}
    }


def test_about_nothing_in_particular_goes_to_who_looks_after_most_of_the_company(make, people):
    for name, clerk in (("Works", people.other), ("Sales", people.meike), ("Holding", people.meike)):
        holder = make.policyholder(name, clerk_id=clerk, account_manager_id=people.other)
        make.row("organization_policyholders", organization_id=people.ours, policyholder_id=holder)
    make.arrange({people.ours})
    make.policyholder("Elsewhere", clerk_id=people.other)
    answer = people.klara_.post("/cases/new", data=WORDS)
    assert parts(make) == {people.klara, people.meike}
    assert "What does it cost?" in page(people.meike_, "/mailbox")
    assert "Your message is sent" in page(people.klara_, answer.location)
    assert "Your message is sent" not in page(people.klara_, answer.location.partition("?")[0])

    # Who is hidden takes no part here either.
    make.change("organizations", people.ours, caretakers_shown=False)
    people.ben_.post("/cases/new", data=WORDS)
    assert parts(make) == {people.klara, people.meike, people.ben}


@pytest.mark.parametrize(
    ("change", "control"),
    [({"subject": " "}, "subject"), ({"subject": "x" * 151}, "subject"), ({"text": ""}, "text")],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(make, people, change, control):
    answer = people.klara_.post("/cases/new", data={**WORDS, **change})

    assert answer.status_code == 422
    assert f'id="{control}-error"' in answer.text
    assert "A  new hall" in answer.text or "What does it cost?" in answer.text
    assert make.rows("cases") == make.rows("messages") == []


def test_only_about_what_one_sees(make, people, neighbour):
    hidden = make.contract(make.policyholder("Other"))
    theirs = neighbour.contract(neighbour.policyholder())
    for of in (f"contract:{hidden}", f"contract:{theirs}", "contract:x", "document:1", f"mandate:{hidden}"):
        assert people.klara_.get(f"/cases/new?of={of}").status_code == 404, of
        assert people.klara_.post(f"/cases/new?of={of}", data=WORDS).status_code == 404
    # At the desk one answers.
    assert people.meike_.get("/cases/new").status_code == 404
    assert make.rows("cases") == []
