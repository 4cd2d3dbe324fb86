"""A person's private calendar: made and taken back in the settings, read by a program that cannot sign in."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from app.accounts import feeds
from app.contracts import calendar as contents
from permissions.arrival import hashed
from permissions.catalogue import catalogue
from permissions.rights import raise_version
from tenants import current, visibility
from tests.conftest import Browser
from tests.factories import Make, table

TODAY = datetime.date(2026, 11, 21)
NEW_YEAR = datetime.date(2027, 1, 1)
CALENDAR = "function:calendar"


@pytest.fixture(autouse=True)
def a_saturday_in_november() -> Iterator[None]:
    with mock.patch.object(visibility, "today", return_value=TODAY):
        yield


@pytest.fixture
def holder(make: Make) -> Any:
    return make.policyholder("Nordwerk GmbH")


@pytest.fixture
def car(make: Make, holder: Any) -> Any:
    return make.contract(
        holder, number="CAR-1", annual_due_on=NEW_YEAR, notice_period_months=1, insurer_id=make.insurer()
    )


@pytest.fixture
def client(make: Make, holder: Any, car: Any) -> Any:
    return make.member(make.organization(holder))


def address(browser: Browser) -> str:
    """A new address, made by hand in the settings."""
    page = browser.post("/settings/calendar")
    assert page.status_code == 201
    found = re.findall(r"<code>(http://[^<]+)</code>", page.text)
    assert len(found) == 1
    assert found[0].startswith(browser.base)
    return found[0].removeprefix(browser.base)


def events(answer: Any) -> dict[str, Any]:
    """What another program makes of the calendar: events by the contract they lead to."""
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.get_data(as_text=True))
    return {str(event["url"]).rsplit("/", 1)[1]: event for event in calendar.walk("VEVENT")}


def test_a_program_reads_the_deadlines_with_reminders_and_the_way_back(nobody, sign_in, client, car):
    path = address(sign_in(client))

    answer = nobody.get(path)

    event = events(answer)[str(car)]
    assert event.decoded("dtstart") == datetime.date(2026, 11, 30)
    assert event.decoded("dtend") == datetime.date(2026, 12, 1)
    assert str(event["summary"]) == "Letzter Kündigungstag: CAR-1"
    assert "spätestens am 30. November 2026 beim Versicherer" in str(event["description"])
    assert str(event["url"]) == f"{nobody.base}/contracts/{car}"
    morning = datetime.timedelta(hours=9)
    assert [alarm.decoded("trigger") - morning for alarm in event.walk("VALARM")] == [
        datetime.timedelta(days=-14),
        datetime.timedelta(days=-3),
    ]
    assert sign_in(client).get(f"/contracts/{car}").status_code == 200


def test_the_address_is_shown_once_and_only_its_hash_is_kept(make, web, sign_in, client):
    browser = sign_in(client)
    path = address(browser)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")

    assert len(secret) >= 43
    assert secret not in browser.get("/settings").text
    with current.acting_for(make.tenant_id), web.connect() as connection:
        stored = connection.execute(select(table("calendar_feeds"))).one()
        told = connection.execute(select(table("audit"))).all()
    assert stored.token_hash == hashed(secret)
    assert secret not in f"{stored} {told}"
    assert [row.act for row in told] == ["calendar.renew"]


def test_a_renewed_address_replaces_the_old_one_and_a_revoked_one_is_gone(nobody, sign_in, client):
    browser = sign_in(client)
    old, new = address(browser), address(browser)
    assert (nobody.get(old).status_code, nobody.get(new).status_code) == (404, 200)
    assert "Zuletzt" in browser.get("/settings", headers={"Accept-Language": "de"}).text

    assert browser.post("/settings/calendar/revocation").status_code == 303
    assert nobody.get(new).status_code == 404
    assert browser.post("/settings/calendar/revocation").status_code == 404


def ended(make: Make, membership: Any) -> None:
    make.change("memberships", membership, ends_on=TODAY - datetime.timedelta(days=1))


def inactive(make: Make, membership: Any) -> None:
    make.change("users", make.user_of(membership), is_active=False)


def withdrawn(make: Make, membership: Any) -> None:
    memberships = table("memberships")
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        profile = connection.scalar(select(memberships.c.profile_id).where(memberships.c.id == membership))
        connection.execute(
            text("delete from profile_rules where tenant_id = :t and subject = :s"),
            {"t": make.tenant_id, "s": CALENDAR},
        )
        raise_version(connection, make.tenant_id, profile)


@pytest.mark.parametrize("happens", [ended, inactive, withdrawn])
def test_when_the_access_ends_the_calendar_is_not_found(make, nobody, sign_in, client, happens):
    path = address(sign_in(client))
    assert nobody.get(path).status_code == 200
    happens(make, client)
    assert nobody.get(path).status_code == 404


@pytest.mark.parametrize(
    "hidden",
    ["menu:contracts", "field:contract.last_day_to_cancel", "field:contract.annual_due_on", "field:contract.number"],
)  # fmt: skip
def test_what_the_profile_hides_is_no_event(make, nobody, sign_in, holder, car, hidden):
    profile = make.profile(*(one for one, _ in catalogue.subjects() if one != hidden))
    path = address(sign_in(make.member(make.organization(holder), profile)))
    assert events(nobody.get(path)) == {}


def test_a_hidden_policyholder_and_line_are_not_told(make, nobody, sign_in, holder, car):
    make.change("contracts", car, line_of_business="051")
    hidden = ("field:contract.policyholder", "field:contract.line_of_business")
    profile = make.profile(*(one for one, _ in catalogue.subjects() if one not in hidden))
    answer = nobody.get(address(sign_in(make.member(make.organization(holder), profile))))
    assert str(events(answer)[str(car)]["summary"]) == "Letzter Kündigungstag: CAR-1"
    assert "Nordwerk" not in answer.text


def test_who_may_not_subscribe_has_no_section_and_no_way_to_one(make, sign_in, holder):
    profile = make.profile(*(one for one, _ in catalogue.subjects() if one != CALENDAR))
    browser = sign_in(make.member(make.organization(holder), profile))
    assert 'id="calendar"' not in browser.get("/settings").text
    assert "#calendar" not in browser.get("/").text
    assert browser.post("/settings/calendar").status_code == 403
    # There is none of his to revoke.
    assert browser.post("/settings/calendar/revocation").status_code == 404


def test_each_organization_has_a_calendar_of_its_own(make, nobody, sign_in, client, car):
    other = make.policyholder("Hafenlogistik GmbH")
    ship = make.contract(other, number="SHIP-1", annual_due_on=NEW_YEAR, notice_period_months=1)
    there = make.member(make.organization(other), user=make.user_of(client))

    here, elsewhere = address(sign_in(client)), address(sign_in(there))

    assert set(events(nobody.get(here))) == {str(car)}
    assert set(events(nobody.get(elsewhere))) == {str(ship)}


def test_staff_subscribe_to_what_their_mandates_have(make, nobody, sign_in, car):
    profile = make.profile(is_staff=True)
    limited = make.user(is_staff=True, profile_id=profile)
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    whole = address(sign_in(user=make.user(is_staff=True, profile_id=profile)))
    assert str(car) in events(nobody.get(whole))
    assert events(nobody.get(address(sign_in(user=limited)))) == {}


def test_an_address_opens_the_same_for_whoever_asks_and_nothing_elsewhere(
    portal, make, neighbour, nobody, sign_in, client, car
):
    path = address(sign_in(client))
    desk = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    stranger = make.contract(
        make.policyholder("Stranger"), number="X-1", annual_due_on=NEW_YEAR, notice_period_months=1
    )
    assert set(events(sign_in(user=desk).get(path))) == {str(car)}
    assert str(stranger) not in nobody.get(path).text
    for wrong in (path[:-5] + ".ics", "/calendar/.ics", "/calendar/x.ics", "/calendar/%00.ics", f"/calendar/{'x' * 3000}.ics"):  # fmt: skip
        assert nobody.get(wrong).status_code in (404, 422)
    assert Browser(portal, neighbour, None).get(path).status_code == 404
    # It opens the calendar, and nothing else.
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert Browser(portal, make, secret).get("/contracts").status_code == 302
    bearer = {"Authorization": f"Bearer {secret}"}
    assert nobody.get("/api/v1/contracts", headers=bearer).status_code == 401


def test_a_program_that_asks_again_is_told_that_nothing_changed(make, nobody, sign_in, client, car):
    path = address(sign_in(client))
    first = nobody.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")

    make.change("contracts", car, notice_period_months=3)
    changed = nobody.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert events(changed)[str(car)].decoded("dtstart") == datetime.date(2027, 9, 30)


def test_a_corrected_day_moves_the_event_and_the_next_year_is_another(make, nobody, sign_in, client, car):
    path = address(sign_in(client))
    before = str(events(nobody.get(path))[str(car)]["uid"])
    make.change("contracts", car, annual_due_on=datetime.date(2026, 12, 31))
    assert str(events(nobody.get(path))[str(car)]["uid"]) == before
    with mock.patch.object(visibility, "today", return_value=datetime.date(2026, 12, 1)):
        assert str(events(nobody.get(path))[str(car)]["uid"]) != before


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("de", "Letzter Kündigungstag: CAR-1"),
        ("en", "Last day to give notice: CAR-1"),
        ("fr", "Date limite de résiliation\u202f: CAR-1"),
        ("es", "Último día para no renovar: CAR-1"),
    ],
)
def test_the_calendar_speaks_its_owners_language(make, nobody, sign_in, client, car, language, summary):
    make.change("users", make.user_of(client), language=language)
    path = address(sign_in(client))
    event = events(nobody.get(path, headers={"Accept-Language": "en" if language != "en" else "fr"}))[
        str(car)
    ]
    assert str(event["summary"]) == summary


def test_a_calendar_asked_for_too_often_says_when_to_come_back(nobody, sign_in, client):
    path = address(sign_in(client))
    with mock.patch.object(feeds, "MOST_FETCHES", 2):
        assert [nobody.get(path).status_code for _ in range(4)] == [200, 200, 429, 429]
        assert nobody.get(path).headers["Retry-After"] == "900"


def test_of_very_many_deadlines_the_next_ones_are_told(make, nobody, sign_in, client, car, holder):
    july = make.contract(
        holder, number="JULY", annual_due_on=datetime.date(2027, 7, 1), notice_period_months=1
    )
    path = address(sign_in(client))
    assert set(events(nobody.get(path))) == {str(car), str(july)}
    with mock.patch.object(contents, "MOST_EVENTS", 1):
        assert set(events(nobody.get(path))) == {str(car)}


def test_words_of_the_broker_cannot_become_commands_of_the_calendar(make, nobody, sign_in, client, car):
    make.change("contracts", car, number="A;B,C\\n\r\nATTENDEE:mailto:x@y.example\r\nEND:VEVENT")
    event = events(nobody.get(address(sign_in(client))))[str(car)]
    assert "attendee" not in event
    assert "ATTENDEE:mailto" in str(event["summary"])


def test_the_secret_is_written_into_no_log_and_no_answer_that_leads_on(nobody, sign_in, client, caplog):
    path = address(sign_in(client))
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    with caplog.at_level(logging.DEBUG):
        calendar = nobody.get(path).text
        sign_in(client).post("/settings/calendar/revocation")
        gone = nobody.get(path)
    assert gone.status_code == 404
    assert secret not in caplog.text
    assert secret not in calendar
    assert "Location" not in gone.headers
