"""Where somebody is sent stays within the portal, whatever stands in the address."""

from __future__ import annotations

import pytest

WAYS = ["/\t/evil.example", "/\t\\evil.example", "/\r/evil.example", "//evil.example", "/\\evil.example"]


@pytest.mark.parametrize("way", WAYS)
def test_signed_in_goes_nowhere_else(make, sign_in, way):
    browser = sign_in(make.member(make.organization()))
    answer = browser.get("/sign-in", query_string={"next": way})
    assert answer.status_code < 500
    assert not answer.headers["Location"].startswith(("//", "/\\")), answer.headers["Location"]


@pytest.mark.parametrize("way", WAYS)
def test_language_goes_nowhere_else(make, nobody, way):
    answer = nobody.post("/language", data={"language": "en", "next": way})
    assert answer.status_code < 500
    assert not answer.headers["Location"].startswith(("//", "/\\")), answer.headers["Location"]


@pytest.mark.parametrize("path", ["/logo/a%0d%0ab", "/logo/a%0ab", "/home/video/a%0db"])
def test_an_address_with_a_line_break_leads_to_signing_in_like_any_other(nobody, path):
    answer = nobody.get(path)
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/")


def test_the_way_back_keeps_all_of_its_address(nobody):
    assert nobody.get("/contracts?status=own&sort=number").location == (
        "/sign-in?next=/contracts?status%3Down%26sort%3Dnumber"
    )
