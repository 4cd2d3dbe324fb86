"""Where an organization wants four eyes, a report is no claim before a colleague has released it."""

from __future__ import annotations

import datetime
import io
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from app.claim_reports import notices
from tenants import current, visibility
from tests.claim_reports.conftest import loss, page, report, said_beside
from tests.documents.files import PDF, PNG
from tests.factories import table

NUMBER = f"M-{visibility.today().year}-0001"


def act(browser: Any, path: str, what: str, **said: str) -> Any:
    return browser.post(f"{path}/{what}", data=said, headers={"Accept-Language": "en"})


def path_of(answer: Any) -> str:
    return str(answer.location.partition("?")[0])


@pytest.fixture
def waiting(four_eyes: Any) -> str:
    """Klara has reported a claim; the address of her report."""
    return path_of(
        report(four_eyes.reporter, four_eyes.contract, (PDF, "Roof.pdf"), object=str(four_eyes.hall))
    )


def state(make: Any) -> str:
    (row,) = make.rows("claim_reports")
    return str(row.state)


def jobs(make: Any) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in make.rows("outbox"):
        found.setdefault(row.job, []).append(row.ids)
    return found


def test_a_report_waits_and_the_broker_knows_nothing_of_it(make, four_eyes, waiting, sign_in):
    assert (state(make), make.rows("claims"), make.rows("documents")) == ("waiting", [], [])
    done = page(four_eyes.reporter, f"{waiting}?done=1")
    assert NUMBER in done
    assert "They have been told by email: Maren Stüve." in done
    assert list(jobs(make)) == ["tell_releaser"]
    assert [one["user_id"] for one in jobs(make)["tell_releaser"]] == [str(make.user_of(four_eyes.maren))]
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    for path in ("/", "/claims", "/documents", "/claims/reports"):
        assert NUMBER not in page(desk, path)
    assert desk.get(waiting).status_code == 404
    assert act(desk, waiting, "release").status_code == 403


def test_a_colleague_finds_it_reads_it_and_releases_it(make, four_eyes, waiting, web):
    assert "1 report of a colleague waits for your approval." in page(four_eyes.releaser, "/")
    assert NUMBER in page(four_eyes.releaser, "/claims/reports")
    told = page(four_eyes.releaser, waiting)
    assert "The roof burned." in told
    assert "Roof.pdf" in told
    (row,) = make.rows("claim_reports")
    opened = four_eyes.releaser.get(f"{waiting}/files/{row.files[0]['id']}")
    assert opened.data == PDF
    assert opened.headers["Content-Disposition"].startswith("attachment")

    assert act(four_eyes.releaser, waiting, "release").status_code == 303

    (claim,), (document,) = make.rows("claims"), make.rows("documents")
    klara = make.user_of(four_eyes.klara)
    assert (claim.broker_number, claim.reported_by_id, claim.status) == (NUMBER, klara, "reported")
    assert (document.uploaded_by_id, document.id) == (klara, uuid.UUID(row.files[0]["id"]))
    for browser in (four_eyes.reporter, four_eyes.releaser):
        assert "Approved by Maren Stüve" in page(browser, waiting)
    assert NUMBER in page(four_eyes.reporter, "/claims")
    noted = {row.act: row for row in make.rows("audit")}
    maren = make.user_of(four_eyes.maren)
    assert (noted["claim_report.released"].actor_id, noted["claim.reported"].actor_id) == (maren, maren)
    assert set(jobs(make)) == {"tell_releaser", "tell_handler", "tell_author"}
    assert "waits for your approval" not in page(four_eyes.releaser, "/")
    with current.acting_for(make.tenant_id), web.begin() as connection:
        assert visibility.differences(connection) == []


def test_nobody_releases_what_he_reported_himself(make, four_eyes):
    answer = report(four_eyes.releaser, four_eyes.contract)
    assert "Nobody can approve it yet." in page(four_eyes.releaser, answer.location)
    assert "Nobody can approve your report at the moment" in page(
        four_eyes.releaser, f"/claims/report?contract={four_eyes.contract}"
    )
    assert "Approve report" not in page(four_eyes.releaser, path_of(answer))
    assert act(four_eyes.releaser, path_of(answer), "release").status_code == 404
    assert act(four_eyes.releaser, path_of(answer), "sending").status_code == 409
    assert make.rows("claims") == []


