"""From the list of users to a client's portal and back: who, why, for how long, and what is refused."""

from __future__ import annotations

import datetime
import secrets
import uuid

import pytest

from permissions.arrival import hashed
from tenants import visibility
from tests.administration.eyes.conftest import PASSWORD, REASON, Desk
from tests.conftest import Browser
from tests.security.stock import Person, with_token


def test_an_administrator_sees_what_the_client_sees_and_comes_back(house):
    assert "Klara Muster" in house.at_desk.words("/users")
    assert f"/users/{house.klara}/view" in house.at_desk.words(f"/users/{house.klara}")

    started = house.at_desk.look(house.klara)
    page = house.at_desk.words("/contracts")

    assert (started.status_code, started.headers["Location"]) == (303, "/")
    assert "<b>Hanna Brandt</b> is viewing the portal as <b>Klara Muster</b> (Nordwerk Gruppe)." in page
    assert "Ends in 30 minutes" in page
    assert REASON in page
    assert "Ours-1" in page
    assert house.at_desk.get("/users").status_code == 403

    back = house.at_desk.post("/viewing/end")

    assert back.headers["Location"] == "/viewing/ended"
    assert "Viewing has ended." in house.at_desk.words("/viewing/ended")
    assert "Klara Muster" in house.at_desk.words("/users")
    assert "is viewing the portal" not in house.at_desk.words("/contracts")


def test_signing_out_of_the_clients_portal_leads_back_to_ones_own(house):
    house.at_desk.look(house.klara)

    answer = house.at_desk.post("/sign-out")

    assert (answer.status_code, answer.headers["Location"]) == (307, "/viewing/end")
    house.at_desk.post("/viewing/end")
    assert house.at_desk.get("/users").status_code == 200


def test_the_banner_stands_on_pages_of_errors_too(house):
    house.at_desk.look(house.klara, minutes="5")
    for path, status in (("/nothing-here", 404), ("/contracts?sort=nothing", 422), ("/users", 403)):
        answer = house.at_desk.get(path, headers={"Accept-Language": "en"})
        assert answer.status_code == status
        assert "is viewing the portal as" in answer.text
        assert "Ends in 5 minutes" in answer.text


def test_the_portal_speaks_the_language_of_the_client_and_then_ones_own_again(house, make):
    make.change("users", house.klara, language="es")
    make.change("users", house.hanna, language="fr")

    house.at_desk.look(house.klara)
    assert '<html lang="es"' in house.at_desk.get("/").text
    house.at_desk.post("/language", data={"language": "de"})
    assert '<html lang="de"' in house.at_desk.get("/").text
    house.at_desk.post("/viewing/end")
    house.at_desk.get("/viewing/ended")

    assert '<html lang="fr"' in house.at_desk.get("/users").text


