"""What somebody writes in his private portal does not reach his company’s people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases.conftest import page


@pytest.fixture
def scene(make: Any, people: Any, sign_in: Any) -> Any:
    make.change("organizations", people.ours, case_sharing=True)
    mandate = make.mandate()
    himself = make.policyholder("Muster", mandate, kind="private", first_name="Klara")
    portal = make.organization(himself, name="Klara Muster", private_user_id=people.klara)
    profile = make.profile(without=("menu:colleagues", "function:member.delegate"))
    member = make.member(portal, profile, user=people.klara)
    return portal, sign_in(member)


def test_a_message_about_nothing_in_particular(make, people, scene):
    _portal, private = scene
    said = {"subject": "My divorce", "text": "What becomes of my life insurance?"}
    assert private.post("/cases/new", data=said).status_code == 303
    assert "My divorce" not in page(people.ben_, "/cases")
    assert "My divorce" not in page(people.ben_, "/mailbox")


def test_a_message_about_a_contract_shared_by_hand(make, people, scene):
    portal, private = scene
    wife = make.policyholder("Muster", kind="private", first_name="Ada")
    contract = make.contract(wife, number="WIFE-1")
    make.row("organization_contracts", organization_id=portal, contract_id=contract, part="shared")
    make.arrange(organizations={portal})
    assert private.get(f"/contracts/{contract}").status_code == 200
    said = {"subject": "My divorce", "text": "What becomes of it?"}
    assert private.post(f"/cases/new?of=contract:{contract}", data=said).status_code == 303
    assert "My divorce" not in page(people.ben_, "/cases")


def begun_about_his_own(make: Any, people: Any, private: Any) -> None:
    (himself,) = [row.id for row in make.rows("policyholders") if row.kind == "private"]
    contract = make.contract(himself, number="LIFE-1")
    said = {"subject": "My divorce", "text": "What becomes of it?"}
    assert private.post(f"/cases/new?of=contract:{contract}", data=said).status_code == 303
    assert "My divorce" not in page(people.ben_, "/cases")


def test_it_stays_private_when_the_portal_is_deleted(make, people, scene):
    portal, private = scene
    begun_about_his_own(make, people, private)
    assert people.meike_.post(f"/organizations/{portal}/deletion").status_code == 303
    assert "My divorce" not in page(people.ben_, "/cases")


def test_it_stays_private_when_the_portal_shows_other_clients(make, people, scene):
    _portal, private = scene
    begun_about_his_own(make, people, private)
    other = make.policyholder("Muster", kind="private", first_name="Ada")
    key = next(row.key for row in make.rows("policyholders") if row.id == other)
    member = next(row for row in make.rows("memberships") if row.organization_id == _portal)
    profile = next(row.key for row in make.rows("profiles") if row.id == member.profile_id)
    path = f"/users/{people.klara}/private-portal"
    assert people.meike_.post(f"{path}/locking", data={"sure": "1"}).status_code == 303
    answer = people.meike_.post(path, data={"holder": key, "profile": profile, "way": "unlock"})
    assert answer.status_code == 303, answer.text[-1500:]
    assert "My divorce" not in page(people.ben_, "/cases")


def test_it_is_locked_whatever_its_profile_grants_by_now(make, people, scene):
    # It gained that area after the portal was unlocked.
    portal, private = scene
    member = next(row for row in make.rows("memberships") if row.organization_id == portal)
    make.row("profile_rules", profile_id=member.profile_id, subject="menu:colleagues", action="show")
    answer = people.meike_.post(
        f"/users/{people.klara}/private-portal/locking", data={"sure": "1"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 303, answer.status_code
    assert private.get("/contracts").status_code == 302
