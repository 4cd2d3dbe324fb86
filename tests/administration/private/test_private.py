"""A client's private portal: his own insurance, for him alone, and nothing of it reaches his company."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from app.administration import config
from app.core.errors import Unacceptable
from app.reports.subscriptions import sending
from permissions.arrival import viewer_of
from tenants import current, visibility
from tests.administration.users.conftest import Reader, ask

__all__ = ["ask"]

TODAY = visibility.today()
EMAIL = "tom.berger@nordwerk.example"
HERS = (
    "menu:colleagues", "function:member.delegate", "menu:contracts", "field:contract.number", "menu:cases",
    "field:case.subject", "menu:visibility", "function:member.explain",
    "function:subscribe",
)  # fmt: skip


@pytest.fixture
def desk(make: Any, sign_in: Any) -> Reader:
    clerk = make.user("Aylin Kaya", is_staff=True, profile_id=make.profile(is_staff=True))
    return Reader(sign_in(user=clerk))


@pytest.fixture
def house(make: Any, neighbour: Any, sign_in: Any) -> SimpleNamespace:
    """Tom works at Nordwerk, where Nina looks after access, and is insured privately. Somebody else has his name, a sibling
    organization has a Tom of its own, and so has the neighbour, under the same address."""
    works = make.policyholder("Nordwerk Guss GmbH")
    make.contract(works, number="NW-1")
    company = make.organization(works, name="Nordwerk", case_sharing=True)
    reader = make.profile("menu:contracts", "field:contract.number", "menu:cases", "field:case.subject")
    make.change("profiles", reader, key="reader", name="Reads contracts")
    hers = make.profile(*HERS)
    make.change("profiles", hers, key="hers", name="Administers")
    user = make.user("Tom Berger", email=EMAIL, password_hash="x")
    tom = make.member(company, reader, user, is_main=True)
    nina = make.member(company, hers, make.user("Nina Casals", password_hash="x"), is_main=True)
    mandate = make.mandate()
    people = {
        key: make.policyholder(name, mandate, kind="private", first_name=first, email=email)
        for key, name, first, email in (
            ("himself", "Berger", "Tom", "Tom.Berger@Nordwerk.example"),
            ("namesake", "Berger", "Tom", "t@elsewhere.example"),
            ("wife", "Sommer", "Ada", None),
        )
    }
    private = make.contract(people["himself"], number="PRIVATE-1")
    there = neighbour.policyholder("Berger", kind="private", first_name="Tom", email=EMAIL)
    neighbour.member(neighbour.organization(there), user=neighbour.user("Tom Berger", email=EMAIL))
    keys = {row.id: row.key for row in make.rows("policyholders")}
    return SimpleNamespace(
        company=company, user=user, tom=tom, nina=nina, works=keys[works], private=private,
        **{who: keys[one] for who, one in people.items()}, ids=people,
        foreign=neighbour.rows("policyholders")[0].key + "-there",
    )  # fmt: skip


@pytest.fixture
def path(house: Any) -> str:
    return f"/users/{house.user}/private-portal"


@pytest.fixture
def unlock(house: Any, desk: Reader, path: str) -> Any:
    def unlock(*holders: str, profile: str = "reader", way: str = "unlock", **more: str) -> Any:
        form = {"holder": list(holders), "profile": profile, "way": way, **more}
        return desk.browser.post(path, data=form, headers={"Accept-Language": "en"})

    return unlock


def portal(make: Any) -> Any:
    return next(row for row in make.rows("organizations") if row.private_user_id)


def membership(make: Any) -> Any:
    return next(row for row in make.rows("memberships") if row.organization_id == portal(make).id)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="holder" value="([^"]+)" checked', page))


def apply(make: Any, **document: Any) -> None:
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        config.apply(connection, document, None)


def test_a_private_portal_is_unlocked_and_he_switches_into_it(house, desk, path, unlock, make, sign_in):
    page = desk.words(path)
    assert ticked(page) == {house.himself}
    assert f'value="{house.namesake}"' in page
    assert f'value="{house.wife}"' not in page
    assert house.works not in page

    assert unlock(house.himself).headers["Location"] == f"/users/{house.user}?done=1"

    made, member = portal(make), membership(make)
    assert (made.name, made.home_view, made.parent_id, made.states) == (
        "Tom Berger", "private", None, ["application", "policy", "own"],
    )  # fmt: skip
    assert (member.user_id, member.is_main, member.starts_on) == (house.user, False, TODAY)
    told = desk.words(f"/users/{house.user}")
    assert "Unlocked since" in told
    assert "Lock private portal" in told

    at_work = sign_in(house.tom)
    assert "NW-1" in at_work.get("/contracts").text
    assert "PRIVATE-1" not in at_work.get("/contracts").text
    assert ">Private<" in at_work.get("/contracts", headers={"Accept-Language": "en"}).text
    assert at_work.post("/organization", data={"organization": str(member.id)}).status_code == 303
    private = at_work.get("/contracts", headers={"Accept-Language": "en"}).text
    assert "PRIVATE-1" in private
    assert "NW-1" not in private
    assert "<b>Private</b>" in private


def test_it_is_locked_at_once_and_unlocked_again(house, desk, path, unlock, make, sign_in, ask):
    unlock(house.himself)
    inside = sign_in(membership(make).id)
    assert inside.get("/contracts").status_code == 200

    assert 'name="sure"' in desk.browser.post(f"{path}/locking").text
    locked = desk.browser.post(f"{path}/locking", data={"sure": "1"})
    assert "ist gesperrt." in desk.browser.get(locked.headers["Location"]).text

    assert inside.get("/contracts").status_code == 302
    assert "Locked" in desk.words(f"/users/{house.user}")
    assert ">Private<" not in sign_in(house.tom).get("/contracts", headers={"Accept-Language": "en"}).text
    page = desk.words(path)
    assert ticked(page) == {house.himself}
    assert unlock(house.himself, house.wife).status_code == 303
    assert sign_in(membership(make).id).get("/contracts").status_code == 200
    acts = "select act from audit where tenant_id = :tenant and act like 'user.private%' order by at, id"
    assert [act for (act,) in ask(acts)] == [
        "user.private_unlocked", "user.private_locked", "user.private_unlocked",
    ]  # fmt: skip
    assert "Unlocked a private portal" in desk.words(f"/audit?person={house.user}")


def test_nobody_of_his_company_learns_of_it(house, unlock, make, sign_in, desk, path):
    """Before and after, all that the client's administrator can open says the same."""
    future = make.user("Eva Lorenz", email="eva@nordwerk.example", password_hash="x")
    later = make.member(
        house.company,
        make.profile("menu:contracts"),
        future,
        is_main=True,
        starts_on=TODAY + datetime.timedelta(days=9),
    )
    nina = sign_in(house.nina)

    def all_pages() -> list[str]:
        paths = (
            "/colleagues", f"/colleagues/{house.tom}", f"/colleagues/{later}", "/colleagues/review", "/cases",
            "/contracts", "/visibility", f"/visibility?person={house.user}", f"/visibility?person={future}",
            "/visibility?q=Tom", "/api/v1/cases", "/",
        )  # fmt: skip
        told = [nina.get(one, headers={"Accept-Language": "en"}) for one in paths]
        assert [one.status_code for one in told] == [200] * len(told)
        return [re.sub(r'name="(seal|was)" value="[^"]*"', "", one.text) for one in told]

    before = all_pages()
    assert "Tom Berger" in before[0]
    assert unlock(house.himself).status_code == 303
    assert (
        desk.browser.post(
            f"/users/{future}/private-portal",
            data={"holder": house.wife, "profile": "reader", "way": "unlock"},
        ).status_code
        == 303
    )
    for made in (row for row in make.rows("organizations") if row.private_user_id):
        make.row(
            "usage_months", user_id=made.private_user_id, organization_id=made.id, month_on=TODAY.replace(day=1),
            sign_ins=3, signed_in_at=datetime.datetime.now(datetime.UTC),
        )  # fmt: skip
    by_contract = {"contract_id": house.private}
    by_holder = {"policyholder_id": house.ids["himself"]}
    for number, about in enumerate((by_contract, by_holder)):
        make.row("cases", key=f"p{number}", subject="Divorce", status="open", owner_id=house.user, **about)

    assert all_pages() == before
    assert nina.get(f"/visibility?person={house.user}&record=contract:PRIVATE-1").status_code in (200, 404)

    desk.browser.post(f"{path}/locking", data={"sure": "1"})
    assert all_pages() == before
    make.row("cases", key="w", subject="Forklift", status="open", owner_id=house.user)
    assert "Forklift" in nina.get("/cases").text
    assert "Divorce" in sign_in(house.tom).get("/cases").text


