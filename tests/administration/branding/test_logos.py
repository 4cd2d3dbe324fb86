"""Logos: pictures only, made clean, stored before any row names them, and each at its own broker's host."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests.administration.branding.conftest import png

NAMES = "select logo, logo_dark from tenants where tenant_id = :tenant"


def bomb() -> bytes:
    """A picture of a few kilobytes with 400 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 20_001 * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


REFUSED = {
    "a bomb": bomb(),
    "text": b"This is no picture.",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "20 MB": png() + b"\0" * (20 << 20),
    "half a picture": png("red", (400, 400))[:200],
    "nothing": b"",
}


def upload(browser: Any, path: str, data: bytes, **form: str) -> Any:
    return browser.post(path, data={**form, "file": (io.BytesIO(data), "logo.png")})


def logo_of(page: str) -> str:
    found = re.search(r'class="logo"[^>]*>.*?<img[^>]* src="([^"]+)"', page, re.S)
    assert found is not None, page[:2000]
    return found[1]


def test_a_logo_stands_in_the_bar_before_signing_in_too(house, nobody, next_door):
    assert upload(house.desk, "/branding/logo", png(), which="logo").status_code == 303

    address = logo_of(house.client.get("/contracts").text)
    assert logo_of(nobody.get("/sign-in").text) == address
    answer = nobody.get(address)
    assert (answer.content_type, Image.open(io.BytesIO(answer.data)).size) == ("image/png", (60, 20))
    assert next_door.get(address).status_code == 404


def test_the_same_logo_of_the_neighbour_has_another_address(house, next_door):
    upload(house.desk, "/branding/logo", png(), which="logo")
    upload(next_door, "/branding/logo", png(), which="logo")
    ours, theirs = logo_of(house.desk.get("/branding").text), logo_of(next_door.get("/branding").text)

    assert ours != theirs
    assert house.desk.get(ours).status_code == next_door.get(theirs).status_code == 200
    assert house.desk.get(theirs).status_code == next_door.get(ours).status_code == 404


def test_a_name_alone_opens_no_file(house, nobody, portal, make):
    """Not even of this broker: what is in storage under a checksum may be anybody’s document."""
    stored = portal.extensions["storage"].store_bytes(make.tenant_id, b"%PDF- secret")
    upload(house.desk, "/branding/logo", png(), which="logo")
    seal = logo_of(house.desk.get("/branding").text).split(".")[1]

    for name in (stored.name, f"{stored.name}.{seal}", f"{stored.name}.{'0' * 20}"):
        assert nobody.get(f"/brand/{name}.png").status_code == 404


def test_by_night_there_is_another_and_without_it_the_same_on_a_plate(house, make):
    house.desk.post("/branding/theme", data={"theme": "alpin"})
    upload(house.desk, "/branding/logo", png("navy"), which="logo")
    make.change("users", house.klara, scheme="dark")
    by_night = house.client.get("/contracts").text
    assert 'class="plate"' in by_night
    light = logo_of(by_night)

    upload(house.desk, "/branding/logo", png("white"), which="logo_dark")
    by_night = house.client.get("/contracts").text
    assert 'class="plate"' not in by_night
    assert logo_of(by_night) != light
    make.change("users", house.klara, scheme="light")
    assert logo_of(house.client.get("/contracts").text) == light


def test_a_bar_that_is_dark_by_day_shows_the_logo_for_dark_grounds(house, make):
    upload(house.desk, "/branding/logo", png("navy"), which="logo")
    light = logo_of(house.desk.get("/branding").text)
    upload(house.desk, "/branding/logo", png("white"), which="logo_dark")

    assert logo_of(house.desk.get("/branding").text) != light


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("which", ["logo", "logo_dark"])
def test_what_is_no_picture_is_refused_beside_its_field(which, name, house, run):
    answer = upload(house.desk, "/branding/logo", REFUSED[name], which=which)

    assert answer.status_code == 422
    assert f'id="{which}-error"' in answer.text
    assert run(NAMES)[0] == (None, None)


@pytest.mark.parametrize("name", REFUSED)
def test_so_it_is_for_an_organization(name, house, run):
    answer = upload(house.desk, f"/organizations/{house.organization}/logo", REFUSED[name])

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert run("select logo from organizations where tenant_id = :tenant") == [(None,)]


def test_without_a_file_something_is_asked_for(house):
    assert house.desk.post("/branding/logo", data={"which": "logo"}).status_code == 422
    assert house.desk.post(f"/organizations/{house.organization}/logo").status_code == 422
    assert upload(house.desk, "/branding/logo", png(), which="favicon").status_code == 404


def test_what_a_file_carries_besides_is_gone(house, nobody):
    held = io.BytesIO()
    Image.new("RGB", (40, 20)).save(held, "JPEG", exif=b"Exif\0\0secret place", comment=b"secret words")
    upload(house.desk, "/branding/logo", held.getvalue() + b"<script>secret</script>", which="logo")

    assert b"secret" not in nobody.get(logo_of(nobody.get("/sign-in").text)).data


def test_the_dark_logo_needs_the_light_one_and_goes_with_it(house, run):
    assert upload(house.desk, "/branding/logo", png(), which="logo_dark").status_code == 422
    upload(house.desk, "/branding/logo", png(), which="logo")
    upload(house.desk, "/branding/logo", png("white"), which="logo_dark")

    removed = house.desk.post("/branding/logo/removal", data={"which": "logo"})

    assert run(NAMES)[0] == (None, None)
    # And both come back.
    change = removed.location.partition("change=")[2]
    assert house.desk.post(f"/branding/changes/{change}/undoing").status_code == 303
    assert None not in run(NAMES)[0]
    assert house.desk.get(logo_of(house.desk.get("/branding").text)).status_code == 200


def test_no_row_without_its_file(house, run, portal, monkeypatch):
    from dataclasses import replace

    from app.core.storage import Storage

    there = portal.extensions["storage"]
    away = Storage(replace(there.settings, s3_endpoint_url="http://127.0.0.1:9"))
    monkeypatch.setitem(portal.extensions, "storage", away)

    assert upload(house.desk, "/branding/logo", png("red"), which="logo").status_code == 503
    assert run(NAMES)[0] == (None, None)


def test_the_logo_of_an_organization_is_for_its_members_and_the_desk(house, next_door, make, sign_in, nobody):
    path = f"/organizations/{house.organization}/logo"
    answer = upload(house.desk, path, png())

    assert answer.status_code == 303
    assert house.desk.get(path).data == house.client.get(own_logo(house)).data
    assert nobody.get(path).status_code == 302
    assert house.client.get(path).status_code == 403
    assert next_door.get(path).status_code == 404
    assert next_door.get(own_logo(house)).status_code == 404
    assert sign_in(make.member(make.organization())).get(own_logo(house)).status_code == 404

    change = answer.location.partition("change=")[2]
    house.desk.post(f"{path}/removal")
    assert house.desk.get(path).status_code == 404
    assert house.desk.post(f"/organizations/{house.organization}/changes/{change}/undoing").status_code == 409


def own_logo(house: Any) -> str:
    found = re.search(r'class="org-logo" src="([^"]+)"', house.client.get("/contracts").text)
    return found[1] if found else "/logo/none"


def test_sheets_of_paper_bear_the_logo(house, nobody):
    upload(house.desk, "/branding/logo", png(), which="logo")
    without = house.client.get("/contracts.pdf").data
    upload(house.desk, "/branding/logo", png("red", (300, 100)), which="logo")

    with_another = house.client.get("/contracts.pdf").data
    assert without.startswith(b"%PDF")
    assert with_another != without
