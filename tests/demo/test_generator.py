"""The demonstration's brokers before anything is loaded: repeatable, complete, and made of known codes only."""

from __future__ import annotations

import datetime
from collections import Counter
from decimal import Decimal

import pytest

from app.core.schema import Code, Reference, References
from app.demo.broker import Broker
from app.demo.covers import COVERS
from app.demo.hansen import hansen
from app.demo.insurers import HOUSES
from app.demo.neighbours import atelier, limmat
from app.demo.stock import ORDER, RARE, SITUATIONS
from app.exchange.kinds import RECORD_TYPES

TODAY = datetime.date(2026, 11, 21)
MAKERS = {"hansen": hansen, "limmat": limmat, "atelier": atelier}


@pytest.fixture(scope="module", params=sorted(MAKERS))
def broker(request: pytest.FixtureRequest) -> Broker:
    return MAKERS[request.param](TODAY)


def emails(broker: Broker) -> set[str]:
    return {user["email"] for user in broker.config["users"]} | {
        s["email"] for s in broker.stock.rows["staff"]
    }


def test_the_same_day_makes_the_same_broker(broker: Broker) -> None:
    again = MAKERS[broker.slug](TODAY)

    assert again.stock.rows == broker.stock.rows
    assert again.stock.letters == broker.stock.letters
    assert again.config == broker.config


@pytest.mark.parametrize(
    "today", [datetime.date(2027, 1, 1), datetime.date(2028, 2, 29), datetime.date(2026, 12, 31)]
)
def test_any_day_makes_a_broker(today: datetime.date) -> None:
    for make in MAKERS.values():
        contracts = make(today).stock.rows["contract"]
        assert all(c["document_on"] <= str(today) for c in contracts if "document_on" in c)


def test_every_field_is_known_and_every_code_is_on_its_list(broker: Broker) -> None:
    for kind in ORDER:
        fields = RECORD_TYPES[kind].fields
        for row in broker.stock.rows[kind]:
            assert row.keys() - {"file"} <= fields.keys(), kind
            for name, value in row.items():
                seen = fields.get(name)
                if isinstance(seen, Code):
                    assert value in seen.codes, (kind, name, value)


def test_every_reference_names_a_record_of_the_same_broker(broker: Broker) -> None:
    keys = {kind: {row["key"] for row in broker.stock.rows[kind]} for kind in ORDER}
    keys["user"] = emails(broker) | keys["staff"]
    for kind in ORDER:
        assert len(keys[kind]) == len(broker.stock.rows[kind]), kind
        for row in broker.stock.rows[kind]:
            for name, seen in RECORD_TYPES[kind].fields.items():
                if isinstance(seen, (Reference, References)) and name in row:
                    named = row[name] if isinstance(seen, References) else [row[name]]
                    assert set(named) <= keys[seen.to], (kind, name, named)
            for link in row.get("links", []):
                assert link["key"] in keys[link["type"]]


def test_premiums_are_plausible_against_sums_insured(broker: Broker) -> None:
    for contract in broker.stock.rows["contract"]:
        if "premium_net" not in contract or "sum_insured" not in contract:
            continue
        net, tax, gross = (Decimal(contract[f]) for f in ("premium_net", "insurance_tax", "premium_gross"))
        assert net + tax == gross
        assert Decimal(180) <= net <= Decimal(contract["sum_insured"]) / 10


def test_the_first_broker_is_as_large_as_promised() -> None:
    broker = hansen(TODAY)
    rows = broker.stock.rows
    group = [c for c in rows["contract"] if c["policyholder"] < "P-4"]
    things = Counter(thing["kind"] for thing in rows["object"] if thing["policyholder"] < "P-4")

    assert len({c["policyholder"] for c in group}) == 13
    assert 170 <= len(group) <= 220
    assert things["building"] + things["machine"] >= 400
    assert things["vehicle"] >= 60
    assert len(rows["insurer"]) >= 25
    assert 50 <= len(rows["claim"]) <= 90
    assert len(rows["invoice"]) >= 300
    assert len(rows["certificate"]) == 40
    assert 110 <= len(rows["document"]) <= 130
    assert len(rows["case"]) >= 15
    assert {c["status"] for c in rows["claim"]} == set(RECORD_TYPES["claim"].fields["status"].codes)


def test_every_situation_a_rule_tells_apart_is_there() -> None:
    found = {
        (
            c["status"],
            frozenset(f for f in ("inquiry_on", "quote_on", "application_on", "document_on") if f in c),
        )
        for c in hansen(TODAY).stock.rows["contract"]
    }

    assert found == {(status, frozenset(days)) for status, days in SITUATIONS.values()}
    assert set(RARE) < set(SITUATIONS)


def test_nobody_is_in_two_brokers() -> None:
    brokers = [make(TODAY) for make in MAKERS.values()]
    names = [{row["name"] for row in broker.stock.rows["policyholder"]} for broker in brokers]

    assert not names[0] & names[1] | names[1] & names[2] | names[0] & names[2]
    assert not emails(brokers[0]) & emails(brokers[1]) & emails(brokers[2])
    assert all(email.endswith(".example") for broker in brokers for email in emails(broker))


def test_accounts_shown_at_the_start_can_sign_in(broker: Broker) -> None:
    users = {user["email"]: user for user in broker.config["users"]}

    assert all(users[account.email].get("active", True) for account in broker.accounts)
    assert all("password" in users[account.email] for account in broker.accounts)


def test_somebody_insures_each_cover() -> None:
    insured = {cover for house in HOUSES for cover in house.covers}

    assert insured == set(COVERS)


def test_cases_changed_at_moments_of_their_own(broker: Broker) -> None:
    moments = broker.stock.last_words

    assert moments.keys() == {case["key"] for case in broker.stock.rows["case"]}
    assert len(set(moments.values())) == len(moments)
    assert all(moment.date() < TODAY for moment in moments.values())