def test_a_mail_of_a_colleague_never_tells_that_he_still_comes_in(house, unlock, make, monkeypatch):
    """Of a subscription that a colleague sends him, he is without access once he has left the company."""
    unlock(house.himself)
    make.change("memberships", house.tom, ends_on=TODAY - datetime.timedelta(days=1))
    asked = SimpleNamespace(
        user_id=make.user_of(house.nina), membership_id=house.nina, address=EMAIL, rhythm="daily"
    )
    opened = SimpleNamespace(off_for=lambda viewer: frozenset())
    monkeypatch.setattr(sending, "_must_open", lambda *_given: (None, opened))
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        assert viewer_of(connection, house.user, membership(make).id).is_private
        with pytest.raises(sending.NotSent, match="no_access"):
            sending.recipient_of(connection, asked)


def test_there_he_looks_after_nobody(house, unlock, make, sign_in):
    refused = unlock(house.himself, profile="hers")
    assert refused.status_code == 422
    assert "looks after colleagues" in refused.text
    assert f'value="{house.himself}" checked' in refused.text

    unlock(house.himself)
    hers = next(row.id for row in make.rows("profiles") if row.key == "hers")
    make.change("memberships", membership(make).id, profile_id=hers)
    inside = sign_in(membership(make).id)
    assert inside.get("/contracts").status_code == 200
    assert inside.get("/colleagues").status_code in (403, 404)
    assert inside.post("/colleagues", data={"people": "E e@x.example"}).status_code in (403, 404)


