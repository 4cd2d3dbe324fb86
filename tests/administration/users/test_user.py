"""The page of one user: where he belongs, how he signs in, and what the desk can do for him at once."""

from __future__ import annotations

import datetime
import uuid

import pytest

from tests.administration.users.conftest import Reader
from tests.reports.test_subscriptions import letterbox
from tests.rules.test_permissions import recorded

__all__ = ["letterbox"]


@pytest.fixture
def page(house, desk):
    return lambda user=None: desk.words(f"/users/{user or house.klara}")


def test_the_page_tells_where_somebody_belongs_and_leads_on(house, page, make):
    make.change("memberships", house.memberships[1], ends_on=datetime.date(2025, 6, 30))
    told = page()
    for words in (
        f'<a href="/organizations/{house.group}">Nordwerk Gruppe</a><span class="sub">Main organisation</span>',
        f"/organizations/{house.site}/members/{house.memberships[1]}",
        "30/06/2025",
        "not open today",
        f"/visibility?person={house.klara}",
        f"/audit?person={house.klara}",
        f"/users/{house.klara}/view",
        "Versicherungsmanagement",
    ):
        assert words in told, words


def test_whoever_is_not_of_this_broker_has_no_page(desk, neighbour):
    for user in (neighbour.user(), uuid.uuid4()):
        for path, form in (("", None), ("/activity", {"active": "0"}), ("/invitation", {}), ("/main", {})):
            address = f"/users/{user}{path}"
            answer = desk.browser.get(address) if form is None else desk.browser.post(address, data=form)
            assert answer.status_code == 404, address


def test_somebody_is_shut_out_at_once_and_let_in_again(house, desk, page, sign_in, ask):
    klara = sign_in(house.memberships[0])
    assert klara.get("/contracts").status_code == 200

    asked = desk.browser.post(f"/users/{house.klara}/activity", data={"active": "0"})
    assert "deaktivieren?" in asked.text
    assert 'name="sure"' in asked.text
    desk.browser.post(f"/users/{house.klara}/activity", data={"active": "0", "sure": "1"})

    assert klara.get("/contracts").status_code == 302
    assert "Inactive" in page()
    desk.browser.post(f"/users/{house.klara}/activity", data={"active": "1"})
    assert "Activate user" not in page()
    acts = "select act from audit where tenant_id = :tenant and record = 'user' and act like 'user.%'"
    assert ask(acts) == [("user.changed",), ("user.changed",)]


def test_the_main_organization_is_another_from_now_on(house, desk, page, ask):
    answer = desk.browser.post(f"/users/{house.klara}/main", data={"membership": str(house.memberships[1])})

    assert answer.status_code == 303
    mains = "select id from memberships where tenant_id = :tenant and is_main and user_id = :user"
    assert ask(mains, user=house.klara) == [(house.memberships[1],)]
    row = "select count(*) from memberships where tenant_id = :tenant"
    assert ask(row) == [(3,)]
    for other in (house.memberships[2], uuid.uuid4(), "x"):
        asked = desk.browser.post(f"/users/{house.klara}/main", data={"membership": str(other)})
        assert asked.status_code == 404


def test_an_invitation_is_sent_again(house, desk, page, make, letterbox, work):
    new = make.user("Eva Lorenz", email="e.lorenz@nordwerk.example")
    make.member(house.group, house.manager, new, is_main=True)
    assert "Send invitation" in page(new)

    desk.browser.post(f"/users/{new}/invitation")
    work()

    assert letterbox.to == ["e.lorenz@nordwerk.example"]
    assert "Send invitation again" in page(new)


def test_staff_are_changed_only_by_whoever_declares_them_and_nobody_changes_himself(
    house, make, sign_in, clerk, desk
):
    colleague = make.user("Otto Klein", is_staff=True, profile_id=make.profile(is_staff=True))
    helper = make.user(
        "Nele", is_staff=True, profile_id=make.profile(is_staff=True, without=("function:config.apply",))
    )
    by_helper = Reader(sign_in(user=helper))

    assert by_helper.browser.post(f"/users/{colleague}/activity", data={"active": "0"}).status_code == 403
    assert "/activity" not in by_helper.words(f"/users/{colleague}")
    assert desk.browser.post(f"/users/{clerk}/activity", data={"active": "0"}).status_code == 422
    assert (
        desk.browser.post(f"/users/{colleague}/activity", data={"active": "0", "sure": "1"}).status_code
        == 303
    )
    assert "Inactive" in desk.words(f"/users/{colleague}")


def test_who_may_not_manage_users_only_reads(house, make, sign_in):
    profile = make.profile(is_staff=True, without=("function:member.manage", "menu:organizations"))
    reader = Reader(sign_in(user=make.user("Nele", is_staff=True, profile_id=profile)))
    told = reader.words(f"/users/{house.klara}")
    assert "Nordwerk Gruppe" in told
    assert "/activity" not in told
    assert "/organizations/" not in told
    for path in ("activity", "invitation", "main"):
        assert reader.browser.post(f"/users/{house.klara}/{path}").status_code == 403


def test_the_page_takes_a_handful_of_statements(house, page, monkeypatch):
    page()
    with recorded(monkeypatch) as said:
        page()
    assert len(said) <= 6, said
