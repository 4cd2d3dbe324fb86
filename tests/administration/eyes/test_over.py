"""When a look is over, and that nothing is done any more with what is left of it."""

from __future__ import annotations

import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from permissions.rights import raise_version
from tenants import current, visibility
from tests.administration.eyes.conftest import Desk

YESTERDAY = visibility.today() - datetime.timedelta(days=2)


def half_an_hour_passes(run):
    run(
        """update looks set began_at = began_at - interval '31 minutes', until = until - interval '31 minutes'
            where tenant_id = :tenant"""
    )


def the_actor_is_deactivated(house, make, run):
    make.change("users", house.hanna, is_active=False)


def the_actor_gets_a_lesser_profile(house, make, run):
    make.change("users", house.hanna, profile_id=make.profile("menu:contracts", is_staff=True))


def the_actor_has_no_profile_any_more(house, make, run):
    make.change("users", house.hanna, profile_id=None)


def the_actors_profile_loses_the_function(house, make, run):
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text(
                "delete from profile_rules where tenant_id = :t and profile_id = :p and subject = 'function:user.view_as'"
            ),
            {"t": make.tenant_id, "p": house.desk},
        )
        raise_version(connection, make.tenant_id, house.desk)


def the_actor_is_limited_to_a_mandate(house, make, run):
    make.row("staff_mandates", user_id=house.hanna, mandate_id=make.mandate("Wien"))


def the_actor_is_no_staff_any_more(house, make, run):
    make.change("users", house.hanna, is_staff=False)


def the_actors_session_ends(house, make, run):
    run("update sessions set expires_at = now() where tenant_id = :tenant and user_id = :id", id=house.hanna)


def the_actors_sessions_are_deleted(house, make, run):
    run("delete from sessions where tenant_id = :tenant and user_id = :id", id=house.hanna)


def the_client_is_deactivated(house, make, run):
    make.change("users", house.klara, is_active=False)


def the_client_becomes_staff(house, make, run):
    make.change("users", house.klara, is_staff=True, profile_id=house.desk)


def the_clients_membership_ends(house, make, run):
    make.change("memberships", house.membership, ends_on=YESTERDAY)


def the_clients_membership_is_deleted(house, make, run):
    run("delete from memberships where tenant_id = :tenant and id = :id", id=house.membership)


def the_organization_ends(house, make, run):
    make.change("organizations", house.organization, ends_on=YESTERDAY)


def the_time_is_up(house, make, run):
    half_an_hour_passes(run)


ENDS = [
    the_actor_is_deactivated, the_actor_gets_a_lesser_profile, the_actor_has_no_profile_any_more,
    the_actors_profile_loses_the_function, the_actor_is_limited_to_a_mandate, the_actor_is_no_staff_any_more,
    the_actors_session_ends, the_actors_sessions_are_deleted, the_client_is_deactivated, the_client_becomes_staff,
    the_clients_membership_ends, the_clients_membership_is_deleted, the_organization_ends, the_time_is_up,
]  # fmt: skip


@pytest.mark.parametrize("what", ENDS, ids=lambda what: what.__name__)
def test_a_look_is_over_on_the_next_request(house, make, run, what):
    house.at_desk.look(house.klara)
    assert "Ours-1" in house.at_desk.words("/contracts")

    what(house, make, run)
    page = house.at_desk.get("/contracts")

    assert (page.status_code, page.headers["Location"]) == (302, "/viewing/ended")
    assert "portico-look=;" in page.headers["Set-Cookie"]


@pytest.mark.parametrize("what", ENDS, ids=lambda what: what.__name__)
def test_an_act_meant_for_the_client_is_not_done_at_ones_own_desk(house, make, run, what):
    """A page of the client's that is still open, sent once the look is over: it would change one's own."""
    house.at_desk.look(house.klara)
    what(house, make, run)

    answer = house.at_desk.post("/settings/appearance", data={"scheme": "dark"})

    assert answer.headers["Location"] == "/viewing/ended"
    assert run("select count(*) from users where tenant_id = :tenant and scheme is not null") == [(0,)]


