"""What is refused to whoever looks through somebody else's eyes, and what is not even when he may act."""

from __future__ import annotations

import datetime
import io
import uuid

import pytest

from app.reports.exports.seal import seal
from permissions.arrival import viewer_of
from tenants import current
from tests.security.stock import listed

OPEN = {"eyes.end", "accounts.sign_out", "accounts.choose_language"}
"""Open to whoever only looks: the ways out, and the language, which is kept for nobody then."""
OPEN_TO_ACTING = {f"saved_reports.{name}" for name in ("create", "rename", "save", "delete")} | {
    "document_uploads.upload", "claim_reporting.report", "claim_reporting.send_again", "claim_reports_api.report",
}  # fmt: skip
"""Done for the client by whoever may act; all that is not named here stays his own."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def acts(portal):
    """Every act of the portal, as method and address; ids and words in it stand for nothing."""
    for rule in portal.url_map.iter_rules():
        for method in sorted(rule.methods & CHANGING):
            path = rule.rule.replace("<plural>", "contracts").replace("<any(xlsx, pdf, csv):ending>", "xlsx")
            path = path.replace("<record_type>", "contract")
            for argument in rule.arguments:
                path = path.replace(f"<uuid:{argument}>", str(uuid.UUID(int=7))).replace(f"<{argument}>", "x")
            yield rule.endpoint, method, path


def told(run):
    """Everything that an act could leave behind, as it stands now."""
    tables = ("users", "sessions", "api_tokens", "calendar_feeds", "saved_reports", "report_subscriptions",
              "deadline_reminders", "exports", "memberships", "organizations", "outbox", "audit", "documents")  # fmt: skip
    return {
        table: run(f"select to_jsonb(t) from {table} t where t.tenant_id = :tenant order by 1")
        for table in tables
    }


@pytest.fixture
def acting(house, run):
    run("update tenants set views_may_change = true where tenant_id = :tenant")
    return house


def test_every_act_is_refused_while_looking_and_leaves_nothing(portal, house, run):
    house.at_desk.look(house.klara)
    before, wrong = told(run), []
    for endpoint, method, path in acts(portal):
        if endpoint in OPEN:
            continue
        answer = house.at_desk.browser.client.open(path, method=method, base_url=house.at_desk.browser.base)
        if answer.status_code != 403:
            wrong.append((endpoint, method, path, answer.status_code))
    assert not wrong, listed(wrong)
    assert told(run) == before


def test_acting_opens_only_what_is_named(portal, acting):
    wrong = []
    acting.at_desk.look(acting.klara, may_act="on")
    for endpoint, method, path in acts(portal):
        if endpoint in OPEN:
            continue
        answer = acting.at_desk.browser.client.open(path, method=method, base_url=acting.at_desk.browser.base)
        if (answer.status_code == 403) != (endpoint not in OPEN_TO_ACTING):
            wrong.append((endpoint, method, path, answer.status_code))
    assert not wrong, listed(wrong)


def test_the_refusal_is_said_in_words_on_a_page_and_over_the_api(house):
    house.at_desk.look(house.klara)
    english = {"Accept-Language": "en"}

    page = house.at_desk.post("/settings/tokens", data={"name": "Program"}, headers=english)
    problem = house.at_desk.post("/api/v1/config/plan", json={}, headers=english)

    assert "Not possible in this view" in page.text
    assert "You are only looking, so nothing was changed." in page.text
    assert "is viewing the portal as" in page.text
    assert problem.mimetype == "application/problem+json"
    assert problem.json["title"].startswith("You are only looking")


def test_who_may_act_keeps_a_report_for_the_client_under_both_names(acting, run):
    acting.at_desk.look(acting.klara, may_act="on")

    answer = acting.at_desk.post("/reports", data={"source": "contract", "name": "For Klara"})

    assert answer.status_code == 303
    assert "For Klara" in acting.at_home.get("/reports").text
    report = answer.headers["Location"].partition("=")[2]
    acting.at_desk.post(f"/reports/{report}/name", data={"name": "For her"})
    acting.at_desk.post(f"/reports/{report}/deletion")
    acts = run("select act, actor_id, as_user_id from audit where tenant_id = :tenant order by id")
    both = (acting.hanna, acting.klara)
    assert [tuple(row) for row in acts] == [
        ("look.start", *both), ("report.create", *both), ("report.rename", *both), ("report.delete", *both),
    ]  # fmt: skip


def test_who_may_act_uploads_for_the_client_under_both_names(acting, run):
    acting.at_desk.look(acting.klara, may_act="on")
    form = {"document_type": "photo", "files": (io.BytesIO(b"%PDF-1.7"), "Roof.pdf")}
    desk = acting.at_desk.browser
    answer = desk.client.post(
        "/documents/upload", data=form, content_type="multipart/form-data", base_url=desk.base
    )
    assert answer.status_code == 303
    ((uploader,),) = run(
        "select uploaded_by_id from documents where tenant_id = :tenant and file_name = 'Roof.pdf'"
    )
    ((actor, whose),) = run(
        "select actor_id, as_user_id from audit where tenant_id = :tenant and act = 'document.upload'"
    )
    assert whose == uploader
    assert actor not in (None, uploader)


@pytest.mark.parametrize("missing", ["function", "tenant"])
def test_acting_ends_with_what_allows_it(acting, make, run, missing):
    acting.at_desk.look(acting.klara, may_act="on")
    keep = {"source": "contract", "name": "For Klara"}
    assert acting.at_desk.post("/reports", data=keep).status_code == 303

    if missing == "tenant":
        run("update tenants set views_may_change = false where tenant_id = :tenant")
    else:
        without = make.profile(is_staff=True, without=("function:user.act_as",))
        make.change("users", acting.hanna, profile_id=without)

    assert acting.at_desk.post("/reports", data=keep | {"name": "Another"}).status_code == 403
    assert acting.at_desk.get("/contracts").status_code == 200


def test_who_lacks_the_function_is_told_so_and_cannot_tick_the_box(acting, make):
    without = make.profile(is_staff=True, without=("function:user.act_as",))
    make.change("users", acting.hanna, profile_id=without)
    acting.at_desk.post("/language", data={"language": "en"})
    sentence = "Your profile does not include ‘Make changes while viewing as user’."

    form = acting.at_desk.get(f"/users/{acting.klara}/view").text
    sent = acting.at_desk.look(acting.klara, may_act="on")

    assert 'name="may_act" disabled' in form
    assert sentence in form
    assert sent.status_code == 422
    assert sentence in sent.text


def test_a_file_opened_by_somebody_else_stays_unread(house, run, make, portal, sign_in):
    """The notice that a file is ready goes once its owner has fetched it, not when somebody else looked."""
    storage = portal.extensions["storage"]
    stored = storage.store_bytes(make.tenant_id, b"a;b")
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        viewer = viewer_of(connection, house.klara, house.membership)
        sealed = seal(connection, viewer)
    export = make.row(
        "exports", user_id=house.klara, membership_id=house.membership, record="contract", address="", ending="csv",
        language="en", rows=1, state="finished", file=stored.sha256, size=3, seal=sealed, is_mailed=False,
        expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1),
    )  # fmt: skip
    seen = "select seen_at is not null from exports where tenant_id = :tenant"
    house.at_desk.look(house.klara)

    assert house.at_desk.get(f"/exports/{export}/file").data == b"a;b"
    assert run(seen) == [(False,)]
    assert house.at_home.get(f"/exports/{export}/file").data == b"a;b"
    assert run(seen) == [(True,)]
