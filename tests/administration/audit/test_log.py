"""The audit log: what was done stands there in words, and is found again."""

from __future__ import annotations

import csv
import datetime
import io
import re
import uuid

import pytest
from sqlalchemy import text

from app.administration import config
from app.administration.audit import of_record
from app.core import audit
from tenants import current, visibility


@pytest.fixture
def desk(make, sign_in):
    """An administrator at the desk, by name."""
    return sign_in(user=make.user("Heike Brandt", is_staff=True, profile_id=make.profile(is_staff=True)))


@pytest.fixture
def noted(make, web):
    """Note an act as the portal would."""

    def noted(act, *, tenant=None, **what):
        tenant = tenant or make.tenant_id
        with current.acting_for(tenant), web.begin() as connection:
            audit.write(connection, tenant, act, **what)

    return noted


def test_every_act_stands_there_newest_first_with_who_and_as_whom(make, noted, desk):
    heike, klara = make.user("Heike Brandt"), make.user("Klara Muster")
    gone = uuid.uuid4()
    noted("session.start", actor_id=gone)
    noted("token.revoke", actor_id=heike, as_user_id=klara, record="token", before={"name": "Power BI"})

    page = desk.get("/audit", headers={"Accept-Language": "en"}).text

    assert page.index("Revoked an API token") < page.rindex("Signed in")
    assert "Heike Brandt" in page
    assert f'As whom: <a href="/audit?person={klara}">Klara Muster</a>' in page
    assert str(gone) in page
    assert "Power BI" in page


def test_a_change_is_told_field_by_field_in_the_words_of_the_page(make, noted, desk):
    organization = make.organization(name="Nordwerk Gruppe")
    noted(
        "organization.changed",
        record="organization",
        record_id=organization,
        before={"key": "nordwerk", "valuation": "today", "ends_on": None, "states": {"removed": ["own"]}},
        after={
            "key": "nordwerk",
            "valuation": "year_end",
            "ends_on": "2031-12-31",
            "states": {"added": ["policy"]},
        },
    )

    page = desk.get("/audit", headers={"Accept-Language": "de"}).text

    for told in ("Organisation geändert", "Nordwerk Gruppe", "Bewertungsstichtag", "Heute", "Jahresende",
                 "31.12.2031", "Eigene ohne Datum", "Police"):  # fmt: skip
        assert told in page, told
    assert "valuation" not in page


def test_a_person_a_thing_an_act_and_days_are_found(make, noted, desk, owner):
    anna, ben = make.user("Anna Amsel"), make.user("Ben Buche")
    organization = make.organization(name="Hafenlager Billwerder")
    noted("session.start", actor_id=anna)
    noted("session.end", actor_id=ben, as_user_id=anna)
    noted("organization.changed", actor_id=ben, record="organization", record_id=organization)
    noted("organization.removed", actor_id=ben, record="organization", record_id=uuid.uuid4(),
          before={"key": "hafen-alt", "name": "Alter Hafen"})  # fmt: skip
    today, tomorrow = visibility.today(), visibility.today() + datetime.timedelta(days=1)

    def found(words):
        answer = desk.get(f"/audit.csv?{words}", headers={"Accept-Language": "en"})
        assert answer.status_code == 200, words
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        return [row["Act code"] for row in rows if row["Act code"] != "audit.export"]

    assert found("person=amsel") == ["session.end", "session.start"]
    assert found(f"person={ben}") == ["organization.removed", "organization.changed", "session.end"]
    assert found("act=session.start") == ["session.start"]
    assert found("record=organization&name=billwerder") == ["organization.changed"]
    assert found("name=Alter") == ["organization.removed"]
    assert found("name=hafen-ALT") == ["organization.removed"]
    assert found("record=user&name=billwerder") == []
    assert found("record=contract&name=K-1") == []
    assert len(found(f"from={today}&to={today}")) == 4
    assert found(f"from={tomorrow}") == []
    assert found("person=nobody+here") == []


