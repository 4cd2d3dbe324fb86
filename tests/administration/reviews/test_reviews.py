"""Once a year somebody looks at who has access: what changed since, who keeps it, who loses it, and that it was done."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from permissions.editing import read_profiles, save_profile
from tenants import current
from tests.administration.members.test_colleagues import form
from tests.administration.organizations.conftest import clerk, holder

__all__ = ["clerk", "holder"]


@pytest.fixture
def house(make: Any, clerk: Any, holder: Any, sign_in: Any) -> SimpleNamespace:
    organization = make.organization(holder, name="Nordwerk Gruppe")
    make.organization(name="Young")
    profile = make.profile()
    make.change("profiles", profile, key="all")
    small = make.profile("menu:contracts", "field:contract.number")
    make.change("profiles", small, key="small")
    tom, nina = (
        make.member(organization, one, make.user(name))
        for one, name in ((small, "Tom Berger"), (profile, "Nina"))
    )
    found = SimpleNamespace(
        organization=organization, tom=tom, nina=nina, small=small, browser=sign_in(user=clerk),
        path=f"/reviews/{organization}",
    )  # fmt: skip
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        for table, which, by in (
            ("organizations", "id", "13 months"),
            ("memberships", "organization_id", "14 months"),
        ):
            connection.execute(
                text(
                    f"update {table} set created_at = now() - interval '{by}' where tenant_id = :t and {which} = :o"
                ),
                {"t": make.tenant_id, "o": organization},
            )
    return found


def finish(browser: Any, path: str, *end: Any) -> Any:
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', browser.get(path).text)[1])
    return browser.post(path, data={"seen": seen, "end": [str(one) for one in end]})


def due(browser: Any) -> str:
    page = browser.get("/reviews").text
    return page[page.index("<main") :]


def test_an_organization_is_due_after_a_year_and_not_once_it_was_reviewed(house, make, neighbour):
    neighbour.organization(name="Elsewhere")
    page = due(house.browser)
    assert "Nordwerk Gruppe" in page
    assert "Young" not in page
    assert "Young" in house.browser.get("/reviews?all=1").text
    assert "Elsewhere" not in house.browser.get("/reviews?all=1").text

    assert finish(house.browser, house.path).headers["Location"] == "/reviews?done=1"

    assert "Nordwerk Gruppe" not in due(house.browser)
    (row,) = [row for row in make.rows("audit") if row.act == "organization.reviewed"]
    assert (row.record_id, row.after) == (house.organization, {"kept": 2, "ended": 0})
    assert "Aylin Kaya" in house.browser.get(house.path).text


def test_without_a_rhythm_nothing_is_due(house, make):
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(
            text("update tenants set review_months = 0 where tenant_id = :t"), {"t": make.tenant_id}
        )
    assert "Nordwerk Gruppe" not in due(house.browser)


def test_it_tells_who_came_since_and_whose_rights_were_widened(house, make, web):
    assert "Keine Änderungen" in due(house.browser)
    make.member(house.organization, house.small, make.user("Eva Lorenz"))
    with current.acting_for(make.tenant_id), web.begin() as connection:
        profile = read_profiles(connection)["small"]
        profile.rules["field:contract.product"] = "read"
        save_profile(connection, profile, None)

    page = due(house.browser)

    assert "1 Mitglied hinzugekommen" in page
    assert "1 Mitglied mit anderen Rechten" in page


def test_a_profile_that_lost_rights_and_inherited_ones_count_as_what_they_are(house, make, web):
    parent = make.profile("menu:claims")
    make.change("profiles", parent, key="parent")
    make.row("profile_parents", profile_id=house.small, parent_id=parent)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        profile = read_profiles(connection)["small"]
        del profile.rules["field:contract.number"]
        save_profile(connection, profile, None)
    assert "Keine Änderungen" in due(house.browser)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        profile = read_profiles(connection)["parent"]
        profile.rules["field:claim.status"] = "mask"
        save_profile(connection, profile, None)
    assert "1 Mitglied mit anderen Rechten" in due(house.browser)


def test_who_is_ticked_loses_access_and_the_others_keep_it(house, make, sign_in):
    tom, nina = sign_in(house.tom), sign_in(house.nina)

    assert finish(house.browser, house.path, house.tom).status_code == 303

    assert tom.get("/contracts").status_code == 302
    assert nina.get("/contracts").status_code == 200
    (row,) = [row for row in make.rows("audit") if row.act == "organization.reviewed"]
    assert row.after == {"kept": 1, "ended": 1}


def test_who_came_while_one_looked_is_not_reviewed(house, make):
    page = house.browser.get(house.path).text
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    make.member(house.organization, house.small, make.user("Eva Lorenz"))

    refused = house.browser.post(house.path, data={"seen": seen, "end": [str(house.tom)]})

    assert refused.status_code == 409
    assert "Eva Lorenz" in refused.text
    assert make.rows("organization_reviews") == []
    assert f'value="{house.tom}" checked' in refused.text


def test_a_clients_administrator_reviews_those_he_looks_after_and_staff_see_it(house, make, sign_in):
    nina = sign_in(house.nina)
    page = nina.get("/colleagues/review").text
    assert "Tom Berger" in page
    assert f'value="{house.nina}"' not in page

    assert finish(nina, "/colleagues/review", house.tom).headers["Location"] == "/colleagues?reviewed=1"

    assert sign_in(house.tom).get("/contracts").status_code == 302
    told = due(house.browser)
    assert "Nordwerk Gruppe" in told, "the broker's own review is due all the same"
    assert "Durch den Kunden" in told
    assert "Zugriffe geprüft" in house.browser.get(f"/organizations/{house.organization}").text


def test_nobody_is_ended_whom_the_reviewer_does_not_look_after(house, make, sign_in):
    hers = make.profile(
        "menu:colleagues", "function:member.delegate", "menu:contracts", "field:contract.number"
    )
    eva = sign_in(make.member(house.organization, hers, make.user("Eva Lorenz")))
    stranger = make.member(make.organization(name="Sister"), house.small)

    assert finish(eva, "/colleagues/review", house.nina, stranger).status_code == 303

    assert sign_in(house.nina).get("/contracts").status_code == 200
    assert make.rows("organization_reviews")[0].ended == 0
    assert eva.post(f"/colleagues/{house.nina}", data=form()).status_code == 404


def test_only_who_manages_members_finishes_a_review(house, make, sign_in):
    profile = make.profile(is_staff=True, without=("function:member.manage",))
    reader = sign_in(user=make.user(is_staff=True, profile_id=profile))
    assert reader.get(house.path).status_code == 200
    assert reader.post(house.path, data={"seen": ""}).status_code == 403
