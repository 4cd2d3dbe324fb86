"""Links of a broker and of an organization, and terms of use that clients accept before they go on."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app.administration import config
from tenants import current
from tests.administration.branding.conftest import LINKS, TERMS
from tests.conftest import Browser
from tests.security.stock import with_look, with_token

ACCEPTED = """
    select u.name, a.version from terms_acceptances a join users u on u.tenant_id = :tenant and u.id = a.user_id
     where a.tenant_id = :tenant order by a.accepted_at"""
NOTED = """
    select actor_id, as_user_id, record_id, after from audit
     where tenant_id = :tenant and act = 'terms.accepted' order by id"""


@pytest.fixture
def required(house: Any) -> Any:
    """The terms have a version that clients must accept."""
    assert house.desk.post("/branding/links", data=LINKS).status_code == 303
    assert house.desk.post("/branding/terms", data=TERMS).status_code == 303
    return house


def accept(client: Browser, version: str = "2026-11", way: str = "/contracts") -> Any:
    return client.post("/terms", data={"version": version, "next": way})


def test_links_stand_at_the_foot_of_every_page_of_this_broker(house, nobody, next_door):
    told = {
        f"links.{word}": f"https://haus.example/{word}" for word in ("terms", "privacy", "imprint", "website")
    }
    house.desk.post("/branding/links", data=told)

    for page in (house.client.get("/contracts").text, nobody.get("/sign-in").text):
        assert all(f'href="{address}"' in page for address in told.values())
    assert "haus.example" not in next_door.get("/branding").text


@pytest.mark.parametrize(
    "address",
    [
        "http://haus.example",
        "javascript:alert(1)",
        "//haus.example",
        "https://",
        "haus",
        "data:text/html,x",
        "x" * 2000,
    ],
)
@pytest.mark.parametrize("word", ["terms", "privacy", "imprint", "website"])
def test_links_are_https_and_nothing_typed_is_lost(word, address, house, run):
    told = LINKS | {"links.website": "https://haus.example/kept", f"links.{word}": address}
    answer = house.desk.post("/branding/links", data=told)

    assert answer.status_code == 422
    assert f'id="links.{word}-error"' in answer.text
    assert html.escape(address) in answer.text
    assert word == "website" or "https://haus.example/kept" in answer.text
    assert run("select links from tenants where tenant_id = :tenant")[0].links == {}


def test_an_organizations_own_links_go_before_the_brokers(house, make, sign_in):
    house.desk.post("/branding/links", data=LINKS | {"links.website": "https://haus.example/site"})
    other = sign_in(make.member(make.organization()))
    make.change("organizations", house.organization, links={"terms": "https://nordwerk.example/own"})

    ours, theirs = house.client.get("/contracts").text, other.get("/contracts").text

    assert "https://nordwerk.example/own" in ours
    assert "https://haus.example/terms" not in ours
    assert "https://haus.example/site" in ours
    assert "https://haus.example/terms" in theirs
    assert "nordwerk.example" not in theirs


def test_a_client_is_asked_at_his_next_page_and_comes_to_where_he_wanted(required, run):
    asked = required.client.get("/contracts?status=own&q=a")
    assert (asked.status_code, asked.location) == (303, "/terms?next=%2Fcontracts%3Fstatus%3Down%26q%3Da")
    page = required.client.get(asked.location)
    assert page.status_code == 200
    assert "https://haus.example/terms" in page.text
    assert "2026-11" in page.text
    way = re.findall(r'name="next" value="([^"]+)"', page.text)

    answer = accept(required.client, way=html.unescape(way[-1]))

    assert (answer.status_code, answer.location) == (303, "/contracts?status=own&q=a")
    assert required.client.get(answer.location).status_code == 200
    assert run(ACCEPTED) == [("Klara Muster", "2026-11")]
    assert run(NOTED) == [
        (required.klara, None, required.klara, {"version": "2026-11", "terms": "https://haus.example/terms"})
    ]


def test_before_that_nothing_else_opens(required):
    for path in ("/", "/contracts", "/contracts.csv", "/settings", "/reports", "/exports"):
        assert required.client.get(path).location.startswith("/terms?next=")
    assert required.client.post("/settings/appearance", data={"scheme": "dark"}).location == "/terms?next=%2F"
    refused = required.client.get("/api/v1/contracts")
    assert refused.status_code == 403
    assert (
        "terms" in required.client.get("/api/v1/contracts", headers={"Accept-Language": "en"}).json["title"]
    )
    assert required.client.get("/nothing-here").status_code == 404
    assert required.client.post("/sign-out").location == "/sign-in"


def test_accepting_leads_nowhere_else(required):
    assert accept(required.client, way="https://evil.example/").location == "/"


def test_what_was_shown_is_accepted_and_no_other_version(required, run):
    for version in ("2026-10", "", "2026-12"):
        assert accept(required.client, version).status_code == 409
    assert run(ACCEPTED) == []

    accept(required.client)
    accept(required.client)

    assert run(ACCEPTED) == [("Klara Muster", "2026-11")]
    assert len(run(NOTED)) == 1


def test_a_new_version_asks_again_and_the_old_one_does_not(required, run):
    accept(required.client)
    assert required.client.get("/contracts").status_code == 200

    required.desk.post("/branding/terms", data=TERMS | {"terms_version": "2027-01"})
    assert required.client.get("/contracts").status_code == 303
    accept(required.client, "2027-01")
    assert required.client.get("/contracts").status_code == 200

    required.desk.post("/branding/terms", data=TERMS)
    assert required.client.get("/contracts").status_code == 200
    assert [version for _name, version in run(ACCEPTED)] == ["2026-11", "2027-01"]


def test_nobody_is_asked_where_nothing_is_required(required):
    required.desk.post("/branding/terms", data={"terms_version": "2026-11"})

    assert required.client.get("/contracts").status_code == 200
    assert required.client.get("/terms?next=/contracts").location == "/contracts"
    assert required.client.get("/terms?next=//evil.example").location == "/"


def test_staff_programs_and_the_neighbours_people_are_not_asked(
    required, make, neighbour, portal, sign_in, run
):
    program = with_token(portal, make, required.membership)
    there = sign_in(neighbour.member(neighbour.organization()), at=neighbour)

    assert required.desk.get("/contracts").status_code == 200
    assert program.ask("/api/v1/contracts").status_code == 200
    assert there.get("/contracts").status_code == 200
    required.desk.post("/terms", data={"version": "2026-11"})
    there.post("/terms", data={"version": "2026-11"})
    assert run(ACCEPTED) == []


def test_who_looks_through_a_clients_eyes_is_not_asked_and_cannot_accept(required, make, portal, run):
    looking = with_look(portal, make, required.aylin, required.membership).browser

    assert looking.get("/contracts").status_code == 200
    assert looking.post("/terms", data={"version": "2026-11"}).status_code == 403
    assert run(ACCEPTED) == []
    assert required.client.get("/contracts").status_code == 303


@pytest.mark.parametrize(
    ("links", "terms", "word"),
    [
        (LINKS, {"terms_version": " ", "terms_required": "1"}, "terms_version"),
        ({}, TERMS, "links.terms"),
        (LINKS, TERMS | {"terms_version": "x" * 2000}, "terms_version"),
    ],
)
def test_terms_without_version_or_address_cannot_be_required(links, terms, word, house, run):
    house.desk.post("/branding/links", data=links)
    answer = house.desk.post("/branding/terms", data=terms)

    assert answer.status_code == 422
    assert f'id="{word}-error"' in answer.text
    assert run("select terms_required from tenants where tenant_id = :tenant") == [(False,)]
    assert house.client.get("/contracts").status_code == 200


def test_the_link_of_required_terms_stays(required):
    assert required.desk.post("/branding/links", data={}).status_code == 422
    assert required.client.get("/terms").status_code == 200


def test_an_organizations_own_terms_are_those_it_is_shown(required, make, run):
    make.change("organizations", required.organization, links={"terms": "https://nordwerk.example/own"})

    page = required.client.get("/terms").text
    assert 'href="https://nordwerk.example/own" target' in page
    accept(required.client)
    assert run(NOTED)[0].after["terms"] == "https://nordwerk.example/own"


def test_the_desk_counts_who_has_accepted_and_names_who_has_not(required, make, neighbour, sign_in):
    organization = make.organization(name="Hafenbau")
    ben = make.member(organization, user=make.user("=Ben Carstens"))
    gone = make.user("Gone")
    make.member(organization, user=gone)
    make.change("users", gone, is_active=False)
    neighbour.member(neighbour.organization(), user=neighbour.user("Next Door"))
    accept(required.client)

    def words(path: str) -> str:
        return required.desk.get(path, headers={"Accept-Language": "en"}).text

    assert "1 of 2 active users have accepted version 2026-11" in words("/branding")
    open_ones, accepted = words("/branding/acceptances"), words("/branding/acceptances?which=accepted")
    assert ("=Ben Carstens" in open_ones, "Klara Muster" in open_ones) == (True, False)
    assert ("=Ben Carstens" in accepted, "Klara Muster" in accepted) == (False, True)
    file = words("/branding/acceptances.csv")
    assert len(file.strip().splitlines()) == 3
    assert "'=Ben Carstens" in file
    assert not any(word in page for word in ("Next Door", "Gone") for page in (open_ones, accepted, file))
    accept(client := sign_in(ben))
    assert client.get("/branding/acceptances.csv").status_code == 403


def test_without_a_version_there_is_nothing_to_list(house):
    assert house.desk.get("/branding/acceptances").status_code == 404
    assert house.desk.get("/branding/acceptances.csv").status_code == 404


def test_what_the_document_says_is_what_the_page_does(house, make):
    told = {
        "tenant": {
            "own_theme": {
                "accent": "#6B3FA0",
                "tint": "#6d6a85",
                "heading": "book",
                "radius": 0,
                "density": 70,
            },
            "theme": "own",
            "links": {"terms": "https://haus.example/t"},
            "terms_version": "1",
            "terms_required": True,
        }
    }
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        assert config.apply(connection, told, None)
        assert not config.apply(connection, told, None)
        assert not config.apply(connection, config.export(connection), None)
        assert config.export(connection)["tenant"]["own_theme"]["accent"] == "#6b3fa0"