def test_only_who_sees_what_it_is_about_releases_it(make, neighbour, four_eyes, waiting, sign_in):
    gate = make.object(four_eyes.holder, (four_eyes.contract,), label="Gate 9")
    organization = four_eyes.organization
    others = {
        "narrowed to another object": sign_in(make.member(organization, make.profile(), objects=(gate,))),
        "without the area of objects": sign_in(
            make.member(organization, make.profile(without=("menu:objects",)))
        ),
        "without the area of contracts": sign_in(
            make.member(organization, make.profile(without=("menu:contracts",)))
        ),
        "sibling": sign_in(make.member(make.organization(four_eyes.holder))),
        "neighbour": sign_in(
            neighbour.member(neighbour.organization(neighbour.policyholder())), at=neighbour
        ),
    }
    plain = sign_in(make.member(organization, four_eyes.reporting))
    for who, browser in others.items():
        assert NUMBER not in page(browser, "/claims/reports"), who
        assert browser.get(waiting).status_code == 404, who
        assert act(browser, waiting, "release").status_code in (403, 404), who
        assert act(browser, waiting, "return", reason="x").status_code in (403, 404), who
        for what in ("withdrawal", "sending", "revision"):
            assert act(browser, waiting, what).status_code == 404, (who, what)
        file_id = make.rows("claim_reports")[0].files[0]["id"]
        assert browser.get(f"{waiting}/files/{file_id}").status_code == 404, who
    assert act(plain, waiting, "release").status_code == 403
    assert plain.get(waiting).status_code == 404
    assert (state(make), make.rows("claims")) == ("waiting", [])
    # Whoever looks after the hall does.
    narrowed = sign_in(make.member(organization, make.profile(), objects=(four_eyes.hall,)))
    assert act(narrowed, waiting, "release").status_code == 303
    assert state(make) == "released"


def test_released_once_however_many_press_at_once(make, four_eyes, waiting, sign_in):
    browsers = [sign_in(four_eyes.maren) for _ in range(2)]
    browsers += [sign_in(make.member(four_eyes.organization)) for _ in range(3)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda one: act(one, waiting, "release"), browsers))
    assert {one.status_code for one in answers} == {303}
    assert len(make.rows("claims")) == len(make.rows("documents")) == 1
    assert len(jobs(make)["tell_handler"]) == 1


def test_released_or_withdrawn_but_not_both(make, four_eyes, waiting, sign_in):
    again = sign_in(four_eyes.klara)
    with ThreadPoolExecutor(2) as pool:
        released = pool.submit(act, four_eyes.releaser, waiting, "release")
        withdrawn = pool.submit(act, again, waiting, "withdrawal")
        statuses = {released.result().status_code, withdrawn.result().status_code}
    assert (state(make), len(make.rows("claims"))) in (("released", 1), ("withdrawn", 0))
    assert statuses in ({303, 409}, {303, 404})


@pytest.mark.parametrize("what", ["right", "membership", "person", "contract"])
def test_what_the_author_lost_meanwhile_is_asked_again(make, four_eyes, waiting, what, owner):
    if what == "right":
        _ungrant(owner, make, four_eyes.reporting, "function:claim.report")
    if what == "membership":
        yesterday = visibility.today() - datetime.timedelta(days=2)
        make.change("memberships", four_eyes.klara, ends_on=yesterday)
    if what == "person":
        make.change("users", make.user_of(four_eyes.klara), is_active=False)
    if what == "contract":
        # Her own objects are others by now; her colleague still sees the contract.
        gate = make.object(four_eyes.holder, (make.contract(four_eyes.holder),), label="Gate 9")
        make.change("memberships", four_eyes.klara, objects="selected")
        make.row("membership_objects", membership_id=four_eyes.klara, object_id=gate)
        make.arrange(memberships={four_eyes.klara})

    answer = act(four_eyes.releaser, waiting, "release")

    assert answer.status_code == 409
    assert "no longer has access to this contract" in answer.text
    assert (state(make), make.rows("claims")) == ("waiting", [])
    assert act(four_eyes.releaser, waiting, "return", reason="You have left.").status_code == 303


def test_a_right_taken_from_the_colleague_is_gone_at_once(make, four_eyes, waiting, owner):
    (profile,) = {row.profile_id for row in make.rows("memberships") if row.id == four_eyes.maren}
    _ungrant(owner, make, profile, "function:claim.release")
    assert act(four_eyes.releaser, waiting, "release").status_code == 403
    assert (state(make), make.rows("claims")) == ("waiting", [])


