"""Access that ends is told of once, before; and given for longer or ended at once from a list."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from app.core.outbox import JOBS
from tenants import current, visibility
from tests.administration.organizations.conftest import clerk, holder
from tests.reports.test_subscriptions import letterbox

__all__ = ["clerk", "holder", "letterbox"]

TODAY = visibility.today()


def day(n: int) -> datetime.date:
    return TODAY + datetime.timedelta(days=n)


@pytest.fixture
def house(make: Any, clerk: Any, holder: Any, sign_in: Any) -> SimpleNamespace:
    """One organization ends in ten days; of another, one member does, and its administrator is to hear of it."""
    ending = make.organization(holder, name="Ending", ends_on=day(10))
    lasting = make.organization(holder, name="Lasting")
    make.member(ending)
    profile = make.profile()
    tom = make.member(lasting, profile, make.user("Tom Berger", email="tom@x.example"), ends_on=day(30))
    make.member(lasting, profile, make.user("Later", email="later.on@x.example"), ends_on=day(31))
    make.member(lasting, profile, make.user("Gone", email="gone@x.example"), ends_on=day(-1))
    nina = make.member(lasting, profile, make.user("Nina", email="nina@x.example"))
    make.member(lasting, make.profile("menu:contracts"), make.user("Reader", email="reader@x.example"))
    make.change("users", clerk, email="clerk@broker.example")
    return SimpleNamespace(ending=ending, lasting=lasting, tom=tom, nina=nina, browser=sign_in(user=clerk))


@pytest.fixture
def morning(portal: Any, web: Any, make: Any, work: Any, monkeypatch: Any) -> Any:
    """What the portal does on a morning by itself."""

    def come(on: datetime.date = TODAY) -> None:
        monkeypatch.setattr(visibility, "today", lambda: on)
        with portal.app_context(), current.acting_for(make.tenant_id), web.begin() as connection:
            JOBS["plan_notices"].run(connection)
        work()

    return come


def test_clerks_and_a_clients_administrator_are_told_once_and_of_no_names(
    house, letterbox, morning, neighbour
):
    far = neighbour.organization(ends_on=day(3))
    morning()

    assert sorted(letterbox.to) == ["clerk@broker.example", "nina@x.example"]
    told = {mail["To"]: mail.get_content() for mail in letterbox.mails}
    assert "1 Organisation" in told["clerk@broker.example"]
    assert "/reviews/endings" in told["clerk@broker.example"]
    assert "/colleagues" in told["nina@x.example"]
    assert not any(name in text for text in told.values() for name in ("Ending", "Lasting", "Tom", "tom@"))
    assert next(row for row in neighbour.rows("organizations") if row.id == far).announced_ends_on is None

    letterbox.to.clear()
    morning()
    assert letterbox.to == []
    morning(day(1))
    assert sorted(letterbox.to) == ["clerk@broker.example", "nina@x.example"]
    assert "Organisation" not in letterbox.mails[-1].get_content()


def test_a_day_that_was_put_off_is_told_of_anew_and_none_when_switched_off(house, make, letterbox, morning):
    morning()
    letterbox.to.clear()
    make.change("organizations", house.ending, ends_on=day(20))
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.exec_driver_sql(
            "update tenants set notice_days = 0 where tenant_id = %(t)s", {"t": make.tenant_id}
        )
    morning()
    assert letterbox.to == []
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.exec_driver_sql(
            "update tenants set notice_days = 20 where tenant_id = %(t)s", {"t": make.tenant_id}
        )
    morning(day(1))
    assert letterbox.to == ["clerk@broker.example"]


def test_who_is_told_must_still_be_allowed_to_know(house, make, clerk, letterbox, morning):
    make.change("users", clerk, is_active=False)
    make.change("memberships", house.nina, ends_on=day(-1))
    morning()
    assert letterbox.to == []


def test_the_list_extends_by_a_year_and_ends_at_once(house, make, sign_in):
    tom = sign_in(house.tom)
    page = house.browser.get("/reviews/endings").text
    assert "Ending" in page
    assert "Tom Berger" in page
    assert "Later" not in page
    assert "Later" in house.browser.get("/reviews/endings?days=90").text

    organization, member = f"/reviews/endings/{house.ending}", f"/reviews/endings/{house.lasting}/{house.tom}"
    seen = {"ends_on": str(day(10)), "way": "extend"}
    for _twice in range(2):
        assert house.browser.post(organization, data=seen).status_code == 303
    (row,) = [row for row in make.rows("organizations") if row.id == house.ending]
    assert (row.ends_on - day(10)).days in (365, 366)

    assert tom.get("/contracts").status_code == 200
    ending = {"ends_on": str(day(30)), "way": "end", "days": "90"}
    asked = house.browser.post(member, data=ending)
    assert "Zugang der Person Tom Berger beenden?" in asked.text
    assert f'name="ends_on" value="{day(30)}"' in asked.text
    assert tom.get("/contracts").status_code == 200
    assert (
        "1 Person sieht ihre Verträge dann nicht mehr." in house.browser.post(organization, data=ending).text
    )
    ended = house.browser.post(member, data={**ending, "sure": "1"})
    assert tom.get("/contracts").status_code == 302
    assert "Der Zugang „Tom Berger“ ist beendet." in house.browser.get(ended.headers["Location"]).text
    acts = {(row.act, row.record_id) for row in make.rows("audit") if "ends_on" in (row.after or {})}
    assert acts == {("organization.changed", house.ending), ("membership.changed", house.tom)}


def test_each_function_does_its_own_and_clients_nothing(house, make, sign_in):
    organization, member = f"/reviews/endings/{house.ending}", f"/reviews/endings/{house.lasting}/{house.tom}"

    def staff(without: str) -> Any:
        return sign_in(
            user=make.user(is_staff=True, profile_id=make.profile(is_staff=True, without=(without,)))
        )

    assert staff("function:organization.manage").post(organization, data={}).status_code == 403
    assert staff("function:member.manage").post(member, data={}).status_code == 403
    client = sign_in(house.nina)
    for path in ("/reviews", "/reviews/endings", f"/reviews/{house.ending}"):
        assert client.get(path).status_code == 403
    assert client.post(organization, data={}).status_code == 403
    assert house.browser.post(f"/reviews/endings/{house.ending}/{house.tom}", data={}).status_code == 404
