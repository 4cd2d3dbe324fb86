"""Whoever forgot his password gets a link by mail that works once; whoever asks learns of nobody."""

from __future__ import annotations

import datetime
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from app.accounts.passwords import hash_password
from app.core.db import db
from tests.accounts.conftest import ANOTHER, EMAIL, PASSWORD, acts, came_in
from tests.conftest import Browser

YESTERDAY = datetime.date.today() - datetime.timedelta(days=2)


def ask(browser: Any, email: str = EMAIL, **options: Any) -> Any:
    return browser.post("/password", data={"email": email}, **options)


def links(letterbox: Any, page: str = "password") -> list[str]:
    found = (re.search(rf"https?://[^/]+(/{page}/\S+)", mail.get_content()) for mail in letterbox.mails)
    return [link[1] for link in found if link]


def test_the_link_sets_a_new_password_once_and_ends_every_session(
    klara, nobody, sign_in, make, letterbox, work, neighbour
):
    inside, theirs = sign_in(klara.member), neighbour.user(email=EMAIL, password_hash=hash_password(PASSWORD))
    assert ask(nobody, "  Klara@Nordwerk.EXAMPLE ").headers["Location"] == "/password?asked=1"
    work()
    (link,) = links(letterbox)
    assert letterbox.to == [EMAIL]
    assert not any(
        link.split("/")[-1] in str(make.rows(table)) for table in ("invitations", "outbox", "audit")
    )

    assert EMAIL in nobody.get(link).text
    assert nobody.post(link, data={"password": "short"}).status_code == 422
    assert came_in(Browser(nobody.client.application, make, None), PASSWORD)
    answer = nobody.post(link, data={"password": ANOTHER})

    assert answer.headers["Location"] == "/sign-in?reset=1"
    assert "portico=" not in str(answer.headers)
    assert inside.get("/contracts").status_code == 302
    assert nobody.post(link, data={"password": "a third one of them"}).status_code == 404
    assert nobody.get(link).status_code == 404
    assert not came_in(nobody, PASSWORD)
    assert came_in(nobody, ANOTHER)
    (row,) = [row for row in neighbour.rows("users") if row.id == theirs]
    assert row.password_hash
    assert {"user.reset_sent", "user.password_reset"} <= set(acts(make))
    work()
    assert len(letterbox.mails) == 2


def test_a_link_that_the_mail_server_refuses_is_given_up_and_the_log_says_so(
    klara, nobody, make, letterbox, work, caplog
):
    make.change("users", klara.user, email="refused@nordwerk.example")
    ask(nobody, "refused@nordwerk.example")

    assert work() == ["send_way_back"]
    assert letterbox.mails == []
    assert "The mail server refused reset-" in caplog.text


def test_who_locked_himself_out_comes_in_with_the_new_one(klara, nobody, letterbox, work):
    for _ in range(11):
        came_in(nobody, "surely wrong")
    assert not came_in(nobody, PASSWORD)
    ask(nobody)
    work()
    nobody.post(links(letterbox)[0], data={"password": ANOTHER})
    assert came_in(nobody, ANOTHER)


def test_of_many_who_use_a_link_at_once_one_succeeds(klara, nobody, portal, letterbox, work, make):
    ask(nobody)
    work()
    (link,) = links(letterbox)

    def use(number: int) -> int:
        body = {"password": f"{ANOTHER} {number}"}
        base = f"http://{make.tenant_id.hex}.test"
        return portal.test_client().post(link, base_url=base, data=body).status_code

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(use, range(16))) == [303] + [404] * 15


def test_a_newer_link_replaces_the_older_and_an_old_one_is_over(klara, nobody, make, letterbox, work):
    for _ in range(2):
        ask(nobody)
        work()
    older, newer = links(letterbox)
    assert nobody.get(older).status_code == 404
    assert nobody.get(newer).status_code == 200
    (link,) = make.rows("invitations")
    lasts = link.expires_at - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(minutes=58) < lasts <= datetime.timedelta(hours=1)

    make.change("invitations", link.id, expires_at=datetime.datetime.now(datetime.UTC))

    assert nobody.post(newer, data={"password": ANOTHER}).status_code == 404
    assert came_in(nobody, PASSWORD)


def test_changing_the_password_and_being_deactivated_end_a_link(
    klara, nobody, sign_in, make, letterbox, work
):
    ask(nobody)
    work()
    sign_in(klara.member).post("/settings/password", data={"present": PASSWORD, "new": ANOTHER})
    ask(nobody)
    work()
    first, second = links(letterbox)
    assert nobody.get(first).status_code == 404
    assert nobody.get(second).status_code == 200
    make.change("users", klara.user, is_active=False)
    assert nobody.get(second).status_code == 404
    assert nobody.post(second, data={"password": PASSWORD}).status_code == 404


