"""What a change is said to do before it is made is what it does: for random organizations and random changes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import Connection

from app.administration import config
from app.administration.config.state import read_organization
from app.administration.effects import effect_of, seen
from app.core.errors import Unacceptable
from tenants import visibility
from tenants.models import STATE_BOXES
from tests.administration.conftest import Stock

LINES, TYPES, GROUPS = ("080", "192", "051"), ("single", "fleet"), ("Nordwerk", "Alster")
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
    config.apply(
        connection,
        {
            "users": [{"email": "anna@nordwerk.example", "name": "Anna"}],
            "organizations": [
                {"key": "top", "name": "Top"},
                {"key": "middle", "name": "Middle", "parent": "top"},
                {
                    "key": "low",
                    "name": "Low",
                    "parent": "middle",
                    "members": [
                        {
                            "user": "anna@nordwerk.example",
                            "profile": "insurance-manager",
                            "objects": ["house 1", "house 2"],
                        }
                    ],
                },
            ],
        },
        None,
    )
    return stock


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
        "parent": chance.choice([None, "top"]) if key != "top" else None,
        "ends_on": chance.choice([None, "2020-01-01"]),
    }
    words = chance.sample(sorted(everything), chance.randint(1, 3))
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
        key = chance.choice(list(ids))
        document = {"organizations": [{"key": key, **changed(chance, key)}]}
        before, kept = seen(connection, ids[key]), read_organization(connection, key)

        effect = effect_of(connection, document, ids[key])
        assert seen(connection, ids[key]) == before
        assert read_organization(connection, key) == kept
        config.apply(connection, document, None)
        after = seen(connection, ids[key])

        for place in before.keys() | after.keys() | effect.moved.keys():
            was, now = before.get(place, set()), after.get(place, set())
            told = effect.moved.get(place)
            assert (told.come, told.gone) == (now - was, was - now) if told else was == now, document
            moved += bool(told and (told.come or told.gone))
        assert visibility.differences(connection) == []
    assert moved > changes / 2


def test_what_cannot_be_is_refused_and_leaves_nothing_behind(connection, world):
    (organization,) = world.ask("select id from organizations where tenant_id = :tenant and key = 'low'")[0]
    before = world.ask("select count(*) from audit where tenant_id = :tenant")
    with pytest.raises(Unacceptable):
        effect_of(connection, {"organizations": [{"key": "low", "parent": "low"}]}, organization)
    effect_of(connection, {"organizations": [{"key": "low", "name": "Lower"}]}, organization)
    assert world.ask("select count(*) from audit where tenant_id = :tenant") == before
