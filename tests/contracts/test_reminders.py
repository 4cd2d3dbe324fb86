"""Reminders of deadlines by mail, over a real mail server: when they come, how many they speak of, and what they keep
to themselves."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from sqlalchemy import text

from app.core.outbox import JOBS
from permissions.catalogue import catalogue
from tenants import current, visibility
from tenants.jobs import Runner
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox"]

SATURDAY = datetime.date(2026, 11, 21)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: Any) -> Any:
    def at(day: datetime.date) -> None:
        monkeypatch.setattr(visibility, "today", lambda: day)

    at(SATURDAY)
    return at


@pytest.fixture
def holder(make: Any) -> Any:
    """A company with contracts that renew on 1 April: two with a month's notice, due by 28 February, one with two."""
    holder = make.policyholder("Nordwerk GmbH")
    for number, months in (("CAR", 1), ("BUS", 1), ("HALL", 2)):
        make.contract(
            holder, number=number, annual_due_on=datetime.date(2027, 4, 1), notice_period_months=months
        )
    make.contract(
        make.policyholder("Fremd AG"),
        number="X",
        annual_due_on=datetime.date(2027, 4, 1),
        notice_period_months=1,
    )
    return holder


@pytest.fixture
def user(make: Any) -> Any:
    return make.user("Klara", email=f"klara@{make.tenant_id.hex}.example", language="en")


@pytest.fixture
def member(make: Any, holder: Any, user: Any) -> Any:
    return make.member(make.organization(holder), user=user)


@pytest.fixture
def klara(sign_in: Any, member: Any) -> Any:
    return sign_in(member)


@pytest.fixture
def days(portal: Any, web: Any, make: Any, clock: Any, letterbox: Any) -> Any:
    """Works on each day of a time, or on some of them, and says on which a mail came."""

    def worked(first: datetime.date, last: datetime.date, step: int = 1) -> list[datetime.date]:
        found, day = [], first
        while day <= last:
            clock(day)
            before = len(letterbox.mails)
            with portal.app_context(), current.acting_for(make.tenant_id):
                with web.begin() as connection:
                    JOBS["plan_reminders"].run(connection)
                    JOBS["plan_reminders"].run(connection)
                with web.begin() as connection:
                    statement = text("select id from outbox where tenant_id = :t and done_at is null")
                    waiting = connection.execute(statement, {"t": make.tenant_id}).scalars().all()
                for row in waiting:
                    Runner(web).run(make.tenant_id, row)
            assert len(letterbox.mails) - before in (0, 1)
            found += [day] * (len(letterbox.mails) - before)
            day += step * DAY
        return found

    return worked


def choose(browser: Any, *given: int, rhythm: str = "daily") -> None:
    answer = browser.post("/settings/deadlines", data={"days": [*map(str, given)], "rhythm": rhythm})
    assert (answer.status_code, answer.location) == (303, "/settings/deadlines?done=saved")


def said(mail: Any) -> str:
    return mail.get_content()


def test_a_mail_comes_on_the_day_and_says_how_many_and_nothing_else(make, klara, days, letterbox):
    choose(klara, 90, 30)
    found = days(SATURDAY, datetime.date(2027, 3, 1))
    # HALL by 31 January, CAR and BUS by 28 February; 90 days before 31 January is over already.
    assert found == [datetime.date(2026, 11, 30), datetime.date(2027, 1, 1), datetime.date(2027, 1, 29)]
    both, hall, again = letterbox.mails
    assert both["To"] == f"klara@{make.tenant_id.hex}.example"
    assert both["Subject"] == "Reminder of deadlines"
    assert "coming up for 2 contracts." in said(both)
    assert "coming up for 1 contract." in said(hall)
    assert "coming up for 2 contracts." in said(again)
    assert f"http://{make.tenant_id.hex}.test/settings/deadlines" in said(both)
    for word in ("CAR", "BUS", "HALL", "Nordwerk", "28"):
        assert word not in said(both).replace(make.tenant_id.hex, "").replace("2027-02-28", "")


def test_its_link_leads_to_what_it_speaks_of(make, klara, days, letterbox, clock):
    choose(klara, 90)
    [day] = days(SATURDAY, datetime.date(2026, 12, 1))
    link = next(word for word in said(letterbox.mails[0]).split() if "/contracts" in word)
    clock(day)
    page = klara.get(link[link.index("/contracts") :]).text
    assert [number in page for number in ("CAR", "BUS", "HALL")] == [True, True, True]


def test_taken_together_they_come_on_mondays(klara, days, letterbox):
    choose(klara, 90, 60, 30, rhythm="weekly")
    found = days(SATURDAY, datetime.date(2027, 3, 1))
    assert {day.isoweekday() for day in found} == {1}
    # 60 days before 31 January is 2 December, a Wednesday.
    assert [str(day) for day in found] == ["2026-11-30", "2026-12-07", "2027-01-04", "2027-02-01"]
    assert sum(int(said(mail).split(" contract")[0].split()[-1]) for mail in letterbox.mails) == 8


def test_what_came_near_while_nobody_worked_is_told_once(klara, days, letterbox):
    choose(klara, 90)
    assert days(datetime.date(2026, 12, 5), datetime.date(2026, 12, 12)) == [datetime.date(2026, 12, 5)]
    assert "for 2 contracts." in said(letterbox.mails[0])


def test_nobody_is_reminded_who_did_not_choose_it_or_chose_it_away(klara, days, letterbox):
    assert "You will not be reminded." not in klara.get("/settings/deadlines").text
    choose(klara, 90, 60, 30)
    assert 'value="90" checked' in klara.get("/settings/deadlines").text
    choose(klara, 17)
    assert days(SATURDAY, datetime.date(2027, 3, 1), 9) == []


def test_somebody_in_two_organizations_gets_one_mail(make, holder, user, klara, sign_in, days, letterbox):
    other = make.policyholder("Südwerk GmbH")
    make.contract(other, number="S", annual_due_on=datetime.date(2027, 4, 1), notice_period_months=1)
    second = sign_in(make.member(make.organization(other), user=user))
    for browser in (klara, second):
        choose(browser, 90)
    assert days(SATURDAY, datetime.date(2026, 12, 2)) == [datetime.date(2026, 11, 30)]
    assert "for 3 contracts." in said(letterbox.mails[0])
    assert "/contracts" not in said(letterbox.mails[0])


@pytest.mark.parametrize(
    "lost", ["field:contract.notice_period_months", "menu:contracts", "field:contract.last_day_to_cancel"]
)
def test_what_his_profile_no_longer_shows_is_not_counted_either(lost, make, member, klara, days):
    choose(klara, 90)
    few = make.profile(*(subject for subject, _actions in catalogue.subjects() if subject != lost))
    make.change("memberships", member, profile_id=few)
    assert days(SATURDAY, datetime.date(2026, 12, 2)) == []
    if lost != "menu:contracts":
        assert klara.post("/settings/deadlines", data={"days": "30"}).status_code == 404
        page = klara.get("/settings/deadlines", headers={"Accept-Language": "en"}).text
        assert "does not show the last day to give notice" in page


def test_who_has_left_is_not_reminded(make, user, klara, days):
    choose(klara, 90)
    make.change("users", user, is_active=False)
    assert days(SATURDAY, datetime.date(2026, 12, 2)) == []


def test_the_brokers_people_are_reminded_too(make, holder, sign_in, days, letterbox):
    clerk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    choose(clerk, 90)
    assert days(SATURDAY, datetime.date(2026, 12, 2)) == [datetime.date(2026, 11, 30)]
    assert "Für 3 Verträge rückt" in said(letterbox.mails[0])
