"""Overviews as they stood: Klara Muster of Nordwerk looks at a day in January, with the rights she has today."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from tenants import visibility
from tests.factories.past import lived

JANUARY, MARCH = "2026-01-10", "2026-03-10"


@pytest.fixture
def holder(make):
    return make.policyholder("Nordwerk")


@pytest.fixture
def fire(make, holder):
    """Dearer since March, when it got its number, too."""
    found = make.contract(holder, number="F-2026", premium_net=Decimal(900), status="own")
    lived(
        make, "contracts", found, (JANUARY, {"number": "Z-old", "premium_net": Decimal(500), "status": "quote"}),
        since=MARCH,
    )  # fmt: skip
    return found


@pytest.fixture
def klara(make, sign_in, holder):
    return sign_in(make.member(make.organization(holder)))


def numbers(reader, words):
    answer = reader.get(f"/api/v1/contracts?{words}")
    assert answer.status_code == 200, answer.text
    return [one["number"] for one in answer.json["contracts"]]


def test_a_report_shows_the_values_of_that_day(make, klara, holder, fire):
    later = make.contract(holder, number="L-1")
    lived(make, "contracts", later, since=MARCH)

    then = klara.get("/api/v1/contracts?as_of=2026-01-31").json["contracts"]
    now = klara.get("/api/v1/contracts").json["contracts"]

    assert [(one["number"], one["premium_net"]["amount"]) for one in then] == [("Z-old", "500")]
    assert [one["number"] for one in now] == ["F-2026", "L-1"]


def test_a_day_is_its_end_at_the_brokers_and_a_moment_itself(klara, fire):
    assert numbers(klara, "as_of=2026-01-09") == []
    assert numbers(klara, "as_of=2026-01-10") == ["Z-old"]
    assert numbers(klara, "as_of=2026-01-10T12:59:59.999999") == []
    assert numbers(klara, "as_of=2026-01-10T13:00") == ["Z-old"]
    assert numbers(klara, "as_of=2026-01-10T12:00Z") == ["Z-old"]
    assert numbers(klara, "as_of=2026-03-09") == ["Z-old"]
    assert numbers(klara, "as_of=2026-03-10") == ["F-2026"]
    assert numbers(klara, f"as_of={visibility.today()}") == ["F-2026"]


def test_what_finds_and_orders_is_of_that_day(make, klara, holder, fire):
    other = make.contract(holder, number="M-1", status="own")
    lived(make, "contracts", other, since=JANUARY)

    assert numbers(klara, "as_of=2026-01-31&sort=number") == ["M-1", "Z-old"]
    assert numbers(klara, "sort=number") == ["F-2026", "M-1"]
    assert numbers(klara, "as_of=2026-01-31&status=quote") == ["Z-old"]
    assert numbers(klara, "as_of=2026-01-31&q=F-20") == []
    assert numbers(klara, "as_of=2026-01-31&premium_net.le=600") == ["Z-old"]
    first = klara.get("/api/v1/contracts?as_of=2026-01-31&sort=-number&limit=1").json
    second = klara.get(f"/api/v1/contracts?as_of=2026-01-31&sort=-number&limit=1&after={first['next']}").json
    assert [one["number"] for page in (first, second) for one in page["contracts"]] == ["Z-old", "M-1"]
    assert second["next"] is None


def test_the_page_its_groups_and_its_file_tell_which_day_it_is(klara, fire):
    page = klara.get("/contracts?as_of=2026-01-31", headers={"Accept-Language": "de"}).text
    groups = klara.get("/contracts?as_of=2026-01-31&by=status", headers={"Accept-Language": "en"}).text
    file = klara.get("/contracts.csv?as_of=2026-01-31")

    assert "Z-old" in page
    assert "Stand vom 31.01.2026" in page
    assert 'href="/contracts">Aktueller Stand' in page
    assert "As at 31/01/2026" in groups
    assert "500.00" in groups
    assert "as_of=2026-01-31&amp;status=quote" in groups
    assert "Z-old" in file.text
    assert "contracts-2026-01-31.csv" in file.headers["Content-Disposition"]


def test_rates_are_of_that_day_too(make, owner, sign_in, holder, fire):
    from sqlalchemy import text

    with owner.begin() as connection:
        for day, rate in (("2026-01-30", 2), ("2026-03-30", 4)):
            connection.execute(
                text("insert into exchange_rates values ('XTS', :d, :r, 'test')"), {"d": day, "r": rate}
            )
    reader = sign_in(make.member(make.organization(holder, profile_currency="XTS")))

    then = reader.get("/api/v1/contracts?as_of=2026-01-31").json["contracts"][0]["converted"]
    page = reader.get("/contracts?as_of=2026-01-31", headers={"Accept-Language": "en"}).text

    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'test'"))
    assert then == {"amount": "1000.00", "currency": "XTS", "rate_on": "2026-01-30"}
    assert "30/01/2026" in page


@pytest.mark.parametrize(
    "wrong", ["tomorrow", "2026-02-30", "0001-01-01", "9999-12-31", "2026-1-1", "x" * 500, "9999-12-31T23:59"]
)
def test_a_day_that_is_none_or_lies_ahead_is_refused_at_its_place(klara, fire, wrong):
    for path in ("/contracts", "/contracts.csv", "/api/v1/contracts"):
        assert klara.get(f"{path}?as_of={wrong}").status_code == 422, path
    assert "as_of" in klara.get(f"/api/v1/contracts?as_of={wrong}").json["errors"]
    assert 'id="as_of-error"' in klara.get(f"/contracts?as_of={wrong}").text


def test_the_future_is_told_apart_from_nonsense(klara, fire):
    ahead = visibility.today() + datetime.timedelta(days=1)
    page = klara.get(f"/contracts?as_of={ahead}", headers={"Accept-Language": "en"})
    assert f"{ahead:%d/%m/%Y} is in the future. Choose a day that has passed." in page.text
    assert klara.get("/contracts?as_of=").status_code == 200


def test_records_without_a_history_say_so(klara, fire):
    page = klara.get("/documents?as_of=2026-01-31", headers={"Accept-Language": "en"})
    assert page.status_code == 422
    assert "These records keep no history." in page.text
    assert "as-of" not in klara.get("/documents").text


def test_only_what_one_may_see_today_is_shown_as_it_was(make, sign_in, holder, fire):
    """A contract that went to another client is his with all its past; the one before sees none of it."""
    other = make.policyholder("Südwerk")
    make.change("contracts", fire, policyholder_id=other)
    before, after = (sign_in(make.member(make.organization(one))) for one in (holder, other))

    assert numbers(before, "as_of=2026-01-31") == []
    assert numbers(after, "as_of=2026-01-31") == ["Z-old"]


def test_a_name_that_is_not_ones_business_today_is_not_told_for_the_past(make, sign_in, holder):
    """The contract was Südwerk's once. Nordwerk, who holds it today, does not learn that."""
    other = make.policyholder("Südwerk")
    contract = make.contract(holder, number="F-1")
    lived(make, "contracts", contract, (JANUARY, {"policyholder_id": other}), since=MARCH)
    klara = sign_in(make.member(make.organization(holder)))
    both = sign_in(make.member(make.organization(holder, other)))
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))

    def named(reader):
        (found,) = reader.get("/api/v1/contracts?as_of=2026-01-31").json["contracts"]
        return found["policyholder"]

    assert named(klara) is None
    assert named(both) == named(desk) == "Südwerk"
    assert "Südwerk" not in klara.get("/contracts?as_of=2026-01-31&by=policyholder").text
    assert numbers(klara, f"as_of=2026-01-31&policyholder={other}") == []
    assert numbers(both, f"as_of=2026-01-31&policyholder={other}") == ["F-1"]
    assert numbers(klara, "as_of=2026-01-31&policyholder.contains=Südw") == []


