"""What people see of the last day to cancel: in overviews, on a contract's page, at home. And who does not."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html import unescape
from typing import Any
from unittest import mock

import pytest

from permissions.catalogue import catalogue
from tenants import visibility

TODAY = datetime.date(2026, 11, 21)
SOURCES = ("status", "ends_on", "annual_due_on", "notice_period_months")


def everything_but(subject: str = "") -> list[str]:
    return [one for one, _ in catalogue.subjects() if one != subject]


@pytest.fixture(autouse=True)
def a_saturday_in_november() -> Iterator[None]:
    with mock.patch.object(visibility, "today", return_value=TODAY):
        yield


@pytest.fixture
def stock(make: Any) -> dict[str, Any]:
    """Contracts of one client, one for each kind of deadline."""
    holder = make.policyholder("Nordwerk GmbH")
    new_year, july = datetime.date(2027, 1, 1), datetime.date(2027, 7, 1)
    return {
        "holder": holder,
        "car": make.contract(
            holder, number="CAR", annual_due_on=new_year, notice_period_months=1, line_of_business="051"
        ),
        "fire": make.contract(holder, number="FIRE", annual_due_on=new_year, notice_period_months=3),
        "hall": make.contract(holder, number="HALL", annual_due_on=july, notice_period_months=6),
        "ship": make.contract(holder, number="SHIP", ends_on=datetime.date(2026, 12, 31)),
        "gone": make.contract(
            holder, number="GONE", annual_due_on=new_year, notice_period_months=1, status="cancelled"
        ),
    }


@pytest.fixture
def manager(make: Any, stock: dict[str, Any], sign_in: Any) -> Any:
    return sign_in(make.member(make.organization(stock["holder"])))


def days(answer: Any) -> dict[str, str | None]:
    assert answer.status_code == 200, answer.text
    return {row["number"]: row["last_day_to_cancel"] for row in answer.json["contracts"]}


def test_the_day_is_a_column_like_any_other(manager):
    asked = manager.get("/api/v1/contracts?fields=number,last_day_to_cancel&sort=last_day_to_cancel")
    told = {"CAR": "2026-11-30", "HALL": "2026-12-31", "FIRE": "2027-09-30", "GONE": None, "SHIP": None}
    assert list(days(asked).items())[:3] == list(told.items())[:3]
    assert days(asked) == told

    file = manager.get("/contracts.csv?columns=number,last_day_to_cancel&sort=-last_day_to_cancel")
    assert file.get_data(as_text=True).splitlines()[1:4] == [
        "FIRE;2027-09-30",
        "HALL;2026-12-31",
        "CAR;2026-11-30",
    ]

    groups = manager.get(
        "/contracts.csv?by=last_day_to_cancel.quarter&show=count,min.last_day_to_cancel&order=-count"
    )
    assert ";2;2026-11-30" in groups.get_data(as_text=True)


def test_who_looks_for_the_next_ninety_days_finds_what_can_still_be_cancelled(manager):
    base = "/api/v1/contracts?fields=number,last_day_to_cancel"
    until = "&last_day_to_cancel.ge=2026-11-21&last_day_to_cancel.le=2027-02-19"
    assert set(days(manager.get(base + until))) == {"CAR", "HALL"}
    assert set(days(manager.get(base + "&last_day_to_cancel.is_empty=1"))) == {"SHIP", "GONE"}
    assert set(days(manager.get(base + "&last_day_to_cancel=2026-11-30"))) == {"CAR"}
    assert manager.get(base + "&last_day_to_cancel.le=soon").status_code == 422


@pytest.mark.parametrize("sort", ["last_day_to_cancel", "-last_day_to_cancel", "last_day_to_cancel,-number"])
def test_paging_through_the_days_meets_each_contract_once_there_and_back(manager, sort):
    base = f"/api/v1/contracts?fields=number,last_day_to_cancel&sort={sort}"
    whole, found, cursors = list(days(manager.get(base))), [], [""]
    while cursors[-1] is not None:
        after = f"&after={cursors[-1]}" if cursors[-1] else ""
        answer = manager.get(f"{base}&limit=2{after}")
        found += days(answer)
        cursors.append(answer.json["next"])
    assert found == whole
    assert list(days(manager.get(f"{base}&limit=2&before={cursors[2]}"))) == whole[1:3]


def test_tomorrow_the_next_year_counts(manager, stock):
    with mock.patch.object(visibility, "today", return_value=datetime.date(2026, 12, 1)):
        assert manager.get(f"/api/v1/contracts/{stock['car']}").json["last_day_to_cancel"] == "2027-11-30"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Kündbar bis Montag, 30. November 2026: noch 9 Tage"),
        ("en", "Can be cancelled until Monday 30 November 2026: 9 days left"),
        ("fr", "Résiliable jusqu’au lundi 30 novembre 2026\u202f: plus que 9 jours"),
        ("es", "Se puede avisar hasta el lunes, 30 de noviembre de 2026: quedan 9 días"),
    ],
)
def test_the_page_of_a_contract_opens_with_its_deadline(manager, stock, language, sentence):
    page = manager.get(f"/contracts/{stock['car']}", headers={"Accept-Language": language}).text
    assert sentence in unescape(page)
    assert 'data-tone="warning"' in page
    far = manager.get(f"/contracts/{stock['fire']}", headers={"Accept-Language": language}).text
    assert 'class="note"' not in far


def test_a_page_says_today_and_passed(make, manager, stock):
    make.change("contracts", stock["ship"], notice_period_months=3, ends_on=datetime.date(2026, 12, 31))
    passed = manager.get(f"/contracts/{stock['ship']}", headers={"Accept-Language": "de"}).text
    assert "Frist abgelaufen: 30. September 2026" in passed
    with mock.patch.object(visibility, "today", return_value=datetime.date(2026, 11, 30)):
        last = manager.get(f"/contracts/{stock['car']}", headers={"Accept-Language": "de"}).text
    assert "Heute ist der letzte Kündigungstag" in last


def test_home_names_what_can_be_cancelled_and_what_ends_by_itself(manager):
    page = unescape(manager.get("/", headers={"Accept-Language": "de"}).text)
    tile = page[page.index('aria-labelledby="deadlines"') :]
    tile = tile[: tile.index("</section>")]
    places = [tile.index(word) for word in ("Kündigung: ", "CAR", "Kündigung: HALL", "Ablauf: SHIP")]
    assert places[:2] == sorted(places[:2])
    assert "in 9 Tagen" in tile
    assert "FIRE" not in tile
    assert "GONE" not in tile
    assert "Bei 2 Verträgen läuft in den nächsten 90 Tagen die Kündigungsfrist ab." in page
    assert (
        'href="/contracts?sort=last_day_to_cancel&last_day_to_cancel.ge=2026-11-21'
        '&last_day_to_cancel.le=2026-12-21"' in tile
    )


def test_the_links_of_the_tile_lead_to_what_they_promise(manager):
    page = unescape(manager.get("/").text)
    found = [part.split('"')[0] for part in page.split('href="') if "last_day_to_cancel.le" in part]
    assert len(found) == 3
    shown = [manager.get(path).text for path in found]
    assert [("CAR" in one, "HALL" in one) for one in shown] == [(True, False), (True, True), (True, True)]


@pytest.mark.parametrize("hidden", SOURCES)
@pytest.mark.parametrize("way", ["hidden", "masked"])
def test_who_may_not_read_what_it_follows_from_does_not_learn_the_day(make, stock, sign_in, hidden, way):
    subject = f"field:contract.{hidden}"
    levels = {subject: "mask"} if way == "masked" else {}
    profile = make.profile(*everything_but("" if way == "masked" else subject), **levels)
    reader = sign_in(make.member(make.organization(stock["holder"]), profile))

    assert "last_day_to_cancel" not in reader.get(f"/api/v1/contracts/{stock['car']}").json
    for words in ("sort=last_day_to_cancel", "last_day_to_cancel.is_empty=1", "fields=last_day_to_cancel"):
        assert reader.get(f"/api/v1/contracts?{words}").status_code == 422
    assert "last_day_to_cancel" not in reader.get("/api/openapi.json").text
    for path in (f"/contracts/{stock['car']}", "/", "/contracts.csv", "/contracts"):
        text = reader.get(path, headers={"Accept-Language": "en"}).text
        assert "30 November" not in text
        assert "Last day to give notice" not in text
        assert "2026-11-30" not in text


def test_a_profile_that_does_not_grant_the_day_does_not_show_it(make, stock, sign_in):
    profile = make.profile(*everything_but("field:contract.last_day_to_cancel"))
    reader = sign_in(make.member(make.organization(stock["holder"]), profile))
    assert "last_day_to_cancel" not in reader.get(f"/api/v1/contracts/{stock['car']}").json
    assert "Ablauf: SHIP" in unescape(reader.get("/", headers={"Accept-Language": "de"}).text)


def test_a_masked_day_shows_that_there_is_one(make, stock, sign_in):
    profile = make.profile(*everything_but(), **{"field:contract.last_day_to_cancel": "mask"})
    reader = sign_in(make.member(make.organization(stock["holder"]), profile))
    assert reader.get(f"/api/v1/contracts/{stock['car']}").json["last_day_to_cancel"] == "•••"
    assert "Can be cancelled" not in reader.get(f"/contracts/{stock['car']}").text
    assert "last_day_to_cancel.le" not in reader.get("/").text


def test_nobody_imports_what_is_computed(make, sign_in):
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    row = b'{"key": "C-1", "last_day_to_cancel": "2026-11-30"}'
    answer = desk.post("/api/v1/import/contract", data=row, content_type="application/x-ndjson")
    assert "last_day_to_cancel" in answer.text
    assert answer.json["errors"]