def test_what_cannot_be_is_said_beside_the_field(house, desk, path, unlock, make):
    for holders, profile, words in (
        ((house.works,), "reader", "Not a private client"),
        ((house.foreign,), "reader", "Not known"),
        ((), "reader", "Choose at least one private client."),
        ((house.himself,), "", "Choose a profile."),
        ((house.himself,), "nothing", "Not known"),
    ):
        answer = unlock(*holders, profile=profile, q="Sommer")
        assert answer.status_code == 422, holders
        assert words in answer.text, words
        assert 'value="Sommer"' in answer.text
        assert house.wife in answer.text
    assert not [row for row in make.rows("organizations") if row.private_user_id]

    looked = unlock(house.himself, house.wife, way="find", q="ada som")
    assert looked.status_code == 200
    assert ticked(looked.text) == {house.himself, house.wife}
    assert unlock(house.himself).status_code == 303
    again = unlock(house.wife)
    assert again.status_code == 422
    assert "unlocked already" in again.text
    assert desk.browser.get(path).status_code == 303


def test_only_clients_of_this_broker_have_one(house, desk, make, neighbour):
    staff = make.user("Ben Stahl", is_staff=True)
    for user in (staff, neighbour.rows("users")[0].id):
        for ending in ("", "/locking"):
            address = f"/users/{user}/private-portal{ending}"
            form = {"holder": house.himself, "profile": "reader", "way": "unlock"}
            assert desk.browser.post(address, data=form).status_code == 404, address


def test_it_needs_the_rights_to_users_and_organizations(house, path, make, sign_in):
    rights = ("menu:users", "function:member.manage", "function:organization.manage")
    for left in rights:
        profile = make.profile(*(one for one in rights if one != left), is_staff=True)
        clerk = sign_in(user=make.user("Half Clerk", is_staff=True, profile_id=profile))
        for way in (clerk.get(path), clerk.post(path, data={}), clerk.post(f"{path}/locking")):
            assert way.status_code in (403, 404), left


