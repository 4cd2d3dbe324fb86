"""A report that takes too long is stopped, says so, and is nobody else's trouble; a file takes the time it takes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import request
from sqlalchemy import Connection, Engine

from app import edge
from app.core import db
from app.reports import query

ENGLISH = {"Accept-Language": "en"}
STOPPED = "This report takes longer than 1 seconds and was stopped. Add a filter, or compute fewer columns."
GATE = 20260131
"""A lock that a slow report waits for: as long as a test holds it, that report takes forever, in the database."""


@pytest.fixture
def timeouts(portal: Any, monkeypatch: Any) -> list[str]:
    """Searches for „slow“ wait at the gate; pages wait for one second. What each query was given is noted."""
    noted: list[str] = []

    def read(connection: Connection, sql: str, values: Any) -> Any:
        noted.append(db.read(connection, "show statement_timeout", {}).fetchall()[0][0])
        if request.args.get("q") == "slow":
            db.read(connection, "select pg_advisory_xact_lock_shared(%(gate)s)", {"gate": GATE})
        return db.read(connection, sql, values)

    monkeypatch.setattr(query, "read", read)
    monkeypatch.setattr(edge, "LOOKING", 1)
    return noted


@contextmanager
def shut(web: Engine) -> Iterator[None]:
    with web.connect() as connection, connection.begin():
        connection.exec_driver_sql("select pg_advisory_xact_lock(%(gate)s)", {"gate": GATE})
        yield


@pytest.fixture
def readers(make: Any, sign_in: Any) -> tuple[Any, Any]:
    holder = make.policyholder("Nordwerk GmbH")
    make.contract(holder, number="N-1", product="slow")
    organization = make.organization(holder)
    return sign_in(make.member(organization)), sign_in(make.member(organization))


def test_a_report_that_takes_too_long_is_stopped_with_a_suggestion(portal, web, readers, timeouts):
    reader, colleague = readers
    with shut(web):
        page = reader.get("/contracts?q=slow", headers=ENGLISH)
        answer = reader.get("/api/v1/contracts?q=slow", headers=ENGLISH)
        groups = reader.get("/contracts?q=slow&by=status", headers=ENGLISH)

    assert (page.status_code, STOPPED in page.text) == (422, True)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["title"] == STOPPED
    assert (groups.status_code, STOPPED in groups.text) == (422, True)
    assert set(timeouts) == {"1s"}
    # Its connection goes on working, for him and for others.
    with portal.app_context():
        assert db.db.engine.pool.checkedout() == 0
    for somebody in (reader, colleague) * 3:
        assert "N-1" in somebody.get("/contracts?q=slow").text


def test_meanwhile_others_read_their_pages(portal, web, readers, timeouts, monkeypatch):
    monkeypatch.setattr(edge, "LOOKING", 600)
    reader, colleague = readers
    with ThreadPoolExecutor() as pool:
        with shut(web):
            slow = pool.submit(reader.get, "/contracts?q=slow")
            assert "N-1" in colleague.get("/contracts").text
            assert colleague.get("/api/v1/contracts").json["contracts"]
            assert not slow.done(), slow.exception()
        assert "N-1" in slow.result().text


def test_a_statement_of_any_page_that_takes_too_long_says_so(web, readers, timeouts):
    """The page of a record is no report; it is not away either."""
    reader, _colleague = readers
    contract = reader.get("/api/v1/contracts").json["contracts"][0]["id"]
    with web.connect() as connection, connection.begin():
        connection.exec_driver_sql("lock table contracts in access exclusive mode")
        page = reader.get(f"/contracts/{contract}", headers=ENGLISH)
    assert (page.status_code, STOPPED in page.text) == (422, True)
    assert reader.get(f"/contracts/{contract}").status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_takes_the_time_it_takes(ending, readers, timeouts):
    reader, _colleague = readers
    for words in ("q=slow", "q=slow&by=status"):
        file = reader.get(f"/contracts.{ending}?{words}")
        assert (file.status_code, bool(file.data)) == (200, True)
    assert set(timeouts) == {"0"}
