"""An organization is opened for a client, copied, ended, and deleted with what is lost said before."""

from __future__ import annotations

import datetime
import html
import re

from tenants import visibility


def test_opening_one_from_a_client_proposes_its_name_and_shows_his_contracts(desk, make):
    holder = make.policyholder("Säntis Mechanik AG")
    make.contract(holder, number="S-1", status="own")

    page = desk.browser.get(f"/organizations/new?policyholder={holder}").text
    assert 'value="Säntis Mechanik AG"' in page
    made = desk.browser.post(
        "/organizations/new", data={"policyholder": str(holder), "name": "Säntis Gruppe"}
    )

    page = desk.browser.get(made.headers["Location"]).text
    assert "1 Versicherungsnehmer" in page
    assert "1 Vertrag" in page


def test_who_has_one_already_is_led_there(desk, holder):
    page = desk.browser.get(f"/organizations/new?policyholder={holder}").text
    assert f'href="{desk.path}"' in page
    assert "Freischaltung vorhanden" in page


def test_a_clients_page_leads_there_and_says_whether_he_has_one(desk, make, holder):
    without, twice = make.policyholder("Säntis Mechanik AG"), make.policyholder("Atelier")
    for _ in range(2):
        make.organization(twice)
    for one, words, address in (
        (holder, "Freischaltung vorhanden", desk.path),
        (twice, "Freischaltung vorhanden", rf"/organizations/new\?policyholder={twice}"),
        (without, "Zugang freischalten", rf"/organizations/new\?policyholder={without}"),
    ):
        page = desk.browser.get(f"/policyholders/{one}").text
        assert re.search(rf'href="{address}">.*?{words}</a>', page)


def test_a_second_of_the_same_name_is_made_once_it_was_said_that_there_is_one(desk, neighbour):
    neighbour.organization(name="Alpenblick")
    assert desk.browser.post("/organizations/new", data={"name": "Alpenblick"}).status_code == 303
    first = desk.browser.post("/organizations/new", data={"name": "Nordwerk"}).headers["Location"]

    asked = desk.browser.post("/organizations/new", data={"name": " NORDWERK "})
    assert asked.status_code == 409
    assert "Es gibt schon eine Organisation dieses Namens." in asked.text
    assert f'href="{first}"' in asked.text
    known = html.unescape(re.search(r'name="known_name" value="([^"]*)"', asked.text)[1])
    # What was said of one name is not said of another.
    other = {"name": "Alpenblick", "known_name": known}
    assert desk.browser.post("/organizations/new", data=other).status_code == 409
    second = desk.browser.post("/organizations/new", data={"name": "Nordwerk", "known_name": known})

    assert second.status_code == 303
    assert second.headers["Location"] != first
    assert f'href="{first}"' in desk.browser.get(second.headers["Location"]).text


def test_of_the_name_that_a_client_proposes_it_is_said_at_once(desk, make):
    holder = make.policyholder("Säntis Mechanik AG")
    there = make.organization(name="Säntis Mechanik AG")
    page = desk.browser.get(f"/organizations/new?policyholder={holder}").text
    assert f'href="/organizations/{there}"' in page
    sent = {"policyholder": str(holder), "name": "Säntis Mechanik AG", "known_name": "Säntis Mechanik AG"}
    assert desk.browser.post("/organizations/new", data=sent).status_code == 303


def test_a_copy_is_asked_the_same_and_what_has_ended_counts_no_more(desk, make):
    yesterday = visibility.today() - datetime.timedelta(days=1)
    make.organization(name="Früher", ends_on=yesterday)
    there = make.organization(name="Nordwerk zwei")
    assert desk.browser.post(f"{desk.path}/copy", data={"name": "Früher"}).status_code == 303

    asked = desk.browser.post(f"{desk.path}/copy", data={"name": "Nordwerk zwei"})
    assert asked.status_code == 409
    assert f'href="/organizations/{there}"' in asked.text
    again = {"name": "Nordwerk zwei", "known_name": "Nordwerk zwei"}
    assert desk.browser.post(f"{desk.path}/copy", data=again).status_code == 303


def test_a_new_name_that_another_has_is_said_with_its_effect_and_after_it_is_saved(desk, make):
    there = f'href="/organizations/{make.organization(name="Säntis Gruppe")}"'
    assert there not in desk.open()

    told = desk.send("/effect", name="säntis gruppe").text
    assert there in told.split('id="effect"')[1]
    assert there not in desk.send("/effect", states=["cancelled"]).text

    after = desk.browser.get(desk.send(name="Säntis Gruppe").headers["Location"]).text
    assert there in after.split('id="effect"')[0]
    assert "Es gibt schon eine Organisation dieses Namens." in after


