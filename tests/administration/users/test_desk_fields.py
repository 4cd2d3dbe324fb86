"""What a staff profile hides of a field is hidden on the pages of the desk, too."""

from __future__ import annotations

import datetime
import re
from typing import Any

from sqlalchemy import update

from tenants import current, visibility
from tests.factories import table

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


PLACES = {"user_id", "organization_id", "membership_id", "profile_id", "announcement_id"}
SHOWS = ("/members", "/members/<uuid:membership_id>", "/profiles/<uuid:profile_id>/members", "/visibility",
         "/announcements/<uuid:announcement_id>", "/branding/acceptances", "/branding/acceptances.csv", "/reviews/endings",
         "/reviews/<uuid:organization_id>", "/organizations/<uuid:organization_id>", "/users", "/api/v1/visibility")  # fmt: skip


WHOLE = {"/api/v1/config", "/audit", "/audit.csv"}
"""Whoever declares the whole configuration, or reads the log of all changes, reads addresses there."""


def test_no_page_of_the_desk_names_the_email_of_a_user(portal, make, web, sign_in):
    """Asked of every address there is, so that a page that comes is asked as well."""
    client = make.policyholder("Nordwerk", email="secret@nordwerk.example")
    there = {"organization_id": make.organization(client, name="Nordwerk"), "profile_id": make.profile()}
    there["user_id"] = make.user("Tom Berger", email="secret@nordwerk.example")
    soon = visibility.today() + datetime.timedelta(days=5)
    there["membership_id"] = make.member(
        there["organization_id"], there["profile_id"], there["user_id"], ends_on=soon
    )
    invited = make.user("Ida Neu", email="ida.secret@nordwerk.example", password_hash=None)
    make.member(there["organization_id"], there["profile_id"], invited)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        told = {"terms_version": "2026-01", "terms_required": True}
        connection.execute(update(table("tenants")).values(told))
    hiding = desk(make, sign_in, "field:portal_user.email", "field:policyholder.email")
    full = desk(make, sign_in)
    message = {
        "words.de.title": "Wartung",
        "words.de.text": "Am Samstag",
        "tone": "notice",
        "audience": "all",
    }
    sent = full.post("/announcements/new", data={**message, "starts_on": str(visibility.today())})
    there["announcement_id"] = sent.headers["Location"].partition("?")[0].rpartition("/")[2]
    named, answered = set(), 0
    for rule in portal.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.arguments <= PLACES or rule.rule in WHOLE:
            continue
        address = re.sub(r"<uuid:(\w+)>", lambda found: str(there[found[1]]), rule.rule)
        for query in ("", "?who=secret", f"?person={there['user_id']}", "?which=accepted", f"?ids={client}"):
            page = hiding.get(address + query, **LANG)
            answered += page.status_code == 200
            assert b"secret@" not in page.data, address + query
            if b"secret@" in full.get(address + query, **LANG).data:
                named.add(rule.rule)
    assert answered > 150
    assert {one for one in SHOWS if not any(rule.endswith(one) for rule in named)} == set()


def test_whoever_may_not_read_addresses_finds_nobody_by_them(make, sign_in):
    user = make.user("Tom Berger", email="berg.secret@nordwerk.example")
    make.member(make.organization(name="Nordwerk"), user=user)
    for browser, is_found in (
        (desk(make, sign_in, "field:portal_user.email"), False),
        (desk(make, sign_in), True),
    ):
        # The only one who is found is chosen at once.
        assert (browser.get("/visibility?who=berg.secret", **LANG).status_code == 302) is is_found
        answer = browser.get("/api/v1/visibility?person=berg.secret@nordwerk.example", **LANG)
        assert (answer.status_code == 200) is is_found, answer.text


def test_the_last_sign_in_of_a_user(make, sign_in):
    user = make.user("Tom Berger")
    organization = make.organization(name="Nordwerk")
    make.member(organization, user=user)
    for browser, is_shown in (
        (desk(make, sign_in, "field:portal_user.signed_in_at"), False),
        (desk(make, sign_in), True),
    ):
        members = f"/organizations/{organization}/members"
        for path in (f"/users/{user}", members, f"/reviews/{organization}"):
            assert ("Last sign-in" in browser.get(path, **LANG).text) is is_shown, path


def test_the_other_fields_of_a_user(make, sign_in):
    user = make.user("Tom Berger", language="fr")
    make.member(make.organization(name="Nordwerk"), user=user)
    shown = {
        "sign_ins": "Sign-ins in total",
        "sign_ins_this_month": "Sign-ins this month",
        "sign_ins_last_month": "Sign-ins last month",
        "language": "Language</dt>",
        "created_at": "User since",
        "signed_in_at": "Latest sign-ins",
    }
    everything = desk(make, sign_in).get(f"/users/{user}", **LANG).text
    nothing = desk(make, sign_in, *(f"field:portal_user.{field}" for field in shown))
    page = nothing.get(f"/users/{user}", **LANG).text
    assert [label for label in shown.values() if label not in everything] == []
    assert [label for label in shown.values() if label in page] == []
