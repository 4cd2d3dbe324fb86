"""Large files: prepared by a job with the rights of the moment, seen and fetched by whoever asked for them."""

from __future__ import annotations

import datetime
import io
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import Engine, text

from app.core import typeset
from app.core.outbox import JOBS
from app.reports import making
from app.reports.excel import overview
from app.reports.exports import job
from permissions.rights import raise_version
from tenants import current
from tenants.jobs import Runner
from tests.conftest import Browser
from tests.reports.test_subscriptions import letterbox

__all__ = ["letterbox"]

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def _small(portal: Flask) -> Iterator[None]:
    """Three rows are more than anybody waits for."""
    settings = portal.extensions["settings"]
    portal.extensions["settings"] = replace(settings, rows_at_once=2)
    yield
    portal.extensions["settings"] = settings


@pytest.fixture
def holder(make: Any) -> uuid.UUID:
    holder = make.policyholder("Nordwerk GmbH")
    for number in ("N-1", "N-2", "N-3"):
        make.contract(holder, number=number, premium_net=1)
    return holder


@pytest.fixture
def organization(make: Any, holder: uuid.UUID) -> uuid.UUID:
    return make.organization(holder)


@pytest.fixture
def profile(make: Any) -> uuid.UUID:
    return make.profile()


@pytest.fixture
def klara(make: Any, organization: uuid.UUID, profile: uuid.UUID, sign_in: Any, _small: None) -> Browser:
    return sign_in(make.member(organization, profile))


@pytest.fixture
def work(portal: Flask, web: Engine, make: Any) -> Callable[[], None]:
    """The worker, until nothing waits."""

    def work() -> None:
        with portal.app_context(), current.acting_for(make.tenant_id):
            runner = Runner(web)
            with web.begin() as connection:
                statement = text(
                    "select id from outbox where tenant_id = :t and done_at is null and due_at <= now()"
                )
                waiting = connection.execute(statement, {"t": make.tenant_id}).scalars().all()
            for row in waiting:
                runner.run(make.tenant_id, row)

    return work


def asked(browser: Browser, words: str = "", ending: str = "xlsx", **form: str) -> Any:
    """Ask for a file the way a person does: the menu, the page that says how large it is, the button."""
    menu = f"/contracts.{ending}" if ending != "csv" else "/exports/contracts.csv"
    question = browser.get(f"{menu}?{words}", headers=ENGLISH, follow_redirects=True)
    assert question.status_code == 200
    action = re.search(rf'method="post" action="(/exports/contracts.{ending}[^"]*)"', question.text)
    assert action, question.text
    address = action[1].replace("&amp;", "&")
    return browser.post(address, data=form, headers=ENGLISH, follow_redirects=True)


def link(page: str) -> str:
    found = re.search(r'href="(/exports/[0-9a-f-]{36}/file)"', page)
    return found[1] if found else ""


def rows(make: Any, web: Engine, columns: str = "*") -> list[Any]:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        statement = text(f"select {columns} from exports where tenant_id = :t order by id")
        return list(connection.execute(statement, {"t": make.tenant_id}).all())


def change(make: Any, web: Engine, statement: str) -> None:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(text(statement), {"t": make.tenant_id})


def stored(portal: Flask, make: Any) -> list[str]:
    return [name for name, _at in portal.extensions["storage"].files(make.tenant_id, job.FOLDER)]


def test_a_large_file_is_prepared_and_fetched(make, web, klara, work):
    page = asked(klara, "columns=number,premium_net&sort=-number").text
    assert "Queued" in page
    assert 'http-equiv="refresh"' in page
    assert not link(page)

    work()
    page = klara.get("/exports", headers=ENGLISH).text
    assert "Finished" in page
    assert 'http-equiv="refresh"' not in page
    answer = klara.get(link(page))
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [
        "Policy number", "N-3", "N-2", "N-1", "Total"
    ]  # fmt: skip
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert rows(make, web, "state, rows, rows_done") == [("finished", 3, 3)]
    with current.acting_for(make.tenant_id), web.begin() as connection:
        acts = connection.scalars(text("select act from audit where record = 'export' order by at")).all()
    assert acts == ["export.request", "export.open"]


