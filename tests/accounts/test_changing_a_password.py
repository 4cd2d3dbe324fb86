"""Whoever knows his password changes it; everywhere else he is signed out, and he is told."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.passwords import set_password
from tenants import current
from tests.accounts.conftest import ANOTHER, EMAIL, PASSWORD, acts, beside, came_in
from tests.conftest import Browser
from tests.security.stock import with_look, with_token

ENGLISH = {"Accept-Language": "en"}


def change(browser, present=PASSWORD, new=ANOTHER):
    return browser.post("/settings/password", data={"present": present, "new": new}, headers=ENGLISH)


def test_the_new_password_opens_and_the_old_one_does_not(klara, sign_in, make, neighbour):
    other = sign_in(at=neighbour, membership=neighbour.member(neighbour.organization()))
    here, there = sign_in(klara.member), sign_in(klara.member)
    before = here.client.get_cookie("portico", domain=f"{make.tenant_id.hex}.test").value

    answer = change(here)

    assert answer.headers["Location"] == "/settings?changed=1"
    assert "Your password is changed" in here.get("/settings?changed=1", headers=ENGLISH).text
    assert there.get("/contracts").status_code == 302
    assert other.get("/contracts").status_code == 200
    after = here.client.get_cookie("portico", domain=f"{make.tenant_id.hex}.test").value
    assert after != before
    assert Browser(here.client.application, make, before).get("/contracts").status_code == 302
    assert not came_in(there, PASSWORD)
    assert came_in(there, ANOTHER)


def test_it_is_noted_and_told_by_mail_without_either_password(klara, sign_in, make, letterbox, work):
    change(sign_in(klara.member))
    work()

    (row,) = [row for row in make.rows("audit") if row.act == "user.password_changed"]
    assert (row.actor_id, row.record_id) == (klara.user, klara.user)
    assert "session.start" not in acts(make)
    (mail,) = letterbox.mails
    assert mail["To"] == EMAIL
    assert "/password" in mail.get_content()
    for told in (str(make.rows("audit")), mail.get_content(), str(make.rows("outbox"))):
        assert PASSWORD not in told
        assert ANOTHER not in told


@pytest.mark.parametrize(
    ("present", "new", "control", "told"),
    [
        ("surely wrong", ANOTHER, "present-password", "This is not your password."),
        ("", ANOTHER, "present-password", "This is not your password."),
        (PASSWORD, "short", "new-password", "At least 10 characters."),
        (PASSWORD, "", "new-password", "At least 10 characters."),
        (PASSWORD, "x" * 1001, "new-password", "At most 1000 characters"),
        (PASSWORD, PASSWORD, "new-password", "This is the password you have now."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_changes(
    present, new, control, told, klara, sign_in, nobody, make, letterbox, work
):
    here, there = sign_in(klara.member), sign_in(klara.member)

    refused = change(here, present, new)

    assert refused.status_code == 422
    assert told in beside(refused.text, control)
    assert f'value="{ANOTHER}"' not in refused.text
    assert there.get("/contracts").status_code == 200
    assert came_in(nobody, PASSWORD)
    assert "user.password_changed" not in acts(make)
    work()
    assert letterbox.mails == []


def test_guessing_is_counted_as_signing_in_is(klara, sign_in, nobody):
    here = sign_in(klara.member)
    for _ in range(10):
        assert change(here, "surely wrong").status_code == 422

    assert change(here).status_code == 422
    assert not came_in(nobody, PASSWORD)


def test_mistyping_the_new_password_is_no_try(klara, sign_in):
    here = sign_in(klara.member)
    for _ in range(12):
        change(here, PASSWORD, "short")
    assert change(here).status_code == 303


def test_nobody_changes_it_through_somebody_elses_eyes_or_with_a_token(klara, make, portal, nobody):
    actor = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    looking = with_look(portal, make, actor, klara.member)
    program = with_token(portal, make, klara.member)

    for person in (looking, program):
        answer = person.ask("/settings/password", "POST", data={"present": PASSWORD, "new": ANOTHER})
        assert answer.status_code == 403

    assert came_in(nobody, PASSWORD)


def test_a_look_of_his_ends_with_the_session_it_began_in(make, portal, klara, web):
    actor = make.user(is_staff=True, profile_id=make.profile(is_staff=True))
    looking = with_look(portal, make, actor, klara.member)
    assert looking.ask("/contracts").status_code == 200

    with current.acting_for(make.tenant_id), web.begin() as connection:
        set_password(connection, actor, ANOTHER)

    assert looking.ask("/contracts").status_code == 302


def test_who_signs_in_with_the_old_one_at_that_moment_stays_out(klara, nobody, make, web):
    with ThreadPoolExecutor(1) as elsewhere:
        with current.acting_for(make.tenant_id), web.begin() as connection:
            set_password(connection, klara.user, ANOTHER)
            tried = elsewhere.submit(came_in, nobody, PASSWORD)
            time.sleep(1)
        assert tried.result() is False
    assert make.rows("sessions") == []


def test_the_form_lets_password_managers_help(klara, sign_in):
    page = sign_in(klara.member).get("/settings").text
    form = page.split('action="/settings/password"')[1].split("</form>")[0]
    for word in ("username", "current-password", "new-password"):
        assert f'autocomplete="{word}"' in form
    assert f'value="{EMAIL}"' in form