def test_looking_changes_no_choice_of_the_client(house, make, run):
    make.change("users", house.klara, language="es")
    house.at_desk.look(house.klara)
    house.at_desk.post("/language", data={"language": "fr"})

    assert run("select language from users where tenant_id = :tenant and id = :id", id=house.klara) == [
        ("es",)
    ]


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"reason": "short"}, "Between 10 and 300 characters"),
        ({"reason": "x" * 301}, "Between 10 and 300 characters"),
        ({"minutes": "60"}, "Choose one of these"),
        ({"minutes": None}, "Choose one of these"),
        ({"password": "not this one"}, "This is not your password."),
        ({"password": None}, "This is not your password."),
        ({"may_act": "on"}, "Your firm allows looking only."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(house, told, sentence):
    house.at_desk.post("/language", data={"language": "en"})

    answer = house.at_desk.look(house.klara, **{"minutes": "15", **told})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert (told.get("reason") or REASON) in answer.text
    assert PASSWORD not in answer.text
    assert house.at_desk.get("/users").status_code == 200


def test_a_membership_of_somebody_else_is_no_choice(house, make):
    other = make.member(house.organization)
    assert house.at_desk.look(house.klara, membership=str(other)).status_code == 422
    assert house.at_desk.look(house.klara, membership="x").status_code == 422


def test_of_several_organizations_one_is_chosen(house, make):
    swiss = make.member(make.organization(name="Nordwerk Schweiz"), house.profile, house.klara)

    assert "Nordwerk Schweiz" in house.at_desk.words(f"/users/{house.klara}/view")
    house.at_desk.look(house.klara, membership=str(swiss))

    assert "Klara Muster</b> (Nordwerk Schweiz)" in house.at_desk.words()
    assert "Ours-1" not in house.at_desk.words("/contracts")


def test_too_many_wrong_passwords_and_the_right_one_does_not_help(house):
    for _try in range(10):
        house.at_desk.look(house.klara, password="not this one")
    assert house.at_desk.look(house.klara).status_code == 422


def test_only_clients_with_access_are_looked_at(house, make, neighbour):
    inactive = make.user_of(make.member(house.organization, user=make.user(is_active=False)))
    yesterday = visibility.today() - datetime.timedelta(days=2)
    ended = make.user_of(make.member(house.organization, ends_on=yesterday))
    closed = make.user_of(make.member(make.organization(ends_on=yesterday)))
    nowhere = make.user()

    for user in (house.hanna, house.otto, inactive, ended, closed, nowhere):
        assert house.at_desk.look(user).status_code == 409
        assert house.at_desk.get(f"/users/{user}/view").status_code == 409
        assert f"/users/{user}/view" not in house.at_desk.words("/users")
    for user in (neighbour.user_of(neighbour.member(neighbour.organization())), uuid.UUID(int=7)):
        assert house.at_desk.look(user).status_code == 404


def test_who_may_not_look_does_not(house, make, portal, sign_in):
    clerk = make.user(
        is_staff=True, profile_id=make.profile(is_staff=True, without=("function:user.view_as",))
    )
    limited = make.user(is_staff=True, profile_id=house.desk)
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    for staff, may_list in ((clerk, 200), (limited, 403)):
        desk = Desk(sign_in(user=staff))
        assert desk.get("/users").status_code == may_list
        assert '/view"' not in desk.words(f"/users/{house.klara}")
        assert desk.look(house.klara).status_code == 403
    assert Desk(house.at_home).look(house.klara).status_code == 403


def test_no_token_looks_through_anybodys_eyes(house, make, portal):
    program = with_token(portal, make, house.membership)
    with_desk = with_token_of(portal, make, house.hanna)
    form = {"reason": REASON, "minutes": "30", "password": PASSWORD}
    for asking in (program, with_desk):
        assert asking.ask(f"/users/{house.klara}/view", "POST", data=form).status_code == 403


def with_token_of(portal, make, user):
    """A program with an API token of somebody at the desk."""
    token = secrets.token_urlsafe(16)
    make.row("api_tokens", token_hash=hashed(token), name="Program", user_id=user)
    return Person(Browser(portal, make, None), {"Authorization": f"Bearer {token}"})


def test_nobody_looks_further_from_there(house, make, run):
    """From A to B and back to A, or on to C: a client has no list of users, and staff are seen by nobody."""
    other = make.user_of(make.member(house.organization))
    run("update tenants set views_may_change = true where tenant_id = :tenant")
    house.at_desk.look(house.klara, may_act="on")

    for user in (house.hanna, house.otto, other, house.klara):
        assert house.at_desk.get(f"/users/{user}/view").status_code == 403
        assert house.at_desk.look(user).status_code == 403
    assert "as <b>Klara Muster</b>" in house.at_desk.words()


def test_a_second_look_ends_the_first(house, make, run):
    other = make.user_of(make.member(house.organization))
    house.at_desk.look(house.klara)
    first = house.at_desk.browser.client.get_cookie("portico-look", domain=f"{make.tenant_id.hex}.test").value
    house.at_desk.browser.client.delete_cookie("portico-look", domain=f"{make.tenant_id.hex}.test")

    house.at_desk.look(other)

    house.at_desk.browser.client.set_cookie("portico-look", first, domain=f"{make.tenant_id.hex}.test")
    assert house.at_desk.get("/").headers["Location"] == "/viewing/ended"
    assert run("select count(*) from looks where tenant_id = :tenant and ended_at is null") == [(1,)]


def test_the_cookie_of_a_look_is_worth_nothing_to_anybody_else(house, make, portal, nobody, sign_in):
    house.at_desk.look(house.klara)
    domain = f"{make.tenant_id.hex}.test"
    look = house.at_desk.browser.client.get_cookie("portico-look", domain=domain).value

    for browser in (nobody, sign_in(user=house.otto), sign_in(user=house.hanna)):
        browser.client.set_cookie("portico-look", look, domain=domain)
        assert browser.get("/contracts").headers["Location"] == "/viewing/ended"
    nobody.client.set_cookie("portico", look, domain=domain)
    assert nobody.get("/contracts").status_code == 302


def test_users_are_found_by_a_few_letters(house, make):
    make.member(make.organization(name="Säntis Mechanik"), house.profile, make.user("Urs Nef"))

    for letters in ("urs", "NEF", "säntis", "Santis mech", "nordwerk.example"):
        assert "Urs Nef" in house.at_desk.words(f"/users?q={letters}"), letters
    page = house.at_desk.words("/users?q=nef")
    assert "Klara Muster" not in page
    assert "No results" in house.at_desk.words("/users?q=nothing+at+all")
    assert "No results" in house.at_desk.words("/users?q=%25")
