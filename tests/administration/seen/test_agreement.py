"""“Why” agrees with what is really shown: for random people, records and fields of random brokers, over HTTP.

What somebody sees is read off his own page and his own answer of the API; what is said of it, off the administrator's.
"""

from __future__ import annotations

import datetime
import random
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlalchemy import Engine, text

from app.reports.source import SOURCES
from permissions.arrival import hashed
from permissions.catalogue import catalogue
from tenants import current, visibility
from tests.conftest import Browser, make_tenant
from tests.factories import Make, table
from tests.security.stock import listed
from tests.visibility import worlds
from tests.visibility.stock import Stock

TRIPLES, MANY = 300, 2000
OF_A_WORLD = 80
KINDS = (
    "mandate",
    "policyholder",
    "contract",
    "object",
    "claim",
    "invoice",
    "certificate",
    "document",
    "case",
)
STOOD = settings(
    deadline=None,
    database=None,
    max_examples=1,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class House:
    """A random broker: his stock and rules, everybody signed in, and an administrator who asks."""

    make: Make
    people: dict[tuple[uuid.UUID, uuid.UUID | None], Browser]
    records: list[tuple[str, uuid.UUID]]
    administrator: Browser


def random_profile(make: Make, chance: random.Random, is_staff: bool) -> uuid.UUID:
    """Grants some of everything, at some level."""
    found = make.row("profiles", key=make._key("profile"), name=make._key("Profile"), is_staff=is_staff)
    rules = [
        {
            "tenant_id": make.tenant_id,
            "profile_id": found,
            "subject": subject,
            "action": chance.choice(actions),
        }
        for subject, actions in catalogue.subjects()
        if chance.random() < (0.9 if subject.startswith("menu:") else 0.6)
    ]
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(table("profile_rules").insert(), rules)
    return found


def moved_in(portal: Any, owner: Engine, web: Engine, chance: random.Random) -> House:
    """A world of the visibility tests, committed, with profiles that inherit from one another."""
    make = Make(web, make_tenant(owner))
    worlds_found: list[Any] = []

    @STOOD
    @seed(chance.getrandbits(64))
    @given(world=worlds.worlds)
    def choose(world: Any) -> None:
        worlds_found.append(world)

    choose()
    with current.acting_for(make.tenant_id), web.begin() as connection:
        stock = Stock(connection, day=None)
        play = worlds.Play(stock)
        for change in filler(chance) + moved(worlds_found[-1]):
            play.change(*change)
        stock.settle()
        memberships = stock.sql("select id, user_id from memberships where tenant_id = %(tenant)s")
        staff = stock.sql("select id from users where tenant_id = %(tenant)s and is_staff")
        records = [
            (kind, row[0])
            for kind in KINDS
            for row in stock.sql(f"select id from {kind}s where tenant_id = %(tenant)s")
        ]
    profiles = {
        is_staff: [random_profile(make, chance, is_staff) for _ in range(3)] for is_staff in (True, False)
    }
    for some in profiles.values():
        make.row("profile_parents", profile_id=some[0], parent_id=some[1])
    people = {}
    for membership, user in memberships:
        make.change("memberships", membership, profile_id=chance.choice(profiles[False]))
        people[user, membership] = signed_in(portal, make, user, membership)
    for (user,) in staff:
        make.change("users", user, profile_id=chance.choice(profiles[True]))
        people[user, None] = signed_in(portal, make, user, None)
    switch_off(make, chance)
    administrator = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    return House(make, people, records, signed_in(portal, make, administrator, None))


def filler(chance: random.Random) -> list[Any]:
    """A member with a plain organization that sees much, so that yes is as frequent as no."""
    plain = {
        "parent": None, "starts_on": None, "ends_on": None, "policyholders": ["p1", "p2"], "mandates": [],
        "only_mandates": [], "corporate_groups": [], "intermediaries": [], "share_automatically": True,
        "states": ["policy", "application", "own", "third_party", "inquiry", "quote"], "lines_of_business": [],
        "contract_types": [], "shared": [], "excluded": [], "objects": "all", "selected": [], "include_claims": True,
        "claim_types": [], "claims": "all", "document_profile": "f1", "case_sharing": chance.random() < 0.5,
    }  # fmt: skip
    return [
        ("organization", "g1", plain),
        *(
            ("member", user, "g1", {"selected": None, "starts_on": None, "ends_on": None})
            for user in worlds.USERS
        ),
    ]


def moved(world: list[Any]) -> list[Any]:
    """Dates about the day of the stories become dates about today."""
    apart = visibility.today() - worlds.TODAY

    def later(value: Any) -> Any:
        if isinstance(value, datetime.date):
            return value + apart
        return {name: later(one) for name, one in value.items()} if isinstance(value, dict) else value

    return [tuple(map(later, change)) for change in world]


def switch_off(make: Make, chance: random.Random) -> None:
    functions = [one.key for one in catalogue.functions() if one.key.startswith("report.")]
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text(
                "update organizations set report_functions_off = :off where tenant_id = :tenant and key = 'g1'"
            ),
            {"tenant": make.tenant_id, "off": chance.sample(functions, 3)},
        )