def test_a_small_file_is_never_a_job(klara):
    assert klara.get("/contracts.xlsx?number=N-1").status_code == 200
    assert klara.get("/contracts.pdf?number=N-1").mimetype == "application/pdf"
    answer = klara.get("/exports/contracts.xlsx?number=N-1")
    assert (answer.status_code, answer.location) == (303, "/contracts.xlsx?number=N-1")


def test_a_long_csv_file_is_prepared_and_says_what_a_short_one_does(make, web, klara, work, portal):
    words = "columns=number,premium_net&sort=-number"
    answer = klara.get(f"/contracts.csv?{words}")
    assert (answer.status_code, answer.location) == (
        303,
        f"/exports/contracts.csv?{words.replace(',', '%2C')}",
    )
    asked(klara, words, "csv")
    work()
    answer = klara.get(link(klara.get("/exports").text))
    assert answer.mimetype == "text/csv"
    assert ".csv" in answer.headers["Content-Disposition"]
    assert rows(make, web, "state, rows, rows_done, ending") == [("finished", 3, 3, "csv")]
    settings = portal.extensions["settings"]
    portal.extensions["settings"] = replace(settings, rows_at_once=3)
    assert klara.get(f"/contracts.csv?{words}", headers=ENGLISH).data == answer.data


def test_a_long_pdf_is_prepared_and_says_what_a_short_one_does(make, web, klara, work, portal):
    words = "columns=number,premium_net&sort=-number"
    asked(klara, words, "pdf")
    work()
    answer = klara.get(link(klara.get("/exports").text))
    assert answer.mimetype == "application/pdf"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert rows(make, web, "state, rows, rows_done, ending") == [("finished", 3, 3, "pdf")]
    settings = portal.extensions["settings"]
    portal.extensions["settings"] = replace(settings, rows_at_once=3)
    assert klara.get(f"/contracts.pdf?{words}", headers=ENGLISH).data == answer.data


def test_a_pdf_that_is_not_wanted_any_more_is_not_set_to_its_end(make, web, portal, klara, work, monkeypatch):
    monkeypatch.setattr(job, "PAUSE", 0)
    monkeypatch.setattr(typeset, "TICK", 0)
    tell, seen = job.Progress.tell, []

    def cancelled_meanwhile(progress: Any, done: int) -> None:
        tell(progress, done)
        seen.append(rows(make, web, "state, rows_done")[-1])
        page = klara.get("/exports", headers=ENGLISH).text
        assert "the pages are being set" in page
        assert re.search(r'<progress max="3" aria-label', page)
        change(make, web, "update exports set state = 'cancelled' where tenant_id = :t")

    monkeypatch.setattr(job.Progress, "tell", cancelled_meanwhile)
    asked(klara, ending="pdf")
    work()
    assert seen == [("running", 3)]
    assert rows(make, web, "state, file") == [("cancelled", None)]
    assert stored(portal, make) == []


def test_a_pdf_that_cannot_be_says_why(make, web, klara, work):
    listed = klara.get("/api/openapi.json").json["components"]["schemas"]["Contract"]["properties"]
    asked(
        klara,
        f"columns={','.join(name for name in listed if not name.endswith('_id') and name != 'id')}",
        "pdf",
    )
    work()
    assert rows(make, web, "state, reason") == [
        ("failed", "These columns do not fit on a page. Choose fewer, or download the data as CSV.")
    ]


def test_more_rows_than_a_kind_of_file_holds_lead_to_another(klara, monkeypatch):
    monkeypatch.setitem(making.MOST, "pdf", 2)
    answer = klara.get("/exports/contracts.pdf", headers=ENGLISH)
    assert "does not have room for so many rows" in answer.text
    assert 'href="/exports/contracts.xlsx"' in answer.text
    assert "Prepare file" not in answer.text
    assert klara.post("/exports/contracts.pdf").location == "/exports/contracts.pdf"