def test_one_without_a_name_is_refused_beside_the_field(desk):
    refused = desk.browser.post("/organizations/new", data={"name": "  "})
    assert refused.status_code == 422
    assert re.search(r'id="name-error".*darf nicht leer sein', refused.text, re.S)


def test_a_copy_has_clients_and_rules_and_no_members(desk, make, organization):
    make.member(organization)
    copied = desk.browser.post(f"{desk.path}/copy", data={"name": "Nordwerk zwei"}).headers["Location"]

    page = desk.browser.get(copied).text
    assert "2 Verträge" in page
    assert "Noch gehört niemand zu dieser Organisation." in page


def test_an_end_before_the_start_is_said_beside_it_and_nothing_typed_is_lost(desk):
    refused = desk.send(name="Neuer Name", starts_on="2026-05-01", ends_on="2026-04-30")

    assert refused.status_code == 422
    assert re.search(r'id="ends_on-error".*Der letzte Tag liegt vor dem ersten', refused.text, re.S)
    assert 'value="Neuer Name"' in refused.text
    assert "Neuer Name" not in desk.open()


def test_what_ended_yesterday_shows_nothing_any_more(desk, make, organization, sign_in):
    anna = sign_in(make.member(organization))
    assert anna.get("/contracts").status_code == 200

    desk.send(ends_on=str(visibility.today() - datetime.timedelta(days=1)))

    assert anna.get("/contracts").status_code == 302
    assert "Beendet" in desk.open()


def test_deleting_says_what_is_lost_and_members_go_on_elsewhere(desk, make, organization, holder, sign_in):
    other = make.organization(holder, name="Zweite")
    user = make.user("Anna Sommer")
    make.member(organization, user=user, is_main=True)
    staying = make.member(other, user=user)
    make.member(organization)
    below = make.organization(name="Darunter", parent_id=organization)
    make.arrange({organization, below})
    page = desk.browser.get(f"{desk.path}/deletion").text
    assert "2 Personen sehen ihre Verträge dann nicht mehr." in page
    assert "1 davon gehört zu keiner anderen Organisation" in page
    assert "1 untergeordnete Organisation rückt eine Stufe auf." in page

    assert desk.browser.post(f"{desk.path}/deletion").status_code == 303

    assert desk.browser.get(desk.path).status_code == 404
    assert desk.browser.get(f"/organizations/{below}").status_code == 200
    assert sign_in(staying).get("/contracts").status_code == 200


def test_of_two_clerks_the_second_sees_what_the_first_saved_and_chooses(desk):
    page = desk.open()
    desk.send(name="Nordwerk Eins", ends_on="2099-12-31")

    met = desk.send(page=page, name="Nordwerk Zwei")
    assert met.status_code == 409
    assert re.search(r"<td[^>]*>Nordwerk Eins</td><td[^>]*>Nordwerk Zwei</td>", met.text)
    assert 'value="Nordwerk Zwei"' in met.text
    assert desk.send(page=met.text, **{"yield": "name"}, states=["cancelled"]).status_code == 303

    after = desk.form()
    assert after["name"] == ["Nordwerk Eins"]
    assert after["ends_on"] == ["2099-12-31"]
    assert after["states"] == ["cancelled"]


def test_what_two_clerks_change_in_different_places_comes_together(desk):
    page = desk.open()
    desk.send(name="Nordwerk Eins")
    assert desk.send(page=page, states=["cancelled"]).status_code == 303
    assert (desk.form()["name"], desk.form()["states"]) == (["Nordwerk Eins"], ["cancelled"])


def test_an_organization_cannot_stand_below_its_own_child(desk, make, organization):
    make.change("organizations", make.organization(name="Kind"), parent_id=organization)
    listed = desk.browser.get("/api/v1/organizations").json["organizations"]
    child = next(one["key"] for one in listed if one["name"] == "Kind")
    assert f'<option value="{child}">' not in desk.open()

    refused = desk.send(parent=child)

    assert refused.status_code == 422
    assert "Eine Organisation kann sich nicht selbst untergeordnet sein." in refused.text


def test_who_may_only_look_changes_nothing(desk, make, sign_in):
    reader = make.profile("menu:organizations", is_staff=True)
    looking = sign_in(user=make.user(is_staff=True, profile_id=reader))
    page = looking.get(desk.path)
    assert page.status_code == 200
    assert "Anwenden" not in page.text
    assert looking.post(desk.path, data={"name": "X"}).status_code == 403


def test_a_form_that_is_not_whole_is_refused(desk):
    for was in ("", "[]", "{}", "\u0660"):
        assert desk.browser.post(desk.path, data={"name": "X", "was": was}).status_code == 422