def test_a_link_opens_nothing_elsewhere(klara, nobody, portal, neighbour, letterbox, work):
    ask(nobody)
    work()
    (link,) = links(letterbox)
    there = portal.test_client().get(link, base_url=f"http://{neighbour.tenant_id.hex}.test")
    assert there.status_code == 404
    assert nobody.get(link.replace("/password/", "/activation/")).status_code == 404


def person(make: Any, klara: Any, kind: str) -> str:
    """Somebody's address, who may or may not come in."""
    email, known = f"{uuid.uuid4().hex}@nordwerk.example", {"password_hash": hash_password(PASSWORD)}
    if kind == "unknown":
        return email
    if kind.startswith("staff"):
        make.user(email=email, is_staff=True, profile_id=make.profile(is_staff=True), **known)
        return email
    is_new = kind in ("invited", "never invited")
    user = make.user(email=email, is_active=kind != "inactive", **({} if is_new else known))
    if kind != "without organization":
        ends_on = YESTERDAY if kind == "ended" else None
        closed = make.organization(make.policyholder(), ends_on=YESTERDAY)
        make.member(
            closed if kind == "ended organization" else klara.organization, user=user, ends_on=ends_on
        )
    if kind == "invited":
        old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
        make.row("invitations", user_id=user, token_hash=user.bytes, expires_at=old)
    return email


MAILED = {"client": "password", "staff": "password", "invited": "activation"}
KINDS = (
    *MAILED, "unknown", "inactive", "ended", "ended organization", "without organization", "never invited",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_gets_the_same_answer_and_only_who_may_come_in_a_mail(
    kind, klara, nobody, make, letterbox, work, portal
):
    email = person(make, klara, kind)
    ask(nobody, "somebody@else.example")
    asked, reference = statements(portal, nobody, email), statements(portal, nobody, "no-one@else.example")

    assert asked == reference
    assert links(letterbox) == []
    assert [row.act for row in make.rows("audit")] == []
    work()
    assert letterbox.to == ([email] if kind in MAILED else [])
    if kind in MAILED:
        assert len(links(letterbox, MAILED[kind])) == 1


def statements(portal: Any, browser: Any, email: str) -> tuple[Any, ...]:
    """The whole answer, and the statements it took: as many and the same, so that the time tells nothing."""
    said: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        said.append(re.sub(r"'[0-9a-f-]{36}'", "'…'", statement))

    with portal.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        answer = ask(browser, email)
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert len(said) > 3
    headers = {
        name: value for name, value in answer.headers if name not in ("Date", "Content-Security-Policy")
    }
    return answer.status_code, answer.text, headers, said


def test_who_was_invited_by_a_colleague_gets_that_invitation_again(klara, nobody, make, letterbox, work):
    make.row(
        "membership_offers",
        organization_id=klara.organization,
        membership_id=klara.member,
        email="new@nordwerk.example",
        name="Nina",
        profile_id=make.profile(),
        expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1),
    )
    ask(nobody, "new@nordwerk.example")
    work()
    assert letterbox.to == ["new@nordwerk.example"]
    assert len(links(letterbox, "invitation")) == 1
    assert "offer.sent_again" in acts(make)


def test_nobody_floods_a_mailbox_from_however_many_places_at_once(klara, portal, make, letterbox, work):
    base = f"http://{make.tenant_id.hex}.test"

    def try_it(number: int) -> tuple[int, str]:
        answer = portal.test_client().post(
            "/password",
            base_url=base,
            data={"email": EMAIL},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        )
        return answer.status_code, answer.headers["Location"]

    with ThreadPoolExecutor(8) as places:
        assert set(places.map(try_it, range(16))) == {(303, "/password?asked=1")}
    work()
    assert len(letterbox.mails) == 3


def test_nobody_asks_for_one_mailbox_after_the_other(klara, nobody, letterbox, work):
    for number in range(30):
        ask(nobody, f"{number}@else.example")
    assert ask(nobody).status_code == 303
    work()
    assert letterbox.mails == []
    ask(nobody, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    work()
    assert letterbox.to == [EMAIL]


@pytest.mark.parametrize("typed", ["", "nobody", "x" * 300 + "@else.example", "a@b@c"])
def test_what_is_no_address_is_said_beside_the_field(typed, nobody):
    refused = ask(nobody, typed, headers={"Accept-Language": "en"})
    assert refused.status_code == 422
    assert "This is not an email address." in refused.text.split('id="email-error"')[1].split("</p>")[0]


def test_the_sign_in_page_shows_the_way(nobody):
    assert 'href="/password"' in nobody.get("/sign-in").text
    refused = nobody.post(
        "/sign-in", data={"email": EMAIL, "password": "x"}, headers={"Accept-Language": "en"}
    )
    assert "Try again or reset your password." in refused.text