def test_whoever_reported_a_claim_sees_its_past_and_nobody_who_once_stood_there(make, sign_in, holder):
    ada, ben = make.user("Ada"), make.user("Ben")
    contract = make.contract(holder)
    claim = make.claim(contract, broker_number="S-1", reported_by_id=ada)
    lived(make, "claims", claim, (JANUARY, {"reported_by_id": ben, "broker_number": "S-0"}), since=MARCH)
    nothing = make.organization(include_claims=False)

    def claims(user):
        return sign_in(make.member(nothing, user=user)).get("/api/v1/claims?as_of=2026-01-31").json["claims"]

    assert [one["broker_number"] for one in claims(ada)] == ["S-0"]
    assert claims(ben) == []


def test_a_record_that_is_gone_today_is_not_shown_for_the_past(make, sign_in, holder, fire):
    from sqlalchemy import text

    from tenants import current

    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    assert numbers(desk, "as_of=2026-01-31") == ["Z-old"]
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text("delete from contracts where tenant_id = :t and id = :i"), {"t": make.tenant_id, "i": fire}
        )
    assert numbers(desk, "as_of=2026-01-31") == []


def test_what_belonged_to_a_record_then(make, klara, holder, fire):
    other = make.contract(holder, number="O-1")
    invoice = make.invoice(holder, fire, number="R-1")
    lived(make, "invoices", invoice, (JANUARY, {"contract_id": other}), since=MARCH)

    def invoices(contract, words=""):
        return [
            one["number"]
            for one in klara.get(f"/api/v1/invoices?of=contract:{contract}{words}").json["invoices"]
        ]

    assert invoices(other) == []
    assert invoices(other, "&as_of=2026-01-31") == ["R-1"]
    assert invoices(fire, "&as_of=2026-01-31") == []


def test_the_neighbour_stands_in_no_past(make, neighbour, klara, fire):
    theirs = neighbour.contract(number="N-1")
    lived(neighbour, "contracts", theirs, (JANUARY, {"number": "N-0"}), since=MARCH)
    assert numbers(klara, "as_of=2026-01-31") == ["Z-old"]
