"""The list of profiles; making, copying and deleting one; two compared; the portal as one makes it."""

from __future__ import annotations

import pytest

from app.administration.profiles.queries import MEMBERS_ON_A_PAGE
from tests.rules.test_permissions import recorded, without_tenant


@pytest.fixture
def plant(make):
    found = make.profile("menu:contracts", "menu:claims", "field:contract.number", "field:contract.remarks")
    make.change("profiles", found, name="Werksleitung")
    return found


def test_the_list_says_how_many_have_a_profile_and_in_how_many_organizations(keeper, make, plant):
    nord, south = make.organization(name="Nord"), make.organization(name="Süd")
    person = make.user()
    make.member(nord, plant, person, is_main=True)
    make.member(south, plant, person)
    make.member(south, plant)

    line = keeper.browser.get("/profiles").text.split(">Werksleitung</a>")[1].split("</tr>")[0]

    assert 'data-l="Mitglieder"' in line
    assert f'<a href="/profiles/{plant}/members">2</a>' in line
    assert 'data-l="Organisationen">2</td>' in line


def test_a_new_profile_gets_a_key_of_its_name_and_grants_nothing(keeper, make, rules_of):
    for _time in range(2):
        made = keeper.browser.post("/profiles", data={"name": "Werk Süd & Co"})
        assert made.status_code == 303

    found = {row.key: row for row in make.rows("profiles")}
    assert found["werk-sud-co"].name == found["werk-sud-co-2"].name == "Werk Süd & Co"
    assert not found["werk-sud-co"].is_staff
    assert rules_of(found["werk-sud-co"].id) == {}


def test_a_profile_without_a_name_is_not_made_and_nothing_typed_is_lost(keeper, make):
    before = len(make.rows("profiles"))

    refused = keeper.browser.post("/profiles", data={"name": " ", "staff": "1"})

    assert refused.status_code == 422
    assert 'aria-describedby="name-error"' in refused.text
    assert 'name="staff" value="1" checked' in refused.text
    assert len(make.rows("profiles")) == before


def test_a_copy_grants_and_inherits_the_same(keeper, make, plant, rules_of, asked):
    base = make.profile("menu:invoices")
    make.row("profile_parents", profile_id=plant, parent_id=base)

    made = keeper.browser.post(f"/profiles/{plant}/copy", data={"name": "Werksleitung Wien"})

    copy = made.headers["Location"].rpartition("/")[2]
    assert rules_of(copy) == rules_of(plant)
    parents = "select parent_id from profile_parents where tenant_id = :tenant and profile_id = :profile"
    assert asked(parents, profile=copy) == [(base,)]


def test_a_profile_that_somebody_has_is_not_deleted_and_it_is_said_who(keeper, make, plant):
    make.member(make.organization(name="Nordwerk Gruppe"), plant)
    heir = make.profile("menu:claims")
    make.change("profiles", heir, name="Meisterei")
    make.row("profile_parents", profile_id=heir, parent_id=plant)

    assert "Nordwerk Gruppe: 1" in keeper.browser.get(f"/profiles/{plant}/deletion").text
    refused = keeper.browser.post(f"/profiles/{plant}/deletion")

    assert refused.status_code == 409
    assert "Nordwerk Gruppe: 1" in refused.text
    assert "Meisterei" in refused.text
    assert plant in {row.id for row in make.rows("profiles")}


def test_a_profile_that_nobody_has_is_deleted_and_the_audit_log_keeps_what_it_was(keeper, make, plant, asked):
    assert keeper.browser.post(f"/profiles/{plant}/deletion").status_code == 303

    assert plant not in {row.id for row in make.rows("profiles")}
    [(act, before)] = asked(
        "select act, before from audit where tenant_id = :tenant and record_id = :profile", profile=plant
    )
    assert act == "profile.removed"
    assert before["name"] == "Werksleitung"
    assert before["rules"]["field:contract.number"] == "edit"


def test_members_stand_with_their_organizations_a_page_at_a_time(keeper, make, plant):
    organization = make.organization(name="Nordwerk Gruppe")
    for number in range(MEMBERS_ON_A_PAGE + 1):
        make.member(organization, plant, make.user(f"Person {number:03}"))

    first, second = (keeper.browser.get(f"/profiles/{plant}/members?page={page}").text for page in (1, 2))

    assert "Nordwerk Gruppe" in first
    assert first.count("Person 0") == MEMBERS_ON_A_PAGE
    assert second.count("Person 0") == 1
    assert 'rel="next"' in first
    assert keeper.browser.get(f"/profiles/{plant}/members?page=x").status_code == 200


def test_two_profiles_are_compared_by_what_differs_or_in_full(keeper, make, plant):
    other = make.profile("menu:contracts", "field:contract.number")
    make.change("profiles", other, name="Meisterei")
    address = f"/profiles/comparison?left={plant}&right={other}"

    page = keeper.browser.get(address).text
    everything = keeper.browser.get(address + "&all=1").text

    assert "2 Rechte weichen ab" in page
    assert ">Bemerkungen</th>" in page
    assert ">Versicherungsscheinnummer</th>" not in page
    assert ">Versicherungsscheinnummer</th>" in everything


def test_the_preview_shows_the_menu_and_the_columns_and_nobodys_data(keeper, make, plant):
    make.contract(number="V-100")

    page = keeper.browser.get(f"/profiles/{plant}/preview").text
    shown = page.split('id="main"')[1]

    assert "Verträge" in shown
    assert "Rechnungen" not in shown
    assert ">Versicherungsscheinnummer</th>" in shown
    assert "Bemerkungen" in shown
    assert "V-100" not in page


def test_every_query_about_profiles_names_its_tenant(keeper, make, plant, monkeypatch):
    make.member(make.organization(), plant)
    with recorded(monkeypatch) as said:
        for path in ("", "/members", "/preview", "/copy", "/deletion"):
            assert keeper.browser.get(f"/profiles/{plant}{path}").status_code == 200
        keeper.browser.get("/profiles")
        keeper.open(plant).send("/review", **{"field:contract.status": "read"})
        keeper.save()
        copy = keeper.browser.post(f"/profiles/{plant}/copy", data={"name": "Copy"}).headers["Location"]
        keeper.browser.post(f"{copy}/deletion")

    assert len(set(said)) > 20
    assert [wrong for statement in set(said) for wrong in without_tenant(statement)] == []