def test_on_any_page_he_hears_that_it_is_ready_until_he_has_seen_it(make, klara, work, sign_in, organization):
    assert "data-news" not in klara.get("/").text
    asked(klara)
    assert 'data-news="moving"' in klara.get("/claims").text
    assert 'data-news="moving"' in klara.get("/exports/notice?next=/claims").text
    work()
    page = klara.get("/claims?q=x&sort=-number", headers=ENGLISH).text
    assert 'data-news=""' in page
    assert "Contracts.xlsx is ready" in page
    assert "Contracts.xlsx is ready" in klara.get("/nowhere", headers=ENGLISH).text

    closed = klara.post("/exports/notice", data={"next": "/claims?q=x"})
    assert (closed.status_code, closed.location) == (303, "/claims?q=x")
    gone = klara.get("/claims")
    assert "data-news" not in gone.text
    assert "files=;" in gone.headers["Set-Cookie"]
    assert klara.get("/exports/notice").text == ""
    assert klara.post("/exports/notice", data={"next": "//elsewhere.example"}).location == "/exports"


@pytest.mark.parametrize("way", ["list", "download"])
def test_who_has_seen_or_fetched_it_is_told_no_more(way, make, web, klara, work):
    asked(klara)
    work()
    address = f"/exports/{rows(make, web, 'id')[0].id}/file" if way == "download" else "/exports"
    assert klara.get(address).status_code == 200
    assert "data-news" not in klara.get("/").text


def test_what_failed_is_told_too_and_nobody_else_hears_of_it(
    make, web, profile, organization, klara, work, sign_in
):
    colleague = sign_in(make.member(organization, profile))
    asked(colleague)
    asked(klara, "columns=number,premium_net")
    take_away(make, web, profile, "field:contract.premium_net")
    work()
    assert "Contracts.xlsx could not be prepared" in klara.get("/", headers=ENGLISH).text
    theirs = colleague.get("/", headers=ENGLISH).text
    assert "Contracts.xlsx is ready" in theirs
    assert "could not be prepared" not in theirs


def test_whoever_wants_it_is_told_by_mail_and_the_mail_says_nothing_of_the_file(
    make, web, klara, work, letterbox
):
    question = klara.get("/exports/contracts.xlsx").text
    assert 'name="mail"' in question
    asked(klara, "columns=number&q=N-", mail="1")
    asked(klara)
    work()
    work()
    [mail] = letterbox.mails
    assert mail["Subject"] == "Ihre Datei ist fertig"
    assert f"http://{make.tenant_id.hex}.test/exports" in mail.get_content()
    assert not [word for word in ("N-", "Verträge", "Contracts", ".xlsx") if word in mail.as_string()]
    assert list(mail.iter_attachments()) == []


def test_nobody_elses_file_is_there(make, neighbour, organization, profile, klara, work, sign_in):
    asked(klara)
    work()
    address = link(klara.get("/exports").text)
    cancellation = address.replace("/file", "/cancellation")
    stranger = neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True))
    for other in (sign_in(make.member(organization, profile)), sign_in(user=stranger, at=neighbour)):
        assert not link(other.get("/exports").text)
        assert other.get(address).status_code == 404
        assert other.post(cancellation).status_code == 404
    assert klara.get(address).status_code == 200


def test_it_is_computed_with_the_rights_of_the_moment(make, web, profile, klara, work):
    """A column is taken away between asking and writing: what was on show by itself goes without it, what was
    chosen by name is not prepared at all."""
    asked(klara)
    asked(klara, "columns=number,premium_net")
    take_away(make, web, profile, "field:contract.premium_net")
    work()
    assert rows(make, web, "state, reason") == [
        ("finished", None), ("failed", "What this file was to show is not part of your access any more.")
    ]  # fmt: skip
    heads = next(
        load_workbook(io.BytesIO(klara.get(link(klara.get("/exports").text)).data)).worksheets[0].values
    )
    assert "Policy number" in heads
    assert "Premium excl. tax" not in heads


@pytest.mark.parametrize("subject", ["function:export", "menu:contracts"])
def test_without_the_right_nothing_is_written(subject, make, web, portal, profile, klara, work):
    asked(klara)
    take_away(make, web, profile, subject)
    work()
    assert rows(make, web, "state, file") == [("failed", None)]
    assert stored(portal, make) == []


def test_who_has_left_gets_nothing(make, web, klara, work):
    asked(klara)
    change(make, web, "update users set is_active = false where tenant_id = :t")
    work()
    assert rows(make, web, "state") == [("failed",)]


