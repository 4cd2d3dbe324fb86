"""What a change is said to do before it is made is what it does: for random organizations and random changes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.administration import config
from app.administration.config.state import read_organization
from app.administration.effects import effect_of
from app.administration.organizations import telling
from app.core.errors import Unacceptable
from permissions import arrival
from tenants import current, visibility
from tenants.models import STATE_BOXES
from tenants.rules import KINDS
from tests.administration.conftest import Stock

LINES, TYPES, GROUPS = ("080", "192", "051"), ("single", "fleet"), ("Nordwerk", "Alster")
ORGANIZATIONS = {"top": None, "middle": "top", "low": "middle", "side": None}
"""With what each is below at first; each has a member who bears its name."""
NARROWED = {"low": ["anna"], "side": ["bea"]}
DAYS = [None, "2020-01-01", "2999-01-01"]
PLACES = """
    insert into contracts (tenant_id, key, number, policyholder_id, status, line_of_business, contract_type,
                           document_on, application_on, quote_on)
    values (:tenant, :key, :key, (select id from policyholders where tenant_id = :tenant and key = :holder),
            :status, :line, :type, :document_on, :application_on, :quote_on)"""


@pytest.fixture
def world(connection: Connection, stock: Stock) -> Stock:
    """Contracts of every kind, claims, invoices and papers on them; three organizations, one above another."""
    chance = random.Random(4)
    for number in range(6):
        stock.policyholder(f"holder {number}", chance.choice(["north", "south"]))
        stock.run(
            """update policyholders set corporate_group = :group, intermediary = :intermediary
                where tenant_id = :tenant and key = :key""",
            group=chance.choice([*GROUPS, None]),
            intermediary=chance.choice([*GROUPS, None]),
            key=f"holder {number}",
        )
        stock.objects(f"holder {number}", f"house {number}")
    for number in range(60):
        some_day = ["2025-01-01", None]
        stock.run(
            PLACES,
            key=f"C{number}",
            holder=f"holder {number % 6}",
            status=chance.choice(["own", "own", "quote", "cancelled", "dormant", "third_party"]),
            line=chance.choice(LINES),
            type=chance.choice(TYPES),
            document_on=chance.choice(some_day),
            application_on=chance.choice(some_day),
            quote_on=chance.choice(some_day),
        )
        stock.insure(f"C{number}", f"house {number % 6}")
        stock.run(
            """insert into claims (tenant_id, key, broker_number, status, claim_type, contract_id)
               select :tenant, :key, :key, 'open', :type, id from contracts where tenant_id = :tenant and key = :key""",
            key=f"C{number}",
            type=chance.choice(["fire", "glass"]),
        )
        stock.run(
            """insert into invoices (tenant_id, key, kind, status, number, currency, policyholder_id, contract_id)
               select :tenant, :key, 'premium', 'open', :key, 'EUR', policyholder_id, id
                 from contracts where tenant_id = :tenant and key = :key""",
            key=f"C{number}",
        )
    narrowed = {"profile": "insurance-manager", "objects": ["house 1", "house 2"]}
    config.apply(
        connection,
        {
            "users": [
                {"email": f"{name}@nordwerk.example", "name": name}
                for name in (*ORGANIZATIONS, "anna", "bea")
            ],
            "organizations": [
                {
                    "key": key,
                    "name": key,
                    "parent": parent,
                    "policyholders": [f"holder {number}"],
                    "states": list(STATE_BOXES),
                    "share_automatically": True,
                    "members": [
                        {"user": f"{key}@nordwerk.example", "profile": "insurance-manager"},
                        *({"user": f"{name}@nordwerk.example", **narrowed} for name in NARROWED.get(key, ())),
                    ],
                }
                for number, (key, parent) in enumerate(ORGANIZATIONS.items())
            ],
        },
        None,
    )
    return stock


def measured(connection: Connection) -> dict[tuple[Any, str], set[Any]]:
    """What everybody sees who arrives now, by his organization, or by his membership if that is narrowed."""
    found = {}
    for person in arrival.everybody(connection):
        narrowed = person.scope_id == person.membership_id
        for kind in KINDS:
            found[person.membership_id if narrowed else person.organization_id, kind] = set(
                connection.execute(
                    text(
                        f"select {kind}_id from visible_{kind}s where tenant_id = :tenant and scope_id = :scope"
                    ),
                    {"tenant": current.tenant_id(), "scope": person.scope_id},
                ).scalars()
            )
    return found


def some(chance: random.Random, words: Any) -> list[str]:
    words = list(words)
    return chance.sample(words, chance.randint(0, len(words)))


def changed(chance: random.Random, key: str) -> dict[str, Any]:
    """A change of one to three settings."""
    contracts = [f"C{number}" for number in range(60)]
    shared = chance.sample(contracts, 3)
    everything: dict[str, Any] = {
        "share_automatically": chance.random() < 0.8,
        "states": some(chance, STATE_BOXES),
        "lines_of_business": some(chance, LINES),
        "contract_types": some(chance, TYPES),
        "mandates": some(chance, ["north", "south"]),
        "whole_mandates": some(chance, ["north", "south"]),
        "corporate_groups": some(chance, GROUPS),
        "intermediaries": some(chance, GROUPS),
        "policyholders": some(chance, [f"holder {number}" for number in range(6)]),
        "objects": chance.choice(["all", some(chance, [f"house {number}" for number in range(6)])]),
        "include_claims": chance.random() < 0.7,
        "claim_types": some(chance, ["fire", "glass"]),
        "claims": chance.choice(["all", "all", "members"]),
        "shared_contracts": shared[:2],
        "excluded_contracts": shared[2:],
        "parent": chance.choice([None, *(one for one in ORGANIZATIONS if one != key)]),
        "starts_on": chance.choice(DAYS),
        "ends_on": chance.choice(DAYS),
    }
    words = chance.sample(sorted(everything), chance.randint(1, 3))
    # What moves other people's sight, and not its own, is drawn as often as all that does.
    words += chance.choice([[], ["parent"], ["starts_on", "ends_on"]])
    if {"shared_contracts", "excluded_contracts"} & set(words):
        words += ["shared_contracts", "excluded_contracts"]
    return {word: everything[word] for word in words}


@pytest.mark.parametrize(
    ("seed", "changes"), [(number, 20) for number in range(2)] + [
        pytest.param(number, 50, marks=pytest.mark.deep) for number in range(10, 16)
    ],
)  # fmt: skip
def test_what_a_change_is_said_to_do_is_what_it_does(connection, world, seed, changes):
    chance, moved = random.Random(seed), 0
    ids = dict(world.ask("select key, id from organizations where tenant_id = :tenant"))
    for _ in range(changes):
        effect = None
        while effect is None:
            key = chance.choice(list(ids))
            document = {"organizations": [{"key": key, **changed(chance, key)}]}
            before, kept = measured(connection), read_organization(connection, key)
            try:
                effect = effect_of(connection, document, ids[key])
            except Unacceptable:
                """Below itself, or over before it begins."""
        assert measured(connection) == before
        assert read_organization(connection, key) == kept
        config.apply(connection, document, None)
        after = measured(connection)

        for audience, kind in (
            before.keys() | after.keys() | {(one, kind) for one in effect.audiences for kind in KINDS}
        ):
            was, now = before.get((audience, kind), set()), after.get((audience, kind), set())
            told = effect.moved(audience, kind)
            assert (told.come, told.gone) == (now - was, was - now), document
            moved += bool(told)
        assert visibility.differences(connection) == []
    assert moved > changes / 2


def test_what_cannot_be_is_refused_and_leaves_nothing_behind(connection, world):
    (organization,) = world.ask("select id from organizations where tenant_id = :tenant and key = 'low'")[0]
    before = world.ask("select count(*) from audit where tenant_id = :tenant")
    with pytest.raises(Unacceptable):
        effect_of(connection, {"organizations": [{"key": "low", "parent": "low"}]}, organization)
    effect_of(connection, {"organizations": [{"key": "low", "name": "Lower"}]}, organization)
    assert world.ask("select count(*) from audit where tenant_id = :tenant") == before


def panel(connection, world, key, **change):
    """What the panel tells of a change of an organization."""
    (organization,) = world.ask(
        "select id from organizations where tenant_id = :tenant and key = :key", key=key
    )[0]
    effect = effect_of(connection, {"organizations": [{"key": key, **change}]}, organization)
    found = telling.told(connection, effect)
    return found, [(line.is_gain, line.words, line.where) for line in found.others]


def held(world, *keys):
    """Contracts of policyholders."""
    found = world.ask(
        """select count(*) from contracts c join policyholders p on p.id = c.policyholder_id
            where c.tenant_id = :tenant and p.key = any(:keys)""",
        keys=list(keys),
    )
    return found[0][0]


def test_who_gets_or_loses_a_parent_is_told_what_its_members_see_more_or_less(connection, world):
    told, others = panel(connection, world, "low", parent="side")
    mine = held(world, "holder 2")

    assert (told.before, told.after, told.lines) == (str(mine), str(mine), [])
    assert told.summary == "Die eigenen sichtbaren Verträge bleiben dieselben."
    assert others == [
        (False, f"middle: {mine} Verträge", "1 Mitglied"),
        (True, f"side: {mine} Verträge", "1 Mitglied"),
        (False, f"top: {mine} Verträge", "1 Mitglied"),
        (True, f"bea: {mine} Verträge", "side"),
    ]
    # Low’s two, side’s two, and one each of the others.
    assert told.people == 6
    told, others = panel(connection, world, "low", parent="side", objects=["house 1"])
    assert (True, "side: 1 Versicherungsnehmer", "1 Mitglied") in others
    assert told.summary == f"{mine} Verträge fallen weg."


def test_who_loses_access_by_a_last_day_is_told_and_from_when(connection, world):
    mine, both = held(world, "holder 2"), held(world, "holder 1", "holder 2")

    told, others = panel(connection, world, "low", ends_on="2020-01-01")
    assert (told.before, told.after) == (str(mine), "0")
    assert told.access == ["2 Personen verlieren sofort den Zugang."]
    assert (False, f"top: {mine} Verträge", "1 Mitglied") in others

    told, others = panel(connection, world, "middle", starts_on="2999-01-01")
    assert (told.before, told.after) == (str(both), "0")
    assert told.access == ["1 Person verliert sofort den Zugang, bis er am 01.01.2999 beginnt."]
    assert others == [(False, f"top: {both} Verträge", "1 Mitglied")]

    told, others = panel(connection, world, "low", ends_on="2999-01-01")
    assert (told.before, told.after, others) == (str(mine), str(mine), [])
    assert told.access[0] == "Ab 02.01.2999 sehen 2 Personen nichts mehr."
    assert told.access[1].startswith("Von da an")
    assert told.is_seen


def test_while_access_does_not_run_it_is_told_what_would_be_seen(connection, world):
    config.apply(connection, {"organizations": [{"key": "side", "ends_on": "2020-01-01"}]}, None)

    told, _others = panel(connection, world, "side", states=[])
    assert (told.before, told.after, told.people) == (str(held(world, "holder 3")), "0", 0)
    assert told.summary.endswith("Zurzeit ohne Wirkung: Der Zugang endete am 01.01.2020.")
    told, _others = panel(connection, world, "side", ends_on=None)
    assert told.before == "0"
    assert told.access == ["2 Personen erhalten sofort Zugang."]
