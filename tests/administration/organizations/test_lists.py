"""Who and what is in an organization: found by a few letters, put in, taken out."""

from __future__ import annotations

import re

import pytest

from tests.administration.organizations.test_settings import numbers


def keys_of(page, name):
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def test_a_client_found_by_a_few_letters_brings_his_contracts(desk, make, organization, sign_in):
    anna = sign_in(make.member(organization))
    further = make.policyholder("Säntis Mechanik AG")
    make.contract(further, number="S-1", status="own")
    path = f"{desk.path}/lists/policyholders"

    found = keys_of(desk.browser.get(f"{path}?q=santis").text, "add")
    assert len(found) == 1
    told = desk.browser.post(path, data={"add": found, "way": "effect", "q": "santis"})
    assert re.search(r"<s>2</s>.*<b>3</b>", told.text, re.S)
    assert numbers(anna) == ["N-1", "N-2"]
    added = desk.browser.post(path, data={"add": found, "way": "apply"})

    assert numbers(anna) == ["N-1", "N-2", "S-1"]
    undoing = re.search(r'action="([^"]+/undoing)"', desk.browser.get(added.headers["Location"]).text)[1]
    desk.browser.post(undoing)
    assert numbers(anna) == ["N-1", "N-2"]


def test_a_contract_of_anybody_is_shared_and_one_of_the_organization_withheld(
    desk, make, organization, sign_in
):
    anna = sign_in(make.member(organization))
    make.contract(make.policyholder("Unterstützungskasse e. V."), number="GU-2210", status="dormant")

    for word, letters in (("shared_contracts", "gu-22"), ("excluded_contracts", "N-2")):
        path = f"{desk.path}/lists/{word}"
        desk.browser.post(path, data={"add": keys_of(desk.browser.get(f"{path}?q={letters}").text, "add")})

    assert numbers(anna) == ["GU-2210", "N-1"]
    taken_out = keys_of(desk.browser.get(f"{desk.path}/lists/shared_contracts").text, "remove")
    desk.browser.post(f"{desk.path}/lists/shared_contracts", data={"remove": taken_out})
    assert numbers(anna) == ["N-1"]


def test_nobody_of_another_broker_is_found_or_taken(desk, neighbour):
    neighbour.policyholder("Zweitmakler GmbH")
    path = f"{desk.path}/lists/policyholders"

    assert "Zweitmakler" not in desk.browser.get(f"{path}?q=zweit").text
    refused = desk.browser.post(path, data={"add": "holder-of-nobody", "way": "apply"})

    assert refused.status_code == 422
    assert "Nicht bekannt: holder-of-nobody" in refused.text


def test_letters_that_mean_something_to_the_database_are_letters(desk):
    assert "add" not in desk.browser.get(f"{desk.path}/lists/policyholders?q=%25").text.split("data-found")[1]


def ticked(page):
    return sorted(re.findall(r'name="(add|remove)" value="([^"]+)" checked', page))


@pytest.mark.parametrize("way", ["letters", "find", "effect"])
def test_what_is_ticked_survives_further_searches_until_it_is_applied(desk, make, organization, sign_in, way):
    anna = sign_in(make.member(organization))
    make.contract(make.policyholder("Säntis Mechanik AG"), number="S-1", status="own")
    make.policyholder("Rheintal Logistik AG")
    path = f"{desk.path}/lists/policyholders"
    [santis] = keys_of(desk.browser.get(f"{path}?q=santis").text, "add")
    [nordwerk] = keys_of(desk.browser.get(path).text, "remove")

    page = desk.browser.post(
        path, data={"add": [santis], "remove": [nordwerk], "way": way, "q": "rheintal"}
    ).text

    assert ticked(page) == [("add", santis), ("remove", nordwerk)]
    assert len(keys_of(page, "add")) == 2
    assert "Säntis Mechanik" in page
    assert "Rheintal Logistik" in page
    assert ("<s>2</s>" in page) == (way != "letters")
    assert numbers(anna) == ["N-1", "N-2"]
    desk.browser.post(path, data={"add": [santis], "remove": [nordwerk], "way": "apply", "q": "rheintal"})
    assert numbers(anna) == ["S-1"]


def test_applying_nothing_is_told(desk):
    refused = desk.browser.post(f"{desk.path}/lists/policyholders", data={"way": "apply", "q": "nord"})

    assert refused.status_code == 422
    assert "Nichts gewählt." in refused.text
    assert "<title>Fehler:" in refused.text


@pytest.mark.parametrize("way", ["apply", "effect"])
def test_a_contract_on_both_lists_is_named_as_people_know_it(desk, way):
    shared, excluded = (f"{desk.path}/lists/{word}" for word in ("shared_contracts", "excluded_contracts"))
    [key] = keys_of(desk.browser.get(f"{shared}?q=N-2").text, "add")
    desk.browser.post(shared, data={"add": key})

    refused = desk.browser.post(excluded, data={"add": key, "q": "n-2", "way": way})

    assert refused.status_code == 422
    panel = refused.text.split('id="effect"')[1]
    assert "N-2 (Nordwerk Guss GmbH)" in panel
    assert ticked(refused.text) == [("add", key)]
    assert 'value="n-2"' in refused.text


def test_there_is_no_other_list(desk):
    assert desk.browser.get(f"{desk.path}/lists/members").status_code == 404