def test_a_document_makes_one_and_says_it_again(house, make):
    entry = {
        "key": "tom", "name": "Tom", "private_for": EMAIL, "policyholders": [house.himself],
        "members": [{"user": EMAIL, "profile": "reader"}],
    }  # fmt: skip
    apply(make, organizations=[entry])
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        told = config.export(connection)
        assert not config.plan(connection, told)
    mine = next(one for one in told["organizations"] if one["key"] == "tom")
    assert mine["private_for"] == EMAIL
    assert [one["main"] for one in mine["members"]] == [False]
    company = next(row.key for row in make.rows("organizations") if row.id == house.company)
    nina = next(row.email for row in make.rows("users") if row.name == "Nina Casals")
    for wrong, place in (
        ({"key": "tom", "members": [{"user": nina, "profile": "reader"}]}, f"tom].members[{nina}].user"),
        ({"key": "tom", "members": [{"user": EMAIL, "profile": "hers"}]}, f"tom].members[{EMAIL}].profile"),
        (
            {"key": "tom", "members": [{"user": EMAIL, "profile": "reader", "main": True}]},
            f"tom].members[{EMAIL}].main",
        ),
        ({"key": "tom", "parent": company}, "tom].parent"),
        ({"key": company, "parent": "tom"}, f"{company}].parent"),
        ({"key": "tom", "private_for": None}, "tom].private_for"),
        ({"key": "tom", "private_for": nina}, "tom].private_for"),
        ({"key": "tom", "policyholders": [house.works]}, "tom].policyholders"),
        ({"key": "tom", "corporate_groups": ["Berger"]}, "tom].corporate_groups"),
        ({"key": "two", "name": "Two", "private_for": EMAIL}, "two].private_for"),
        ({"key": "two", "name": "Two", "private_for": "no@body.example"}, "two].private_for"),
    ):
        with pytest.raises(Unacceptable) as refused:
            apply(make, organizations=[wrong])
        assert f"organizations[{place}" in refused.value.problems, wrong


def test_it_is_main_only_while_there_is_nothing_else(house, unlock, make, desk):
    unlock(house.himself)
    company = next(row.key for row in make.rows("organizations") if row.id == house.company)
    apply(make, organizations=[{"key": company, "members": []}])
    assert membership(make).is_main

    apply(make, organizations=[{"key": company, "members": [{"user": EMAIL, "profile": "reader"}]}])

    assert not membership(make).is_main
    answer = desk.browser.post(f"/users/{house.user}/main", data={"membership": str(membership(make).id)})
    assert answer.status_code == 422


def test_the_overview_tells_and_finds_who_has_one(house, desk, path, unlock, neighbour):
    def found(state: str) -> list[str]:
        return [row["email"] for row in desk.rows("users", f"private_portal.is={state}")]

    assert (found("open"), EMAIL in found("none")) == ([], True)
    unlock(house.himself)
    assert found("open") == [EMAIL]
    (row,) = desk.rows("users", "private_portal.is=open")
    assert row["private_portal_on"] == str(TODAY)
    desk.browser.post(f"{path}/locking", data={"sure": "1"})
    assert (found("open"), found("locked")) == ([], [EMAIL])


def test_it_goes_with_its_user(house, unlock, make, owner):
    unlock(house.himself)
    kept = portal(make).id
    with owner.begin() as connection:
        connection.execute(text("select set_config('app.tenant_id', :t, true)"), {"t": str(make.tenant_id)})
        connection.execute(
            text("delete from users where tenant_id = :t and id = :u"), {"t": make.tenant_id, "u": house.user}
        )
    assert kept not in {row.id for row in make.rows("organizations")}
    assert not [row for row in make.rows("scopes") if row.id == kept]
    assert house.company in {row.id for row in make.rows("organizations")}