def test_over_the_api_a_look_that_is_over_is_nobody(house, run):
    house.at_desk.look(house.klara)
    half_an_hour_passes(run)
    assert house.at_desk.get("/api/v1/contracts").status_code == 401


def test_after_the_half_hour_one_is_back_with_a_word(house, run):
    house.at_desk.look(house.klara)
    half_an_hour_passes(run)

    page = house.at_desk.browser.get("/contracts", follow_redirects=True, headers={"Accept-Language": "en"})

    assert "Viewing ended after 30 minutes." in page.text
    assert 'href="/users"' in page.text
    assert run("select ended_at = until from looks where tenant_id = :tenant") == [(True,)]
    assert house.at_desk.get("/users").status_code == 200


def test_a_demoted_actor_is_told_that_it_is_over_and_shown_no_way_he_has_not(house, make, run):
    house.at_desk.look(house.klara)
    the_actor_gets_a_lesser_profile(house, make, run)

    page = house.at_desk.browser.get("/contracts", follow_redirects=True, headers={"Accept-Language": "en"})

    assert "Viewing has ended." in page.text
    assert 'href="/users"' not in page.text
    assert house.at_desk.get("/users").status_code == 403


def test_no_look_lasts_longer_than_half_an_hour_whatever_is_written(house, make, run):
    house.at_desk.look(house.klara)
    with pytest.raises(IntegrityError):
        run("update looks set until = until + interval '1 minute' where tenant_id = :tenant")


def test_signing_out_elsewhere_ends_the_look(house, make, portal):
    house.at_desk.look(house.klara)
    domain = f"{make.tenant_id.hex}.test"
    own = house.at_desk.browser.client.get_cookie("portico", domain=domain).value
    other = Desk(type(house.at_desk.browser)(portal, make, own))

    other.post("/sign-out")

    assert house.at_desk.get("/contracts").headers["Location"] == "/viewing/ended"
    assert house.at_desk.get("/viewing/ended").headers["Location"].startswith("/sign-in")


def test_looks_in_another_browser_go_on(house, sign_in):
    elsewhere = Desk(sign_in(user=house.hanna))
    elsewhere.look(house.klara)
    house.at_desk.look(house.klara)
    house.at_desk.post("/viewing/end")

    assert house.at_desk.get("/viewing/ended").status_code == 200
    assert "Klara Muster</b>" in elsewhere.words()


@pytest.mark.parametrize("path", ["/viewing/end", "/contracts"])
def test_over_a_secure_connection_the_cookie_goes_as_it_came(house, portal, make, run, monkeypatch, path):
    """Browsers take a cookie of that name only with the word that it is secure, and only so they let it go."""
    house.at_desk.look(house.klara)
    domain, client = f"{make.tenant_id.hex}.test", house.at_desk.browser.client
    for name in ("portico", "portico-look"):
        client.set_cookie(f"__Host-{name}", client.get_cookie(name, domain=domain).value, domain=domain)
    if path == "/contracts":
        half_an_hour_passes(run)
    monkeypatch.setitem(portal.config, "IS_SECURE", True)

    answer = house.at_desk.post(path) if path == "/viewing/end" else house.at_desk.get(path)

    assert answer.headers["Location"] == "/viewing/ended"
    [gone] = [
        said for said in answer.headers.getlist("Set-Cookie") if said.startswith("__Host-portico-look=;")
    ]
    assert "Secure" in gone
    assert "Path=/" in gone


def test_who_never_looked_has_nothing_to_come_back_from(house):
    assert house.at_desk.get("/viewing/ended").status_code == 404
    assert house.at_desk.post("/viewing/end").status_code == 404
    assert house.at_home.get("/viewing/ended").status_code == 404