def test_what_is_withdrawn_afterwards_is_not_fetched(make, web, organization, profile, klara, work):
    asked(klara)
    work()
    address = link(klara.get("/exports").text)
    assert klara.get(address).status_code == 200
    change(make, web, "update organizations set states = '{quote}', changed_at = now() where tenant_id = :t")
    answer = klara.get(address, headers=ENGLISH)
    assert answer.status_code == 409
    assert "has changed since" in answer.text


def test_one_can_cancel_while_it_waits_and_while_it_runs(make, web, portal, klara, work, monkeypatch):
    page = asked(klara).text
    address = re.search(r'action="(/exports/[0-9a-f-]{36}/cancellation)"', page)[1]
    assert klara.post(address).status_code == 303
    work()
    assert rows(make, web, "state, file") == [("cancelled", None)]
    assert klara.post(address).status_code == 404

    monkeypatch.setattr(overview, "PIECE", 1)
    monkeypatch.setattr(job, "PAUSE", 0)
    tell = job.Progress.tell

    def cancelled_meanwhile(progress: Any, done: int) -> None:
        tell(progress, done)
        if done == 1:
            assert rows(make, web, "state, rows_done")[-1] == ("running", 1)
            change(make, web, "update exports set state = 'cancelled' where tenant_id = :t")

    monkeypatch.setattr(job.Progress, "tell", cancelled_meanwhile)
    asked(klara)
    work()
    assert rows(make, web, "state, rows_done, file")[-1] == ("cancelled", 1, None)
    assert stored(portal, make) == []


def test_what_fails_in_passing_is_told_and_tried_again(make, web, portal, klara, work, monkeypatch):
    def away(*_given: Any) -> int:
        raise OSError("the cable is out")

    with monkeypatch.context() as patched:
        patched.setattr(portal.extensions["storage"], "put", away)
        asked(klara)
        work()
    assert rows(make, web, "state, reason") == [("failed", "The file could not be prepared.")]
    assert "could not be prepared" in klara.get("/exports").text

    change(make, web, "update outbox set due_at = now() where tenant_id = :t")
    work()
    assert rows(make, web, "state, reason") == [("finished", None)]


def test_nobody_keeps_the_worker_for_himself(klara):
    for _ in range(3):
        assert asked(klara).status_code == 200
    answer = asked(klara)
    assert answer.status_code == 409
    assert "already being prepared" in answer.text


def test_after_a_day_the_file_is_gone(make, neighbour, web, portal, klara, work):
    asked(klara)
    asked(klara)
    work()
    address = link(klara.get("/exports").text)
    storage = portal.extensions["storage"]
    left_over = f"{job.FOLDER}{uuid.uuid4()}/left-over"
    for house in (make, neighbour):
        storage.put(house.tenant_id, left_over, [b"x"], "text/plain")
    kept = rows(make, web, "file")[0].file
    change(
        make, web,
        "update exports set expires_at = now() - interval '1 second' where tenant_id = :t and id = (select max(id::text)::uuid from exports)",
    )  # fmt: skip

    assert klara.get(address).status_code == 404
    with portal.app_context(), current.acting_for(make.tenant_id), web.begin() as connection:
        JOBS["drop_exports"].run(connection)
    assert stored(portal, make) == [kept]
    assert len(rows(make, web)) == 1
    assert stored(portal, neighbour) == [left_over]
    assert JOBS["drop_exports"].daily == datetime.time(3, 40)


@pytest.mark.parametrize(
    "path",
    [
        "/exports/nothing.xlsx",
        "/exports/insurers.pdf",
        "/exports/contracts.xlsx?by=status",
        "/exports/contracts.txt",
    ],
)
def test_an_overview_that_is_not_his_has_no_files(path, make, organization, sign_in):
    profile = make.profile(
        "menu:contracts", "function:export", "field:contract.number", "field:contract.status"
    )
    reader = sign_in(make.member(organization, profile))
    assert reader.get(path).status_code == 404
    assert reader.post(path).status_code == 404


def take_away(make: Any, web: Engine, profile: uuid.UUID, subject: str) -> None:
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(
            text("delete from profile_rules where tenant_id = :t and profile_id = :p and subject = :s"),
            {"t": make.tenant_id, "p": profile, "s": subject},
        )
        raise_version(connection, make.tenant_id, profile)
