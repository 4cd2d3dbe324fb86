"""People are made members of an organization, invited by mail, and come in with a password of their own."""

from __future__ import annotations

import datetime
import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from app.administration.members.typed import people
from tenants import current, visibility
from tests.administration.organizations.conftest import clerk, holder, organization
from tests.administration.organizations.test_settings import numbers
from tests.reports.test_subscriptions import letterbox

__all__ = ["clerk", "holder", "letterbox", "organization"]

TWO = "Dr. Katrin Behrens <k.behrens@nordwerk.example>\n\n t.yildiz@nordwerk.example; Thorsten Yıldız\n"
PASSWORD = "a long password of hers"


@pytest.fixture
def office(make: Any, organization: Any, clerk: Any, sign_in: Any) -> SimpleNamespace:
    make.change("profiles", make.profile(), key="manager", name="Versicherungsmanagement")
    return SimpleNamespace(browser=sign_in(user=clerk), path=f"/organizations/{organization}/members")


def invite(office: Any, people: str = TWO, **more: str) -> Any:
    return office.browser.post(office.path, data={"people": people, "profile": "manager", **more})


def link_in(mail: Any) -> str:
    return re.search(r"https?://[^/]+(/activation/\S+)", mail.get_content())[1]


def member(office: Any, name: str) -> str:
    """The address of a member's page."""
    return re.search(rf'<a href="({office.path}/[^"]+)">{name}', office.browser.get(office.path).text)[1]


def test_two_people_pasted_are_members_and_invited_at_once(office, letterbox, work):
    assert invite(office).headers["Location"].endswith("?invited=2")

    work()

    assert sorted(letterbox.to) == ["k.behrens@nordwerk.example", "t.yildiz@nordwerk.example"]
    page = office.browser.get(office.path).text
    assert "Thorsten Yıldız" in page
    assert page.count("Eingeladen") == 2


def test_the_link_of_the_mail_sets_a_password_once_and_opens_the_portal(office, letterbox, work, nobody):
    invite(office)
    work()
    link = link_in(next(mail for mail in letterbox.mails if "behrens" in mail["To"]))

    assert "Dr. Katrin Behrens" in nobody.get(link).text
    short = nobody.post(link, data={"password": "short"})
    assert (short.status_code, "Mindestens 10 Zeichen" in short.text) == (422, True)
    inside = nobody.post(link, data={"password": PASSWORD})

    assert inside.headers["Location"] == "/"
    assert numbers(nobody) == ["N-1", "N-2"]
    assert nobody.post(link, data={"password": PASSWORD}).status_code == 404
    assert nobody.get(link).status_code == 404


def test_of_many_who_use_a_link_at_once_one_succeeds(office, letterbox, work, portal, make):
    invite(office)
    work()
    link, base = link_in(letterbox.mails[0]), f"http://{make.tenant_id.hex}.test"

    def use(number: int) -> int:
        body = {"password": f"{PASSWORD} {number}"}
        return portal.test_client().post(link, base_url=base, data=body).status_code

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(use, range(16))) == [303] + [404] * 15


def test_a_newer_invitation_replaces_the_older_and_an_old_one_is_over(
    office, letterbox, work, nobody, make, web
):
    invite(office, "Eva Lorenz e.lorenz@nordwerk.example")
    work()
    office.browser.post(f"{member(office, 'Eva Lorenz')}/invitation")
    work()
    older, newer = map(link_in, letterbox.mails)
    assert nobody.get(older).status_code == 404
    assert nobody.get(newer).status_code == 200

    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.execute(
            text("update invitations set expires_at = now() where tenant_id = :t"), {"t": make.tenant_id}
        )

    assert nobody.get(newer).status_code == 404
    assert nobody.post(newer, data={"password": PASSWORD}).status_code == 404


def test_a_link_opens_nothing_at_another_broker(office, letterbox, work, portal, neighbour):
    invite(office)
    work()
    there = portal.test_client().get(
        link_in(letterbox.mails[0]), base_url=f"http://{neighbour.tenant_id.hex}.test"
    )
    assert there.status_code == 404


def test_who_is_known_keeps_name_and_password_and_gets_no_mail(office, make, letterbox, work):
    make.user("Ralf Stöver", email="r.stoever@nordwerk.example", password_hash="x")

    assert invite(office, "Somebody r.stoever@nordwerk.example").headers["Location"].endswith("?invited=0")
    work()

    assert letterbox.mails == []
    assert "Ralf Stöver" in office.browser.get(office.path).text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Geben Sie mindestens eine Person ein."),
        ("Klara Muster", "Zeile 1: Eine E-Mail-Adresse fehlt"),
        ("Klara Muster\n\nMax k@nordwerk.example\nEva Lorenz", "Zeilen 1, 4: Eine E-Mail-Adresse fehlt"),
        ("Staff staff@makler.example", "staff@makler.example: "),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_typed_is_lost(office, make, typed, told):
    make.user(email="staff@makler.example", is_staff=True)
    refused = invite(office, typed)

    assert refused.status_code == 422
    assert told in re.search(r'id="people-error".*?</p>', refused.text, re.S)[0]
    assert typed in refused.text


