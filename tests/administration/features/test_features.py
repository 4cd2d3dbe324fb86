"""What the broker switches for his whole portal holds on everybody's next page, and two clerks get in nobody's way."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.administration.organizations.conftest import clerk, holder, organization

__all__ = ["clerk", "holder", "organization"]


def form(browser: Any, **changes: str | None) -> dict[str, Any]:
    """What the page's form would send as it stands, some of it changed; None takes a word out."""
    page = browser.get("/features").text
    body = re.search(r'<form class="settings".*?</form>', page, re.S)[0]
    sent: dict[str, Any] = {"upload_types": []}
    for box in re.findall(r"<input[^>]*>", body):
        name, value = (re.search(rf'\b{word}="([^"]*)"', box) for word in ("name", "value"))
        if "checkbox" not in box or " checked" in box:
            said = html.unescape(value[1] if value else "")
            sent[name[1]] = [*sent["upload_types"], said] if name[1] == "upload_types" else said
    sent["language"] = re.search(r'value="([^"]*)"[^>]* selected', body)[1]
    sent["mail_domains"] = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.S)[1])
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


@pytest.fixture
def desk(clerk: Any, sign_in: Any) -> Any:
    return sign_in(user=clerk)


def tenant(make: Any) -> Any:
    return make.rows("tenants")[0]


def test_no_organization_shares_cases_once_the_broker_lets_none(desk, make, organization, sign_in, neighbour):
    make.change("organizations", organization, case_sharing=True)
    reader = sign_in(make.member(organization))
    colleague = make.member(organization)
    make.row("cases", key="c", subject="Roof of hall 4", status="open", owner_id=make.user_of(colleague))
    assert "Roof of hall 4" in reader.get("/cases").text

    assert desk.post("/features", data=form(desk, case_sharing_allowed=None)).status_code == 303

    assert "Roof of hall 4" not in reader.get("/cases").text
    assert reader.get("/api/v1/cases").json["cases"] == []
    assert "Roof of hall 4" in sign_in(colleague).get("/cases").text
    assert neighbour.rows("tenants")[0].case_sharing_allowed
    assert desk.post("/features", data=form(desk, case_sharing_allowed="1")).status_code == 303
    assert "Roof of hall 4" in reader.get("/cases").text


def test_who_sees_a_case_says_so_too(desk, make, organization, sign_in):
    make.change("organizations", organization, case_sharing=True)
    reader, owner = make.member(organization), make.member(organization)
    case = make.row("cases", key="c", subject="Roof", status="open", owner_id=make.user_of(owner))
    path = f"/api/v1/visibility?person={make.user_of(reader)}&record=case:{case}"
    assert '"sees":true' in desk.get(path).text.replace(" ", "")
    desk.post("/features", data=form(desk, case_sharing_allowed=None))
    assert '"sees":false' in desk.get(path).text.replace(" ", "")


def test_nothing_is_converted_once_the_broker_lets_nothing_be(desk, make, organization, sign_in):
    make.change("organizations", organization, profile_currency="CHF")
    reader = sign_in(make.member(organization))
    assert "CHF" in reader.get("/contracts").text
    desk.post("/features", data=form(desk, profile_currency_allowed=None))
    assert "CHF" not in reader.get("/contracts").text


def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(desk, make):
    wrong = {"notice_days": "400", "review_months": "often", "mail_sender": "nobody", "mail_domains": "not a domain",
             "language": "xx"}  # fmt: skip
    refused = desk.post("/features", data=form(desk, **wrong))

    assert refused.status_code == 422
    for word in wrong:
        assert f'id="{word}-error"' in refused.text, word
    for typed in ("400", "often", "nobody"):
        assert f'value="{typed}"' in refused.text
    assert tenant(make).notice_days == 30
    right = {
        "notice_days": "14",
        "review_months": "6",
        "mail_domains": "example.com\nexample.org",
        "language": "fr",
    }
    assert desk.post("/features", data=form(desk, **right)).status_code == 303
    now = tenant(make)
    assert (now.notice_days, now.review_months, now.language) == (14, 6, "fr")
    assert now.mail_domains == ["example.com", "example.org"]
    (row,) = [row for row in make.rows("audit") if row.act == "tenant.changed"]
    assert row.after["notice_days"] == 14


def test_two_clerks_at_once_keep_both_changes_and_choose_where_both_changed_the_same(
    desk, make, clerk, sign_in
):
    other = sign_in(user=clerk)
    mine, theirs = form(desk, notice_days="10"), form(other, notice_days="20", review_months="24")
    assert other.post("/features", data=theirs).status_code == 303

    clash = desk.post("/features", data=mine)

    assert (clash.status_code, 'name="yield" value="notice_days"' in clash.text) == (409, True)
    assert desk.post("/features", data={**mine, "wanted": "1"}).status_code == 303
    assert (tenant(make).notice_days, tenant(make).review_months) == (10, 24)


def test_only_who_may_switches(make, sign_in, organization):
    reading = make.profile(is_staff=True, without=("function:tenant.manage",))
    for browser in (
        sign_in(user=make.user(is_staff=True, profile_id=reading)),
        sign_in(make.member(organization)),
    ):
        assert browser.get("/features").status_code == 403
        assert browser.post("/features", data={}).status_code == 403


def test_what_may_be_uploaded_is_set_and_told_in_the_log(desk, make, neighbour):
    chosen = ["claim_report", "photo"]
    answer = desk.post(
        "/features", data=form(desk, upload_megabytes="40", upload_types=chosen, upload_type_required=None)
    )
    assert answer.status_code == 303, answer.text
    now, theirs = tenant(make), neighbour.rows("tenants")[0]
    assert (now.upload_megabytes, sorted(now.upload_types), now.upload_type_required) == (40, chosen, False)
    assert (theirs.upload_megabytes, theirs.upload_types, theirs.upload_type_required) == (25, [], True)
    assert sorted(form(desk)["upload_types"]) == chosen
    log = desk.get("/audit", headers={"Accept-Language": "en"}).text
    assert "Document types to choose from" in log
    assert "Photo" in log

    wrong = desk.post("/features", data=form(desk, upload_megabytes="61", upload_types=["nonsense"]))
    assert wrong.status_code == 422
    assert 'id="upload_megabytes-error"' in wrong.text
    assert 'id="upload_types-error"' in wrong.text
    assert tenant(make).upload_megabytes == 40
