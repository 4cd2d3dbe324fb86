"""What a staff profile hides of a field is hidden on the pages of the desk, too."""

from __future__ import annotations

from typing import Any

LANG = {"headers": {"Accept-Language": "en"}}


def desk(make: Any, sign_in: Any, *without: str) -> Any:
    profile = make.profile(is_staff=True, without=without)
    return sign_in(user=make.user("Aylin Kaya", is_staff=True, profile_id=profile))


def test_the_email_of_a_user(make, sign_in):
    user = make.user("Tom Berger", email="hidden@nordwerk.example")
    make.member(make.organization(name="Nordwerk"), user=user)
    for browser, is_shown in (
        (desk(make, sign_in, "field:portal_user.email"), False),
        (sign_in(user=make.user("Henning", is_staff=True, profile_id=make.profile(is_staff=True))), True),
    ):
        for path in ("/users", f"/users/{user}", f"/users/{user}/private-portal"):
            assert ("hidden@" in browser.get(path, **LANG).text) is is_shown, path


def test_the_email_of_a_private_client(make, sign_in):
    user = make.user("Tom Berger", email="tom@nordwerk.example")
    make.member(make.organization(name="Nordwerk"), user=user)
    known = {"kind": "private", "first_name": "Tom", "email": "secret@home.example", "city": "Buxtehude"}
    make.policyholder("Berger", **known)
    path = f"/users/{user}/private-portal"
    assert "secret@home" in desk(make, sign_in).get(path, **LANG).text
    browser = desk(make, sign_in, "field:policyholder.email", "field:policyholder.city")
    page = browser.get(path, **LANG).text
    assert "Berger" in page
    assert "secret@home" not in page
    assert "Buxtehude" not in page


def test_lists_to_choose_from(make, sign_in):
    organization = make.organization(name="Nordwerk")
    make.contract(make.policyholder("Secret AG"), number="SECRET-1")
    path = f"/organizations/{organization}/lists/shared_contracts?q=secret"
    everything = desk(make, sign_in).get(path, **LANG).text
    assert "SECRET-1" in everything
    assert "Secret AG" in everything
    browser = desk(make, sign_in, "field:contract.number", "field:policyholder.name")
    page = browser.get(path, **LANG)
    assert page.status_code == 200
    assert "SECRET-1" not in page.text
    assert "Secret AG" not in page.text