def test_no_profile_is_chosen_for_anybody(office):
    assert (
        '<option value="">' in re.search(r'id="profile".*?</select>', office.browser.get(office.path).text)[0]
    )
    refused = invite(office, profile="")
    assert (refused.status_code, 'id="profile-error"' in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("k.muster@x.example;max@x.example", [("K Muster", "k.muster@x.example"), ("Max", "max@x.example")]),
        (
            "Klara Muster <K@x.example>, Meier, Max <m@x.example>,\nEva e@x.example",
            [("Klara Muster", "k@x.example"), ("Meier, Max", "m@x.example"), ("Eva", "e@x.example")],
        ),
        ("k@x.example, Klara, m@x.example, Max", [("Klara", "k@x.example"), ("Max", "m@x.example")]),
        ("Muster, Klara; k@x.example; Nordwerk", [("Muster, Klara Nordwerk", "k@x.example")]),
    ],
)
def test_people_are_taken_as_mails_and_tables_write_them(typed, named):
    assert people(typed) == named


def test_a_profile_that_is_none_is_refused_beside_its_field(office):
    refused = invite(office, profile="broker-administrator")
    assert refused.status_code == 422
    assert 'id="profile-error"' in refused.text


def test_an_inactive_user_is_outside_on_the_next_request_and_comes_back(office, make, organization, sign_in):
    anna = sign_in(make.member(organization, user=make.user("Anna Sommer", password_hash="x")))
    assert anna.get("/contracts").status_code == 200
    page = member(office, "Anna Sommer")

    office.browser.post(f"{page}/activity", data={"active": "0", "sure": "1"})
    assert anna.get("/contracts").status_code == 302
    office.browser.post(f"{page}/activity", data={"active": "1"})

    assert "Aktiv" in office.browser.get(page).text


def test_a_member_narrowed_to_objects_sees_what_insures_them(office, make, organization, holder, sign_in):
    contract = make.contract(holder, number="N-9", status="own")
    make.object(holder, (contract,), label="Gießereihalle 4")
    anna = sign_in(make.member(organization, make.profile(), user=make.user("Anna Sommer")))
    make.change("profiles", make.profile(), key="second", name="Zweites")
    page = member(office, "Anna Sommer")

    narrowed = {"profile": "manager", "objects": "selected"}
    asked = office.browser.post(page, data=narrowed)
    assert asked.status_code == 200
    assert "nur selbst Gemeldetes und Hochgeladenes" in asked.text
    assert numbers(anna) == ["N-1", "N-2", "N-9"]
    assert office.browser.post(page, data=narrowed | {"sure": "1"}).status_code == 303
    assert numbers(anna) == []
    # With nothing more to lose nobody is asked.
    assert office.browser.post(page, data=narrowed).status_code == 303
    hall = re.findall(r'name="add" value="([^"]+)"', office.browser.get(f"{page}/objects?q=halle").text)
    assert office.browser.post(f"{page}/objects", data={"add": hall, "way": "apply"}).status_code == 303

    assert numbers(anna) == ["N-9"]


def test_what_a_narrowed_member_would_see_is_told_of_him_and_his_list_is_undone(
    office, make, organization, holder, sign_in
):
    for number in ("N-8", "N-9"):
        make.object(holder, (make.contract(holder, number=number, status="own"),), label=f"Halle {number}")
    make.object(make.policyholder("Fremd AG"), label="Halle ohne Vertrag")
    make.member(organization, user=make.user("Bea Winter"))
    anna = sign_in(make.member(organization, make.profile(), user=make.user("Anna Sommer")))
    page = f"{member(office, 'Anna Sommer')}/objects"

    found = office.browser.get(f"{page}?q=halle").text
    keys = re.findall(r'name="add" value="([^"]+)"', found)
    assert "Objekte: Anna Sommer</h1>" in found
    assert len(keys) == 2
    told = office.browser.post(page, data={"add": keys[0], "way": "effect", "q": "halle"}).text
    assert re.search(r"<s>4</s>.*<b>1</b>", told)
    assert "Gilt sofort für Anna Sommer." in told
    assert "Bea Winter" not in told
    everything = numbers(anna)
    saved = office.browser.get(
        office.browser.post(page, data={"add": keys[0], "way": "apply"}).headers["Location"]
    ).text
    assert numbers(anna) == ["N-8"]
    undoing = re.search(r'action="([^"]+/undoing)"', saved)[1]

    assert office.browser.post(undoing).status_code == 303
    assert numbers(anna) == everything
    office.browser.post(page, data={"add": keys[1], "way": "apply"})
    assert office.browser.post(undoing).status_code == 409


def test_a_membership_ends_with_its_last_day_and_with_its_removal(office, make, organization, sign_in):
    anna = sign_in(make.member(organization, user=make.user("Anna Sommer")))
    page, yesterday = member(office, "Anna Sommer"), visibility.today() - datetime.timedelta(days=1)
    form = {"profile": "manager", "objects": "all"}

    wrong = office.browser.post(page, data={**form, "starts_on": "2026-05-02", "ends_on": "2026-05-01"})
    assert (wrong.status_code, 'id="ends_on-error"' in wrong.text) == (422, True)
    office.browser.post(page, data={**form, "ends_on": str(yesterday)})
    assert anna.get("/contracts").status_code == 302
    office.browser.post(page, data=form)
    assert office.browser.post(f"{page}/removal", data={"sure": "1"}).status_code == 303

    assert "Anna Sommer" not in office.browser.get(office.path).text
    assert office.browser.get(page).status_code == 404


def test_a_member_of_another_organization_is_not_found_here(office, make, sign_in):
    elsewhere = make.member(make.organization(name="Andere"))
    assert office.browser.get(f"{office.path}/{elsewhere}").status_code == 404
    assert office.browser.post(f"{office.path}/{elsewhere}/removal").status_code == 404
