"""House rules about rights and queries: every right is offered, none reaches too far, every query names its tenant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from app.reports.changes import WORDS as CHANGES_WORDS
from app.reports.overview import FORM_WORDS
from app.reports.reading import KNOWN
from permissions.catalogue import catalogue
from permissions.ready import READY, rules_of
from tenants.isolation import walled_tables
from tests.sources import SOURCES

MENTION = re.compile(r"\b(?:from|join|into|update|using)\s+(\w+)\b(?:\s+(?:as\s+)?(\w+))?", re.IGNORECASE)
NO_ALIAS = {
    "where", "on", "set", "values", "order", "group", "limit", "join", "left", "inner", "cross", "select",
    "union", "returning", "as", "using", "full", "right", "natural", "for", "except",
}  # fmt: skip
NOTHING = re.compile(r"\sWHERE false\b")
"""Where a viewer reaches nothing of a record type, there is no row to limit."""
STATEMENTS = 5
"""For a page, besides the announcement of the tenant."""


def granted(profile: Any) -> dict[str, str]:
    """What a ready profile grants, with what it inherits."""
    found: dict[str, str] = {}
    for parent in (other for other in READY if other.key in profile.inherits):
        found |= granted(parent)
    return found | rules_of(profile, catalogue)


def test_no_field_is_named_as_a_word_of_an_address(portal):
    names = {name for source in SOURCES.values() for name in source.schema.declared()}
    assert names & {*KNOWN, *FORM_WORDS, *CHANGES_WORDS} == set()


def test_every_right_is_offered_by_a_ready_profile(portal):
    offered = {subject for profile in READY for subject in granted(profile)}
    assert {subject for subject, _ in catalogue.subjects()} - offered == set()


def test_no_ready_profile_grants_what_the_catalogue_does_not_know(portal):
    known = dict(catalogue.subjects())
    for profile in READY:
        for subject, action in granted(profile).items():
            assert action in known[subject], f"{profile.key}: {subject} {action}"


def test_no_clients_profile_reaches_what_is_for_the_broker(portal):
    of_broker = {
        f"field:{schema.record}.{name}"
        for schema, name in catalogue.fields()
        if schema.field(name).broker_only
    }
    of_staff = catalogue.for_staff()
    assert of_broker
    assert of_staff
    for profile in READY:
        if not profile.is_staff:
            assert (of_broker | of_staff) & set(granted(profile)) == set(), profile.key


def test_a_clients_profile_edits_nothing(portal):
    """Clients ask for changes; fields they could edit at once do not exist yet."""
    for profile in READY:
        if not profile.is_staff:
            assert "edit" not in granted(profile).values(), profile.key


def without_tenant(statement: str) -> list[str]:
    """The mentions of tenant tables in a statement whose rows it does not limit to a tenant."""
    if NOTHING.search(statement):
        return []
    tables, found = set(walled_tables()), []
    for table, word in MENTION.findall(statement):
        if table not in tables:
            continue
        name = table if not word or word.lower() in NO_ALIAS else word
        limited = rf"\b{name}\.tenant_id\b|\binto {table}(?: as \w+)? \(tenant_id\b"
        # A statement about one table alone need not say whose column it means.
        is_alone = name == table and re.search(r"(?<!\.)\btenant_id\b", statement)
        if not re.search(limited, statement) and not is_alone:
            found.append(f"{table} {name}: {statement}")
    return found


def test_the_check_sees_a_query_that_names_no_tenant():
    assert without_tenant("select 1 from contracts c where c.id = 1")
    assert without_tenant("select 1 from claims as a join contracts b on b.id = a.id where a.tenant_id = 1")
    assert without_tenant("update users set name = ''")
    assert not without_tenant(
        "select 1 from claims a join users b on b.tenant_id = a.tenant_id where a.tenant_id = 1"
    )
    assert not without_tenant("select 1 from hosts where host = ''")


@contextmanager
def recorded(monkeypatch: Any) -> Iterator[list[str]]:
    """The statements that the portal sends while it answers, files included."""
    said: list[str] = []

    def heard(original: Any) -> Any:
        def hear(cursor: Any, statement: Any, *values: Any, **how: Any) -> Any:
            if not str(statement).startswith("SET LOCAL"):
                said.append(str(statement))
            return original(cursor, statement, *values, **how)

        return hear

    # At the driver, below everything that asks: pages do not go through SQLAlchemy's events.
    with monkeypatch.context() as patched:
        for way in ("execute", "copy"):
            patched.setattr(psycopg.Cursor, way, heard(getattr(psycopg.Cursor, way)))
        yield said


@pytest.fixture
def stock(make):
    holder = make.policyholder()
    contract = make.contract(holder, premium_net="10", insurer_id=make.insurer())
    thing = make.object(holder, (contract,))
    claim = make.claim(contract, object_id=thing)
    return {
        "policyholder": holder, "contract": contract, "object": thing, "claim": claim,
        "invoice": make.invoice(holder, contract), "certificate": make.certificate(contract),
        "document": make.document(links={"contract": contract}),
        "case": make.row("cases", key="case", subject="Matter", status="open", contract_id=contract),
    }  # fmt: skip


@pytest.fixture
def readers(make, stock, sign_in):
    """Everybody whose rows are found in another way: by scope, by mandates, or all of the broker's."""
    organization = make.organization(
        stock["policyholder"], profile_currency="EUR", document_profile_id=make.row(
            "document_profiles", key="standard", name="Standard", tags=["portal"]
        )
    )  # fmt: skip
    member, narrowed = make.member(organization), make.member(organization, objects=(stock["object"],))
    make.row("messages", key="message", of_case_id=stock["case"], text="Words")
    for one in (member, narrowed):
        make.row("case_participants", case_id=stock["case"], user_id=make.user_of(one))
    desk = make.profile(is_staff=True)
    limited = make.user(is_staff=True, profile_id=desk)
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    return {
        "client": sign_in(member), "narrowed": sign_in(narrowed),
        "limited staff": sign_in(user=limited), "staff": sign_in(user=make.user(is_staff=True, profile_id=desk)),
    }  # fmt: skip


