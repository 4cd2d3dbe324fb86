"""A reason tells its reader no more than the page of the record does."""

from __future__ import annotations

from typing import Any

import pytest

EN = {"Accept-Language": "en"}
HIDDEN = "Through a personal link to the record"


def asked(browser: Any, person: Any, record: str) -> str:
    answer = browser.get(f"/api/v1/visibility?person={person}&record={record}", headers=EN)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


@pytest.mark.parametrize("is_hidden", [True, False])
def test_who_reported_a_claim(make, sign_in, is_hidden):
    holder = make.policyholder()
    organization = make.organization(holder)
    without = ("field:claim.reported_by",) if is_hidden else ()
    chief = sign_in(make.member(organization, make.profile(without=without), make.user("Chief")))
    ben = make.user("Ben Berg")
    make.member(organization, make.profile(), ben, objects=(make.object(holder, label="Far"),))
    claim = make.claim(make.contract(holder), reported_by_id=ben)

    told = asked(chief, ben, f"claim:{claim}")

    assert ("reported this claim" in told) is not is_hidden
    assert (HIDDEN in told) is is_hidden


@pytest.mark.parametrize("is_hidden", [True, False])
def test_for_whom_a_case_was_opened(make, sign_in, is_hidden):
    organization = make.organization()
    without = ("field:case.participants", "field:case.owner") if is_hidden else ()
    chief_user, ben = make.user("Chief"), make.user("Ben Berg")
    chief = sign_in(make.member(organization, make.profile(without=without), chief_user))
    make.member(organization, make.profile(), ben)
    case = make.row("cases", key="c", subject="Hall", status="open", owner_id=ben)
    make.row("case_participants", case_id=case, user_id=chief_user)

    told = asked(chief, ben, f"case:{case}")

    assert ("opened for" in told) is not is_hidden
    assert (HIDDEN in told) is is_hidden
