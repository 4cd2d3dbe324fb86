"""What is kept of a look, and how the user learns of it."""

from __future__ import annotations

import pytest

from app.administration import config
from tenants import current
from tests.administration.eyes.conftest import REASON
from tests.reports.test_subscriptions import letterbox, words

__all__ = ["letterbox"]


def test_beginning_and_ending_are_noted_with_both_names_and_the_reason(house, run):
    house.at_desk.look(house.klara, minutes="15")
    house.at_desk.post("/viewing/end")

    rows = run(
        """select act, actor_id, as_user_id, record, record_id, before, after from audit
            where tenant_id = :tenant and act like 'look.%' order by id"""
    )

    both = (house.hanna, house.klara, "user", house.klara)
    assert [tuple(row) for row in rows] == [
        ("look.start", *both, None, {"reason": REASON, "minutes": 15, "may_act": False}),
        ("look.end", *both, {"reason": REASON}, None),
    ]


def test_what_is_opened_meanwhile_is_noted_under_both_names(house, make, portal, run):
    stored = portal.extensions["storage"].store_bytes(make.tenant_id, b"%PDF-")
    make.change("documents", house.stock["document"], sha256=stored.sha256, size=5)
    path = f"/documents/{house.stock['document']}/file"
    house.at_desk.look(house.klara)

    assert house.at_desk.browser.get(path, follow_redirects=True).data == b"%PDF-"
    house.at_desk.post("/viewing/end")
    assert house.at_home.get(path, follow_redirects=True).data == b"%PDF-"

    rows = run(
        "select actor_id, as_user_id from audit where tenant_id = :tenant and act = 'document.open' order by id"
    )
    assert [tuple(row) for row in rows] == [(house.hanna, house.klara), (house.klara, None)]


def test_the_user_reads_who_it_was_when_and_why_and_nobody_else_does(house, make, sign_in):
    other = sign_in(make.member(house.organization, house.profile))
    house.at_home.post("/language", data={"language": "en"})
    assert "Nobody so far" in house.at_home.get("/settings/views").text

    house.at_desk.look(house.klara)

    for page in (house.at_home.get("/settings/views").text, house.at_desk.words("/settings/views")):
        assert all(word in page for word in ("Hanna Brandt", REASON, "Read only"))
    assert "/settings/views" in house.at_home.get("/settings").text
    assert "Hanna" not in other.get("/settings/views").text
    house.at_desk.post("/viewing/end")
    assert house.at_desk.get("/settings/views").status_code == 404
    assert "/settings/views" not in house.at_desk.words("/settings")


@pytest.mark.parametrize(("language", "subject"), [
    ("de", "Jemand hat das Portal aus Ihrer Sicht geöffnet"), ("en", "Somebody viewed the portal as you see it"),
])  # fmt: skip
def test_the_user_is_told_by_mail_in_his_language(house, make, letterbox, work, run, language, subject):
    make.change("users", house.klara, language=language)
    house.at_desk.look(house.klara)

    assert work() == ["tell_of_look"]
    [mail] = letterbox.mails

    assert [(mail["To"],)] == run(
        "select email from users where tenant_id = :tenant and id = :id", id=house.klara
    )
    assert mail["Subject"] == subject
    assert "Hanna Brandt" in words(mail)
    assert REASON in words(mail)
    assert f"http://{make.tenant_id.hex}.test/settings/views" in words(mail)


def test_a_broker_who_does_not_want_it_sends_no_mail(house, letterbox, work, run):
    run("update tenants set views_are_mailed = false where tenant_id = :tenant")
    house.at_desk.look(house.klara)

    assert "by email" not in house.at_desk.words(f"/users/{house.klara}/view")
    assert work() == []
    assert letterbox.mails == []


def test_whose_access_has_ended_is_not_written_to(house, make, letterbox, work):
    house.at_desk.look(house.klara)
    make.change("users", house.klara, is_active=False)

    assert work() == ["tell_of_look"]
    assert letterbox.mails == []


def test_from_the_users_a_way_leads_to_what_looks_may_do(house):
    assert 'href="/features#eyes"' in house.at_desk.words("/users")
    assert 'name="views_may_change"' in house.at_desk.words("/features")


def test_the_broker_declares_what_looks_may_do(make, run):
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        assert config.export(connection)["tenant"].get("views_may_change", False) is False
        config.apply(connection, {"tenant": {"views_may_change": True, "views_are_mailed": False}}, None)
        told = config.export(connection)["tenant"]

    assert (told["views_may_change"], told["views_are_mailed"]) == (True, False)
    assert run("select views_may_change, views_are_mailed from tenants where tenant_id = :tenant") == [
        (True, False)
    ]