def test_every_query_of_every_page_names_its_tenant(make, portal, readers, stock, monkeypatch):
    person = make.user_of(make.member(make.organization(stock["policyholder"]), objects=(stock["object"],)))
    with recorded(monkeypatch) as said:
        for reader in readers.values():
            for path in (
                "/",
                "/settings",
                "/settings/log",
                "/audit",
                "/audit.csv?person=a&record=organization&name=a&from=2026-01-01",
                "/reports",
                "/subscriptions",
                "/api/openapi.json",
                "/api/v1/config",
                *(
                    f"{path}?{words}"
                    for path in ("/visibility", "/api/v1/visibility")
                    for words in (
                        "who=a&what=a",
                        f"person={person}",
                        *(f"record={kind}:{one}" for kind, one in stock.items()),
                    )
                ),
                *(f"/api/v1/visibility?person={person}&record={kind}:{one}" for kind, one in stock.items()),
            ):
                reader.get(path)
            kept = reader.post("/reports", data={"source": "contract", "name": "Mine"}).headers["Location"]
            report = f"/reports/{kept.partition('=')[2]}"
            reader.get(kept)
            reader.get(report)
            reader.post(f"{report}/sharing", data={"sharing": "people", "people": "nobody@nordwerk.example"})
            reader.post(f"{report}/default", data={"on": "1"})
            reader.post(f"{report}/profiles")
            reader.post(f"{report}/mail")
            reader.post(f"{report}/deletion")
            for source in SOURCES.values():
                for path in (
                    f"/{source.plural}?q=a", f"/{source.plural}.csv", f"/api/v1/{source.plural}?limit=1",
                ):  # fmt: skip
                    assert reader.get(path).status_code == 200, path
                if source.past is not None:
                    for ending in ("?as_of=2026-01-31", ".csv?as_of=2026-01-31", "/changes", "/changes.csv"):
                        assert reader.get(f"/{source.plural}{ending}").status_code == 200, ending
                if one := stock.get(source.record):
                    for path in (f"/{source.plural}/{one}", f"/api/v1/{source.plural}/{one}"):
                        assert reader.get(path).status_code in (200, 404), path
                for relation in source.related:
                    if one := stock.get(source.record):
                        reader.get(f"/{SOURCES[relation.record].plural}?of={source.record}:{one}")
            reader.get(f"/documents/{stock['document']}/file")
            reader.post("/settings/appearance", data={"scheme": "dark"})
            reader.post("/settings/tokens", data={"name": "Program", "days": "30"})
            made = reader.post("/settings/calendar").text
            assert reader.get(re.findall(r"/calendar/[^<]+", made)[0]).status_code == 200
            reader.post("/settings/calendar/revocation")
            reader.post("/organization", data={"organization": str(stock["contract"])})
            reader.post("/sign-in", data={"email": "nobody@nordwerk.example", "password": "wrong"})
            reader.post("/sign-out")

    assert len(set(said)) > 50
    assert [wrong for statement in set(said) for wrong in without_tenant(statement)] == []


def test_a_page_takes_five_statements(portal, readers, stock, monkeypatch):
    """Who is looking, the organizations to switch to, his reports, the rows, their number; and the rates, where amounts
    are converted."""
    counted = {}
    for source in SOURCES.values():
        readers["client"].get(f"/{source.plural}")
        with recorded(monkeypatch) as said:
            assert readers["client"].get(f"/{source.plural}").status_code == 200
        counted[source.plural] = len(said)
    assert {plural: number for plural, number in counted.items() if number > STATEMENTS} == {}
