"""Nobody shuts the last way in behind himself, whichever way he goes: a page, a document, a command."""

from __future__ import annotations

import pytest

from app.administration import config
from app.core.errors import Unacceptable

ANNA, BEN = "anna@hafen.example", "ben@hafen.example"
PEOPLE = [
    {"email": ANNA, "name": "Anna Amsel", "staff": True, "profile": "broker-administrator"},
    {"email": BEN, "name": "Ben Buche", "staff": True, "profile": "broker-clerk"},
]


@pytest.fixture
def house(connection, stock):
    """A broker with one administrator and one clerk."""
    config.apply(connection, {"users": PEOPLE}, None)
    return connection


@pytest.mark.parametrize(
    ("word", "value"),
    [("active", False), ("profile", "broker-clerk"), ("profile", None), ("mandates", ["north"])],
)
def test_the_last_administrator_stays_one(house, word, value):
    with pytest.raises(Unacceptable) as refused:
        config.apply(house, {"users": [{"email": ANNA, word: value}]}, None)

    assert list(refused.value.problems) == [f"users[{ANNA}].{word}"]


def test_the_last_administrator_may_go_once_there_is_another(house):
    config.apply(house, {"users": [{"email": BEN, "profile": "broker-administrator"}]}, None)

    assert config.apply(house, {"users": [{"email": ANNA, "active": False}]}, None)


def test_both_at_once_may_not_go(house):
    config.apply(house, {"users": [{"email": BEN, "profile": "broker-administrator"}]}, None)

    with pytest.raises(Unacceptable) as refused:
        config.apply(house, {"users": [{"email": one, "active": False} for one in (ANNA, BEN)]}, None)

    assert set(refused.value.problems) == {f"users[{ANNA}].active", f"users[{BEN}].active"}


def test_the_last_administrators_profile_keeps_its_way_in(house):
    granted = next(one for one in config.export(house)["profiles"] if one["key"] == "broker-administrator")[
        "grants"
    ]
    functions = [one for one in granted["functions"] if one not in ("config.apply", "profile.manage")]

    with pytest.raises(Unacceptable) as refused:
        config.apply(
            house,
            {"profiles": [{"key": "broker-administrator", "grants": {**granted, "functions": functions}}]},
            None,
        )

    assert list(refused.value.problems) == ["profiles[broker-administrator].grants"]


def test_somebody_new_may_be_given_the_way_in_by_the_same_document(house):
    swapped = [{"email": ANNA, "profile": "broker-clerk"}, {"email": BEN, "profile": "broker-administrator"}]

    assert config.apply(house, {"users": swapped}, None)
    assert config.export(house)["users"][0]["profile"] == "broker-clerk"