def test_handed_back_with_a_reason_changed_and_sent_again(make, four_eyes, waiting):
    refused = act(four_eyes.releaser, waiting, "return", reason=" ")
    assert refused.status_code == 422
    assert "Say what is missing or wrong" in said_beside(refused, "reason")
    assert act(four_eyes.releaser, waiting, "return", reason="Which hall?").status_code == 303
    assert "Which hall?" in page(four_eyes.reporter, waiting)
    assert "1 of your own was handed back to you." in page(four_eyes.reporter, "/")
    assert act(four_eyes.releaser, waiting, "release").status_code == 409

    form = page(four_eyes.reporter, f"{waiting}/revision")
    assert "The roof burned." in form
    assert 'value="12,500.50"' in form
    (file_id,) = re.findall(r'name="kept" value="([^"]+)" checked', form)
    wrong = four_eyes.reporter.post(
        f"{waiting}/revision", data=loss(description="", kept=file_id), headers={"Accept-Language": "en"}
    )
    assert wrong.status_code == 422
    assert f'value="{file_id}" checked' in wrong.text
    sent = four_eyes.reporter.post(
        f"{waiting}/revision",
        data={**loss(description="Hall 4 burned."), "files": [(io.BytesIO(PNG), "Gate.png")]},
        content_type="multipart/form-data",
        headers={"Accept-Language": "en"},
    )
    assert sent.status_code == 303

    (row,) = make.rows("claim_reports")
    assert (row.state, row.number, row.reason, row.checked_by_id) == ("waiting", NUMBER, None, None)
    assert [one["file_name"] for one in row.files] == ["Gate.png"]
    assert len(jobs(make)["tell_releaser"]) == 2
    assert act(four_eyes.releaser, waiting, "release").status_code == 303
    assert [one.description for one in make.rows("claims")] == ["Hall 4 burned."]


def test_withdrawn_it_never_becomes_a_claim(make, four_eyes, waiting):
    assert act(four_eyes.reporter, waiting, "withdrawal").status_code == 303
    assert act(four_eyes.reporter, waiting, "withdrawal").status_code == 409
    assert act(four_eyes.releaser, waiting, "release").status_code == 409
    assert four_eyes.releaser.get(waiting).status_code == 404
    assert NUMBER not in page(four_eyes.releaser, "/claims/reports")
    assert "Withdrawn" in page(four_eyes.reporter, waiting)
    assert make.rows("claims") == []


def test_switched_off_what_waits_is_sent_by_its_author_or_released_all_the_same(make, four_eyes, waiting):
    second = path_of(report(four_eyes.reporter, four_eyes.contract, mark="second"))
    assert act(four_eyes.reporter, waiting, "sending").status_code == 409
    make.change("organizations", four_eyes.organization, four_eyes_claims=False)
    assert "Send it yourself." in page(four_eyes.reporter, waiting)

    assert act(four_eyes.reporter, waiting, "sending").status_code == 303
    assert act(four_eyes.releaser, second, "release").status_code == 303

    first_row, second_row = sorted(make.rows("claim_reports"), key=lambda one: one.number)
    assert (first_row.checked_by_id, second_row.checked_by_id) == (None, make.user_of(four_eyes.maren))
    assert len(make.rows("claims")) == 2


def test_nobody_sends_what_he_does_not_see_any_more(make, four_eyes, waiting):
    second = path_of(report(four_eyes.reporter, four_eyes.contract, mark="second"))
    act(four_eyes.releaser, second, "return", reason="Which hall?")
    make.change("organizations", four_eyes.organization, four_eyes_claims=False)
    make.row(
        "organization_contracts",
        organization_id=four_eyes.organization,
        contract_id=four_eyes.contract,
        part="excluded",
    )
    make.arrange(organizations={four_eyes.organization})

    assert act(four_eyes.reporter, waiting, "sending").status_code == 404
    assert four_eyes.reporter.post(f"{second}/revision", data=loss()).status_code == 404
    assert make.rows("claims") == []
    assert "You no longer have access to its contract" in page(four_eyes.reporter, waiting)
    assert act(four_eyes.reporter, waiting, "withdrawal").status_code == 303


def test_a_waiting_report_is_no_claim_report_in_the_figures_of_access(make, four_eyes, waiting, sign_in):
    desk = sign_in(user=make.user(is_staff=True, profile_id=make.profile(is_staff=True)))
    today = f"{visibility.today():%d/%m/%Y}"
    path = "/organization-clients?columns=organization,claimed_on"
    assert today not in page(desk, path)
    act(four_eyes.releaser, waiting, "release")
    assert today in page(desk, path)