def signed_in(portal: Any, make: Make, user: uuid.UUID, membership: uuid.UUID | None) -> Browser:
    token = secrets.token_urlsafe(16)
    expires_at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    make.row(
        "sessions", token_hash=hashed(token), user_id=user, membership_id=membership, expires_at=expires_at
    )  # fmt: skip
    return Browser(portal, make, token)


def really_shown(browser: Browser, kind: str, record_id: uuid.UUID) -> dict[str, Any] | None:
    """The record as the person's own answer has it; None where he has none. Page and API must be of one mind."""
    plural = SOURCES[kind].plural
    page, answer = browser.get(f"/{plural}/{record_id}"), browser.get(f"/api/v1/{plural}/{record_id}")
    assert (page.status_code == 200) == (answer.status_code == 200)
    return answer.json if answer.status_code == 200 else None


def disagreement(
    house: House, person: tuple[uuid.UUID, uuid.UUID | None], record: Any, name: str
) -> str | None:
    """What is said of a person, a record and a field that is not so."""
    kind, record_id = record
    shown = really_shown(house.people[person], kind, record_id)
    words = {"person": str(person[0]), "record": f"{kind}:{record_id}"}
    told = house.administrator.get("/api/v1/visibility", query_string=words).json
    organizations = organizations_of(house)
    said = next(
        one
        for one in told["answers"]
        if person[1] is None or one["organization"]["id"] == organizations[person[1]]
    )
    missing = [one["rule"] for one in said["reasons"] if not one["is_met"]]
    what = f"{person} {kind} {record_id} {said['reasons']}"
    if said["sees"] != (shown is not None):
        return f"says {said['sees']}, shown {shown is not None}: {what}"
    if said["sees"] == bool(missing):
        return f"says {said['sees']}, and {missing} is missing: {what}"
    if shown is not None and SOURCES[kind].schema.field(name).kind != "references":
        level = said["fields"][name]["level"]
        if (level != "hidden") != (name in shown):
            return f"field {name} is said to be {level}: {shown}"
        if level == "masked" and shown[name] is not None and not str(shown[name]).startswith("•••"):
            return f"field {name} is not masked: {shown}"
        if level in ("read", "edit") and str(shown[name]).startswith("•••"):
            return f"field {name} is masked: {shown}"
    return None


def organizations_of(house: House) -> dict[uuid.UUID, str]:
    with current.acting_for(house.make.tenant_id), house.make.engine.begin() as connection:
        rows = connection.execute(
            text("select id, organization_id from memberships where tenant_id = :tenant"),
            {"tenant": house.make.tenant_id},
        )
        return {membership: str(organization) for membership, organization in rows}


def listed_people(house: House, record: Any) -> set[str]:
    """Who is told to see a record, as the list beside it has it."""
    words = {"record": f"{record[0]}:{record[1]}"}
    told = house.administrator.get("/api/v1/visibility", query_string=words).json
    return {f"{one['id']} {one['organization'] and one['organization']['id']}" for one in told["people"]}


def live_through(portal: Any, owner: Engine, web: Engine, triples: int, seed_of_all: int) -> tuple[int, int]:
    """Asks about so many triples; how many of them were seen, and how many were not."""
    chance, wrong, seen, asked = random.Random(seed_of_all), [], 0, 0
    while asked < triples:
        house = moved_in(portal, owner, web, chance)
        for _ in range(min(OF_A_WORLD, triples - asked)):
            person, record = chance.choice(list(house.people)), chance.choice(house.records)
            name = chance.choice(list(SOURCES[record[0]].schema.declared()))
            if found := disagreement(house, person, record, name):
                wrong.append(found)
            seen += really_shown(house.people[person], *record) is not None
            asked += 1
        organizations = organizations_of(house)
        for record in chance.sample(house.records, min(5, len(house.records))):
            shown = {
                f"{user} {organizations.get(membership)}"
                for (user, membership), browser in house.people.items()
                if really_shown(browser, *record) is not None
            }
            told = {
                one
                for one in listed_people(house, record)
                if one.split()[0] in {str(p[0]) for p in house.people}
            }
            if told != shown:
                wrong.append(f"who sees {record}: told {told}, shown {shown}")
    assert not wrong, listed(wrong)
    return seen, asked - seen


def agreed(portal: Any, owner: Engine, web: Engine, triples: int) -> None:
    yes, no = live_through(portal, owner, web, triples, 20261122)
    # Both answers, in numbers that could tell.
    assert yes > triples / 8
    assert no > triples / 8


def test_why_agrees_with_what_is_shown(portal, owner, web):
    agreed(portal, owner, web, TRIPLES)


@pytest.mark.deep
def test_why_agrees_with_what_is_shown_for_two_thousand(portal, owner, web):
    agreed(portal, owner, web, MANY)