@pytest.mark.parametrize(
    ("words", "place"),
    [("from=yesterday", "from"), ("from=2026-02-02&to=2026-02-01", "to"), ("act=nothing", "act"),
     ("record=nothing", "record"), ("to=9999-99-99", "to")],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_place_and_nothing_typed_is_lost(words, place, desk):
    for path in ("/audit", "/audit.csv"):
        answer = desk.get(f"{path}?person=Amsel&{words}")

        assert answer.status_code == 422
        assert f'id="{place}-error"' in answer.text
        assert 'value="Amsel"' in answer.text


@pytest.mark.parametrize("words", ["from=0001-01-01&to=9999-12-31", "before=x", f"before={uuid.UUID(int=7)}"])
def test_far_days_and_places_that_are_none_break_nothing(words, desk, noted):
    noted("session.start")

    assert "Angemeldet" in desk.get(f"/audit?{words}", headers={"Accept-Language": "de"}).text


def test_pages_follow_one_another_without_a_gap(noted, desk, make):
    for n in range(120):
        noted("token.create", record="token", record_id=uuid.UUID(int=n), after={"name": f"Token {n:03}"})

    seen, path = [], "/audit?record=token"
    while path:
        page = desk.get(path, headers={"Accept-Language": "en"}).text
        seen += [n for n in range(119, -1, -1) if f">Token {n:03}</td>" in page]
        older = re.search(r'href="(/audit\?[^"]*before=[^"]*)"', page)
        path = older and older[1].replace("&amp;", "&")

    assert seen == list(range(119, -1, -1))


def test_a_file_has_the_rows_of_the_filters_and_no_formulas(noted, desk, web, make):
    noted("token.create", record="token", after={"name": "=cmd|' /C calc'!A0"})
    noted("session.start")

    rows = list(csv.reader(io.StringIO(desk.get("/audit.csv?act=token.create").text), delimiter=";"))

    assert len(rows) == 2
    assert "'=cmd|' /C calc'!A0" in rows[1]
    with current.acting_for(make.tenant_id), web.connect() as connection:
        kept = connection.execute(
            text("select number, encode(hash, 'hex') from audit_seals where tenant_id = :t and number = :n"),
            {"t": make.tenant_id, "n": int(rows[1][0])},
        ).one()
        exported = connection.scalar(
            text("select after ->> 'act' from audit where tenant_id = :t and act = 'audit.export'"),
            {"t": make.tenant_id},
        )
    assert rows[1][9] == kept[1]
    assert exported == "token.create"


def test_the_log_is_closed_to_all_but_administrators(make, neighbour, noted, sign_in):
    noted("token.create", after={"name": "Secretname"})
    clerk = make.profile("menu:audit", "menu:contracts", is_staff=True)
    limited = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate())
    there = neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True))
    client = make.member(make.organization(make.policyholder()), make.profile())
    for browser, status in (
        (sign_in(user=make.user(is_staff=True, profile_id=clerk)), 403),
        (sign_in(user=limited), 403),
        (sign_in(client), 403),
        (sign_in(user=there, at=neighbour), 200),
    ):
        for path in ("/audit", "/audit.csv"):
            answer = browser.get(path)
            assert answer.status_code == status
            assert "Secretname" not in answer.text


def test_reading_is_no_exporting(make, sign_in):
    reader = make.profile("menu:audit", "function:audit.read", is_staff=True)
    browser = sign_in(user=make.user(is_staff=True, profile_id=reader))

    page = browser.get("/audit")

    assert (page.status_code, browser.get("/audit.csv").status_code) == (200, 403)
    assert "/audit.csv" not in page.text


def test_everybody_reads_what_happened_in_his_own_account(make, noted, sign_in):
    member = make.member(make.organization(make.policyholder()))
    klara, heike = make.user_of(member), make.user("Heike Brandt")
    noted("session.start", actor_id=klara)
    noted("document.open", actor_id=heike, as_user_id=klara, record="document", record_id=uuid.uuid4())
    noted("token.create", actor_id=heike, record="token", after={"name": "Not Klara’s"})

    page = sign_in(member).get("/settings/log", headers={"Accept-Language": "en"}).text

    assert "Signed in" in page
    assert "Heike Brandt, as Klara Muster" in page
    assert "Not Klara’s" not in page
    assert "/settings/log" in sign_in(member).get("/settings").text


def test_a_things_history_is_told_with_names(portal, stock):
    config.apply(stock.connection, {"organizations": [{"key": "hafen", "name": "Hafen"}]}, None)
    config.apply(stock.connection, {"organizations": [{"key": "hafen", "name": "Hafenlager"}]}, None)
    (organization,) = stock.ask("select id from organizations where tenant_id = :tenant")[0]

    with portal.app_context():
        changed, created = of_record(stock.connection, "organization", organization)

    assert (changed.name, created.name) == ("Hafenlager", "Hafenlager")
    assert [(fact.was, fact.became) for fact in changed.facts] == [("Hafen", "Hafenlager")]


def test_what_settings_name_by_key_and_claims_are_called_as_people_call_them(make, noted, desk):
    holder = make.policyholder("Nordwerk GmbH")
    group = make.organization(holder, name="Nordwerk Gruppe")
    make.change("organizations", group, key="nordwerk")
    fire = make.contract(holder, number="AS 0037304")
    make.change("contracts", fire, key="V-100115")
    claim = make.claim(fire, broker_number="M-2026-0001")
    noted(
        "organization.changed",
        record="organization",
        record_id=make.organization(name="Nordwerk UK"),
        before={"key": "uk", "parent": None},
        after={"key": "uk", "parent": "nordwerk", "shared_contracts": {"added": ["V-100115", "V-gone"]}},
    )
    noted("claim.reported", record="claim", record_id=claim, after={"number": "M-2026-0001"})

    page = desk.get("/audit", headers={"Accept-Language": "en"}).text

    assert "Nordwerk Gruppe" in page
    assert "Added: AS 0037304, V-gone" in page
    assert f'<a href="/claims/{claim}">M-2026-0001</a>' in page
    options = re.findall(r'<option value="(\w+)"', page.split('name="record"')[1].split("</select>")[0])
    assert len(options) == len(set(options))
    found = desk.get("/audit?record=claim&name=M-2026-0001", headers={"Accept-Language": "en"}).text
    assert "Opened a claim in the portal" in found.split("<tbody")[1]