def test_mails_say_that_there_is_something_and_to_whom_it_still_is(
    make, four_eyes, waiting, portal, monkeypatch
):
    sent: list[tuple[str, str]] = []

    def write_to(connection: Any, viewer: Any, reference: str, composed: Any) -> None:
        sent.append((viewer.name, "\n".join(composed("https://portal")[1])))

    monkeypatch.setattr(notices, "write_to", write_to)
    ids = {word: uuid.UUID(value) for word, value in jobs(make)["tell_releaser"][0].items()}

    def run(job: Any, **values: uuid.UUID) -> None:
        with current.acting_for(make.tenant_id), portal.app_context():
            from app.core.db import db

            with db.engine.begin() as connection:
                job(connection, **values)

    run(notices.tell_releaser, **ids)
    act(four_eyes.releaser, waiting, "release")
    run(notices.tell_releaser, **ids)
    (claim,) = make.rows("claims")
    run(notices.tell_handler, claim_id=claim.id)
    make.change("users", four_eyes.handler, is_active=False)
    run(notices.tell_handler, claim_id=claim.id)
    run(notices.tell_author, report_id=ids["report_id"])

    assert [name for name, _words in sent] == ["Maren Stüve", "Meike Tams", "Klara Muster"]
    assert f"https://portal{waiting}" in sent[0][1]
    assert f"https://portal/claims/{claim.id}" in sent[1][1]
    for _name, words in sent:
        assert not re.search(r"burned|HAF-1|Hall|M-20", words)


def test_what_goes_with_an_organization_or_a_person(make, four_eyes, waiting, owner):
    with current.acting_for(make.tenant_id), owner.begin() as connection:
        connection.execute(
            text("delete from organizations where tenant_id = :tenant and id = :id"),
            {"tenant": make.tenant_id, "id": four_eyes.organization},
        )
    assert make.rows("claim_reports") == []


def test_the_claim_stays_when_the_one_who_released_it_goes(make, four_eyes, waiting, owner):
    act(four_eyes.releaser, waiting, "release")
    with current.acting_for(make.tenant_id), owner.begin() as connection:
        connection.execute(
            text("delete from users where tenant_id = :tenant and id = :id"),
            {"tenant": make.tenant_id, "id": make.user_of(four_eyes.maren)},
        )
    assert [row.checked_by_id for row in make.rows("claim_reports")] == [None]
    assert len(make.rows("claims")) == 1


def test_nobody_releases_through_somebody_elses_eyes(make, four_eyes, waiting, portal, owner):
    from tests.security.stock import with_look

    with current.acting_for(make.tenant_id), owner.begin() as connection:
        tenants = table("tenants")
        connection.execute(
            tenants.update().where(tenants.c.tenant_id == make.tenant_id).values(views_may_change=True)
        )
    administrator = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    looking = with_look(portal, make, administrator, four_eyes.maren)
    for row in make.rows("looks"):
        make.change("looks", row.id, may_act=True)
    # What waits for Maren is found as she finds it, and released by nobody but her.
    for path in ("/", "/claims/reports", waiting):
        assert looking.ask(path).status_code == 200
    assert NUMBER in looking.ask("/claims/reports").text
    assert looking.ask(f"{waiting}/release", "POST").status_code == 403
    assert looking.ask(f"{waiting}/return", "POST", data={"reason": "x"}).status_code == 403
    assert (state(make), make.rows("claims")) == ("waiting", [])
    # Reporting for somebody is an act that may be allowed.
    made = looking.ask(
        "/claims/report", "POST", query_string={"contract": str(four_eyes.contract)}, data=loss()
    )
    assert made.status_code == 303


def _ungrant(owner: Any, make: Any, profile: uuid.UUID, subject: str) -> None:
    with current.acting_for(make.tenant_id), owner.begin() as connection:
        connection.execute(
            text(
                "delete from profile_rules where tenant_id = :tenant and profile_id = :id and subject = :subject"
            ),
            {"tenant": make.tenant_id, "id": profile, "subject": subject},
        )
        connection.execute(
            text("update profiles set version = version + 1 where tenant_id = :tenant and id = :id"),
            {"tenant": make.tenant_id, "id": profile},
        )


def test_a_hidden_file_name_is_hidden_of_a_report_too(make, four_eyes, sign_in):
    assert report(four_eyes.reporter, four_eyes.contract, (b"words", "secret-name.txt")).status_code == 303
    hidden = make.profile(without=("field:document.file_name", "field:document.title"))
    blind = sign_in(make.member(four_eyes.organization, hidden, make.user("Blind")))
    (one,) = make.rows("claim_reports")
    path = f"/claims/reports/{one.id}"
    assert "secret-name" in page(four_eyes.reporter, path)
    assert "secret-name" not in page(blind, path)
    answer = blind.get(f"{path}/files/{one.files[0]['id']}")
    assert answer.status_code == 200
    assert "secret-name" not in str(answer.headers)
