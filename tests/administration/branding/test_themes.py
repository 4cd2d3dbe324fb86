"""Themes at the desk: chosen from disk, tried by oneself, designed by a few answers; and never another broker's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app.core.text import speaking
from app.shell import assets
from app.shell.assets import served, themes
from tests.administration.branding.conftest import OWN
from tests.conftest import Browser

TENANT = "select theme, own_theme from tenants where tenant_id = :tenant"


def sheet_of(page: str) -> str:
    """The address of the theme a page is shown in."""
    found = re.search(r'href="([^"]+)" data-theme', page)
    assert found is not None
    return found[1]


def en(browser: Browser, path: str) -> str:
    return browser.get(path, headers={"Accept-Language": "en"}).text


def test_a_theme_is_chosen_and_holds_for_everybody_of_this_broker(house, next_door, run):
    answer = house.desk.post("/branding/theme", data={"theme": "alpin"})

    assert answer.status_code == 303
    assert run(TENANT)[0].theme == "alpin"
    for page in (house.desk.get(answer.location), house.client.get("/contracts"), house.client.get("/terms")):
        assert page.status_code == 303 or sheet_of(page.text) == themes()["alpin"].css
    assert sheet_of(next_door.get("/branding").text) == themes()["hanse"].css


def test_trying_a_theme_changes_it_for_nobody(house, run):
    tried = house.desk.get("/branding?theme=atelier").text

    assert sheet_of(tried) == themes()["atelier"].css
    assert sheet_of(house.desk.get("/branding").text) == themes()["hanse"].css
    assert run(TENANT)[0].theme == "hanse"
    assert house.desk.get("/branding?theme=baroque").status_code == 404


def test_an_own_theme_is_a_style_sheet_at_an_address_of_its_own(house, nobody, next_door):
    house.desk.post("/branding/own", data=OWN)
    address = sheet_of(house.client.get("/contracts").text)

    assert sheet_of(nobody.get("/sign-in").text) == address
    sheet = nobody.get(address)
    assert sheet.content_type.startswith("text/css")
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "--brand-accent: #6b3fa0;" in sheet.text
    assert "--brand-heading: Georgia," in sheet.text
    assert ("--brand-radius: 12px;" in sheet.text, "--brand-density: 0.80;" in sheet.text) == (True, True)

    house.desk.post("/branding/own", data=OWN | {"radius": "3"})
    other = sheet_of(house.client.get("/contracts").text)
    assert other != address
    # Whoever still has a page from before gets its style sheet, too.
    assert nobody.get(address).status_code == 200


def test_an_own_theme_is_served_at_its_brokers_host_alone(house, nobody, next_door):
    house.desk.post("/branding/own", data=OWN)
    address = sheet_of(house.client.get("/contracts").text)

    assert next_door.get(address).status_code == 404
    next_door.post("/branding/own", data=OWN)
    assert sheet_of(next_door.get("/branding").text) != address
    assert next_door.get(address).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("6b3fa0", "ff0000"),
        lambda address: address.replace("-12-", "-99-"),
        lambda address: address.replace("classic", "comic"),
        lambda address: re.sub(r"\.[0-9a-f]{20}\.", "." + "0" * 20 + ".", address),
        lambda address: "/theme/x.css",
        lambda address: "/theme/..%2f..%2fsecret.css",
    ],
)
def test_an_address_nobody_gave_out_opens_nothing(change, house, nobody):
    house.desk.post("/branding/own", data=OWN)

    assert nobody.get(change(sheet_of(house.client.get("/").text))).status_code == 404


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#000000;} body {background: url(//evil.example)"),
        ("accent", ""),
        ("tint", "url(x)"),
        ("heading", "Comic Sans"),
        ("radius", "17"),
        ("radius", "-1"),
        ("radius", "2.5"),
        ("radius", "99999999999999999999"),
        ("density", "69"),
        ("density", "101"),
        ("density", "1e2"),
    ],
)
def test_what_is_no_token_is_refused_beside_its_field_and_nothing_typed_is_lost(word, typed, house, run):
    answer = house.desk.post("/branding/own", data=OWN | {word: typed})

    assert answer.status_code == 422
    assert run(TENANT)[0] == ("hanse", None)
    assert f'id="{word}-error"' in answer.text
    for other, value in OWN.items():
        if other not in (word, "heading"):
            assert f'name="{other}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert house.desk.get("/branding", query_string={"theme": "own", **OWN, word: typed}).status_code == 422
    assert house.desk.get("/branding/try.css", query_string={**OWN, word: typed}).status_code == 204


def test_what_could_not_be_read_is_refused_with_its_contrast(house, run):
    typed = OWN | {"accent": "#00ff00", "tint": "#000000"}
    answer = house.desk.post("/branding/own", data=typed, headers={"Accept-Language": "en"})

    assert answer.status_code == 422
    assert "Text reaches a contrast of 4.0" in answer.text
    assert 'id="accent-error"' in answer.text
    assert run(TENANT)[0] == ("hanse", None)


def test_a_theme_that_is_designed_is_shown_before_it_is_kept(house, next_door, run):
    page = house.desk.get("/branding", query_string={"theme": "own", **OWN}).text
    sheet = house.desk.get("/branding/try.css", query_string=OWN)

    assert "--brand-accent: #6b3fa0" in house.desk.get(sheet_of(page)).text
    assert "--brand-accent: #6b3fa0" in sheet.text
    assert run(TENANT)[0] == ("hanse", None)
    assert house.client.get("/branding/try.css", query_string=OWN).status_code == 403


def test_a_change_is_taken_back_and_told_in_words(house, run):
    chosen = house.desk.post("/branding/own", data=OWN)
    change = chosen.location.partition("change=")[2]
    assert "Own theme, Accent colour" in en(house.desk, "/branding")

    assert house.desk.post(f"/branding/changes/{change}/undoing").status_code == 303

    assert run(TENANT)[0] == ("hanse", None)
    assert house.desk.post(f"/branding/changes/{change}/undoing").status_code == 409


def test_another_brokers_change_is_none(house, next_door):
    chosen = house.desk.post("/branding/theme", data={"theme": "alpin"})
    change = chosen.location.partition("change=")[2]

    assert next_door.post(f"/branding/changes/{change}/undoing").status_code == 404


def test_an_organization_has_a_theme_of_its_own(house, make, sign_in):
    other = sign_in(make.member(make.organization()))
    make.change("organizations", house.organization, theme="alpin")

    assert sheet_of(house.client.get("/contracts").text) == themes()["alpin"].css
    assert sheet_of(other.get("/contracts").text) == themes()["hanse"].css


def test_a_theme_gone_from_disk_leaves_the_portal_as_it_was_first(house, make):
    make.change("organizations", house.organization, theme="gone")

    assert sheet_of(house.client.get("/contracts").text) == themes()["hanse"].css


def test_a_brokers_own_package_is_his_alone(house, nobody, make, monkeypatch, run):
    """`house` in its theme.toml says whose it is; `shared = false` keeps it from others’ galleries."""
    package = replace(themes()["alpin"], house="somebody-else", is_shared=False)
    monkeypatch.setattr(assets, "themes", lambda: {"hanse": themes()["hanse"], "alpin": package})

    assert "theme=alpin" not in house.desk.get("/branding").text
    assert house.desk.post("/branding/theme", data={"theme": "alpin"}).status_code == 422
    assert house.desk.get("/branding?theme=alpin").status_code == 404
    assert nobody.get(package.css).status_code == 404
    assert nobody.get(package.logo_light).status_code == 404
    package = replace(package, house=run("select slug from tenants where tenant_id = :tenant")[0].slug)
    assert nobody.get(package.css).status_code == 200
    assert house.desk.post("/branding/theme", data={"theme": "alpin"}).status_code == 303


def test_the_logo_in_a_shared_package_is_shown_to_its_house_alone(house, nobody):
    hanse = themes()["hanse"]

    assert hanse.house == "hansen"
    assert nobody.get(hanse.css).status_code == 200
    assert nobody.get(hanse.logo_light).status_code == nobody.get(hanse.icon).status_code == 404
    assert served(hanse.logo_light) is not None
    page = nobody.get("/sign-in").text
    assert hanse.logo_light not in page
    assert '<b class="wordmark">Test</b>' in page


def test_who_may_only_look_at_the_page_changes_nothing(make, sign_in, run):
    looking = sign_in(user=make.user(is_staff=True, profile_id=make.profile("menu:branding", is_staff=True)))

    assert "/branding/theme" not in looking.get("/branding").text
    for path in ("theme", "own", "logo", "logo/removal", "links", "terms"):
        assert looking.post(f"/branding/{path}", data=OWN).status_code == 403
    assert run(TENANT)[0].theme == "hanse"


def test_sheets_of_paper_bear_the_theme_of_the_organization(house, make):
    brokers = house.client.get("/contracts.pdf").data
    make.change("organizations", house.organization, theme="alpin")

    own = house.client.get("/contracts.pdf").data
    assert own != brokers
    make.change("organizations", house.organization, theme=None)
    assert house.client.get("/contracts.pdf").data == brokers


def test_sheets_of_paper_bear_the_brokers_own_look(house, make: Any, portal):
    from app.shell.stationery import stationery_of
    from tenants import current
    from tenants.directory import house_of

    house.desk.post("/branding/own", data=OWN)
    with (
        portal.app_context(),
        current.acting_for(make.tenant_id),
        make.engine.begin() as connection,
        speaking("en"),
    ):
        paper = stationery_of(house_of(connection, make.tenant_id))
        other = stationery_of(house_of(connection, make.tenant_id), "alpin")

    assert (paper.accent, paper.band, paper.logo) == ("#6b3fa0", "#ffffff", "")
    assert other.accent != paper.accent
    assert house.client.get("/contracts.pdf").data.startswith(b"%PDF")
