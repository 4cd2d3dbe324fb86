"""The desk looks over the users of the portal: who they are, how far they have come, how often they sign in."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts.passwords import hash_password
from tenants import current, usage
from tests.administration.users.conftest import MONTH, Reader
from tests.rules.test_permissions import STATEMENTS, recorded
from tests.security.stock import document_profile, one_of_everything

PASSWORD = "a long enough password"


def test_a_user_is_told_with_his_organizations_profiles_and_sign_ins(house, desk):
    klara = next(one for one in desk.rows("users") if one["id"] == str(house.klara))

    assert (klara["name"], klara["organizations"]) == ("Klara Muster", "Nordwerk Gruppe, Südbau")
    assert klara["profiles"] == "Schadenmelder, Versicherungsmanagement"
    assert (klara["main_organization"], klara["memberships"]) == ("Nordwerk Gruppe", 2)
    counted = [klara[f"sign_ins{word}"] for word in ("_this_month", "_last_month", "")]
    assert counted == [4, 2, 10]
    assert klara["signed_in_at"].startswith(str(MONTH))


def test_nobody_of_another_broker_is_listed_or_counted(house, desk):
    assert sorted(one["name"] for one in desk.rows("users")) == ["Aylin Kaya", "Klara Muster", "Urs Nef"]
    assert max(one["sign_ins"] for one in desk.rows("users")) == 10


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("q=südbau", ["Klara Muster"]),
        ("q=urs", ["Urs Nef"]),
        ("is_staff=false", ["Klara Muster", "Urs Nef"]),
        ("organizations.contains=gruppe&sort=-name", ["Urs Nef", "Klara Muster"]),
        ("sort=-sign_ins&rows=1", ["Klara Muster"]),
        ("sign_ins_this_month.is=0", ["Aylin Kaya", "Urs Nef"]),
        ("signed_in_at.is_empty", ["Aylin Kaya", "Urs Nef"]),
    ],
)
def test_users_are_found_filtered_and_sorted(words, names, house, desk):
    found = [one["name"] for one in desk.rows("users", words.replace("rows=", "limit="))]
    assert found[: len(names)] == names if "rows" in words else found == names


def test_how_far_somebody_has_come(house, desk, make):
    now = datetime.datetime.now(datetime.UTC)
    new, invited, late, off = (make.user(name) for name in ("New", "Invited", "Late", "Off"))
    make.change("users", off, is_active=False)
    for user, days in ((invited, 7), (late, -1)):
        make.member(house.group, house.manager, user)
        make.row(
            "invitations", user_id=user, token_hash=user.bytes, expires_at=now + datetime.timedelta(days)
        )
    homeless = make.user("Homeless", password_hash="x")
    ended = make.user("Ended", password_hash="x")
    make.member(house.group, house.manager, ended, ends_on=datetime.date(2025, 1, 1))

    states = {one["id"]: one["state"] for one in desk.rows("users")}

    told = {
        house.klara: "active", new: "new", invited: "invited", late: "expired", off: "inactive",
        homeless: "no_access", ended: "no_access",
    }  # fmt: skip
    assert {user: states[str(user)] for user in told} == told


def test_users_are_grouped_charted_and_written_to_a_file(house, desk):
    assert "2" in desk.words("/users?by=main_organization&show=count,sum.sign_ins")
    assert "<svg" in desk.words("/users?by=main_organization&show=sum.sign_ins&chart=bars")
    lines = desk.file("/users.csv?columns=name,state,sign_ins&sort=name")
    assert lines[0] == ["Name", "Status", "Sign-ins in total"]
    assert ["Klara Muster", "Active", "10"] in lines


def test_the_overview_takes_five_statements(house, desk, monkeypatch):
    desk.words("/users")
    with recorded(monkeypatch) as said:
        desk.words("/users?sort=-sign_ins")
    assert len(said) <= STATEMENTS, said


def test_clients_and_staff_of_some_mandates_have_no_users(house, make, sign_in, desk_profile):
    limited = make.user(is_staff=True, profile_id=desk_profile)
    make.row("staff_mandates", user_id=limited, mandate_id=make.mandate("Wien"))
    for browser in (sign_in(house.memberships[0]), sign_in(user=limited)):
        for path in (
            "/users",
            "/users.csv",
            "/api/v1/users",
            f"/users/{house.klara}",
            f"/api/v1/users/{house.klara}",
        ):
            assert browser.get(path).status_code == 403, path


def test_each_sign_in_counts_in_the_organization_it_begins_in(house, make, nobody, desk, ask):
    make.change("users", house.urs, password_hash=hash_password(PASSWORD))
    email = ask("select email from users where tenant_id = :tenant and id = :id", id=house.urs)[0][0]
    for password in (PASSWORD, "wrong", PASSWORD):
        nobody.post("/sign-in", data={"email": email, "password": password})

    counted = "select organization_id, month_on, sign_ins from usage_months where tenant_id = :tenant and user_id = :id"
    assert ask(counted, id=house.urs) == [(house.group, MONTH, 2)]
    urs = next(one for one in desk.rows("users") if one["id"] == str(house.urs))
    assert (urs["sign_ins_this_month"], urs["sign_ins"]) == (2, 2)
    assert urs["signed_in_at"] is not None


def test_none_of_many_at_once_is_lost(house, make, web, ask):
    def sign_in(number: int) -> None:
        with current.acting_for(make.tenant_id), web.begin() as connection:
            usage.count_sign_in(connection, house.urs, house.memberships[2])

    with ThreadPoolExecutor(8) as people:
        list(people.map(sign_in, range(40)))

    counted = "select sum(sign_ins) from usage_months where tenant_id = :tenant and user_id = :id"
    assert ask(counted, id=house.urs) == [(40,)]


def test_an_opened_document_is_counted_but_not_one_behind_somebodys_eyes(make, sign_in, portal, ask):
    stock = one_of_everything(make, "Ours", make.mandate(), [])
    organization = make.organization(stock["policyholder"], document_profile_id=document_profile(make))
    membership = make.member(organization)
    client = sign_in(membership)
    stored = portal.extensions["storage"].store_bytes(make.tenant_id, b"%PDF", "application/pdf")
    make.change("documents", stock["document"], sha256=stored.sha256)
    paper = f"/documents/{stock['document']}/file"
    admin = make.user(
        is_staff=True, profile_id=make.profile(is_staff=True), password_hash=hash_password(PASSWORD)
    )
    looking = sign_in(user=admin)
    told = {"reason": "Question about a paper", "minutes": "5", "password": PASSWORD}
    assert looking.post(f"/users/{make.user_of(membership)}/view", data=told).status_code == 303

    for browser in (client, looking):
        assert browser.get(browser.get(paper).headers["Location"]).status_code == 200

    counted = "select organization_id, documents, sign_ins from usage_months where tenant_id = :tenant"
    assert ask(counted) == [(organization, 1, 0)]


def test_what_was_counted_stays_when_an_organization_goes(house, desk, ask):
    ask("delete from organizations where tenant_id = :tenant and id = :id returning id", id=house.site)
    klara = next(one for one in desk.rows("users") if one["id"] == str(house.klara))
    assert klara["sign_ins"] == 10


def test_a_profile_without_a_field_has_no_such_column(house, make, sign_in):
    profile = make.profile(is_staff=True, without=("field:portal_user.sign_ins", "field:portal_user.email"))
    reader = Reader(sign_in(user=make.user("Otto", is_staff=True, profile_id=profile)))
    assert not {"sign_ins", "email"} & set(reader.rows("users")[0])
    assert reader.browser.get("/users?sort=sign_ins").status_code == 422
