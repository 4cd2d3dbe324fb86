"""Signing in: the right people come in, everybody else gets one and the same answer."""

import datetime

import pytest

from app.accounts.passwords import hash_password
from permissions.rights import raise_version
from tenants import current
from tests.factories import table

PASSWORD = "a long enough password"
YESTERDAY = datetime.date.today() - datetime.timedelta(days=2)


def person(make, **values):
    return make.user(password_hash=hash_password(PASSWORD), email="klara@nordwerk.example", **values)


def tried(nobody, password=PASSWORD, email="klara@nordwerk.example"):
    return nobody.post("/sign-in", data={"email": email, "password": password})


def test_a_member_signs_in_and_out(make, nobody):
    make.member(make.organization(make.policyholder()), user=person(make), is_main=True)

    answer = tried(nobody)

    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert nobody.get("/contracts").status_code == 200
    assert nobody.post("/sign-out").status_code == 303
    assert nobody.get("/contracts").status_code == 302


def test_the_address_is_taken_in_any_case(make, nobody):
    make.member(make.organization(make.policyholder()), user=person(make))
    assert tried(nobody, email="  Klara@Nordwerk.EXAMPLE ").status_code == 303


@pytest.mark.parametrize(
    "reason", ["wrong", "unknown", "inactive", "ended", "ended organization", "no password", "locked"]
)
def test_every_refusal_is_the_same_answer(reason, make, nobody):
    ends = YESTERDAY if reason == "ended organization" else None
    organization = make.organization(make.policyholder(), ends_on=ends)
    user = person(make, is_active=reason != "inactive")
    make.member(organization, user=user, ends_on=YESTERDAY if reason == "ended" else None)
    if reason == "no password":
        make.change("users", user, password_hash=None)
    if reason == "locked":
        for _ in range(10):
            tried(nobody, "wrong")

    answer = tried(
        nobody,
        password="wrong" if reason == "wrong" else PASSWORD,
        email="nobody@nordwerk.example" if reason == "unknown" else "klara@nordwerk.example",
    )

    assert answer.status_code == 401
    assert answer.text.count('role="alert"') == 1
    assert "portico=" not in answer.headers.get("Set-Cookie", "")
    reference = tried(nobody, "surely wrong", "somebody@else.example")
    assert answer.text.replace("klara@nordwerk.example", "").replace("nobody@nordwerk.example", "") == (
        reference.text.replace("somebody@else.example", "")
    )


def test_a_session_ends_at_once_when_its_user_is_deactivated(make, sign_in):
    member = make.member(make.organization(make.policyholder()))
    browser = sign_in(member)
    assert browser.get("/contracts").status_code == 200

    make.change("users", make.user_of(member), is_active=False)

    assert browser.get("/contracts").status_code == 302


def test_a_session_of_one_broker_opens_nothing_at_another(make, neighbour, portal, sign_in):
    browser = sign_in(make.member(make.organization(make.policyholder())))
    cookie = browser.client.get_cookie("portico", domain=f"{make.tenant_id.hex}.test").value
    browser.client.set_cookie("portico", cookie, domain=f"{neighbour.tenant_id.hex}.test")

    answer = browser.client.get("/contracts", base_url=f"http://{neighbour.tenant_id.hex}.test")

    assert answer.status_code == 302


def test_a_form_of_another_site_is_refused(make, sign_in):
    browser = sign_in(make.member(make.organization(make.policyholder())))
    assert browser.post("/sign-out", headers={"Origin": "http://evil.example"}).status_code == 403
    assert browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get("/contracts").status_code == 200


def test_switching_organizations_changes_what_is_seen(make, sign_in):
    first, second = make.policyholder("One"), make.policyholder("Two")
    make.contract(first, number="N-1")
    make.contract(second, number="N-2")
    user = make.user()
    here = make.member(make.organization(first), user=user, is_main=True)
    there = make.member(make.organization(second, name="Second"), user=user)
    browser = sign_in(here)
    assert "N-1" in browser.get("/contracts").text

    assert browser.post("/organization", data={"organization": str(there)}).status_code == 303

    page = browser.get("/contracts").text
    assert "N-2" in page
    assert "N-1" not in page
    strange = make.member(make.organization(first, name="Not mine"))
    assert browser.post("/organization", data={"organization": str(strange)}).status_code == 404


def test_a_token_reads_the_api_and_dies_when_revoked(make, sign_in, portal):
    holder = make.policyholder()
    make.contract(holder, number="N-1")
    browser = sign_in(make.member(make.organization(holder)))

    made = browser.post("/settings/tokens", data={"name": "ERP", "days": "30"})
    token = made.text.split("<code>")[1].split("</code>")[0]
    program = portal.test_client()

    def ask():
        return program.get(
            "/api/v1/contracts", base_url=browser.base, headers={"Authorization": f"Bearer {token}"}
        )

    assert made.status_code == 201
    assert [item["number"] for item in ask().json["contracts"]] == ["N-1"]
    # Nor does it make another, which would outlive it.
    next_one = program.post(
        "/settings/tokens",
        base_url=browser.base,
        data={"name": "for ever", "days": "365"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert next_one.status_code == 403
    token_id = browser.get("/settings").text.split("/settings/tokens/")[1].split("/revocation")[0]
    assert browser.post(f"/settings/tokens/{token_id}/revocation").status_code == 303
    assert ask().status_code == 401
    assert ask().mimetype == "application/problem+json"


def test_a_token_opens_nothing_while_its_owner_may_have_none_and_he_can_still_revoke_it(
    make, sign_in, portal
):
    profile = make.profile()
    browser = sign_in(make.member(make.organization(make.policyholder()), profile))
    made = browser.post("/settings/tokens", data={"name": "ERP", "days": "30"})
    headers = {"Authorization": f"Bearer {made.text.split('<code>')[1].split('</code>')[0]}"}

    def ask(path="/api/v1/contracts"):
        return portal.test_client().get(path, base_url=browser.base, headers=headers).status_code

    assert ask() == 200
    used_at = make.rows("api_tokens")[0].used_at
    rule = {"profile_id": profile, "subject": "function:api_tokens"}
    granted(make, rule, is_on=False)
    assert (ask(), ask("/settings"), ask("/")) == (401, 302, 302)
    assert make.rows("api_tokens")[0].used_at == used_at
    granted(make, rule, is_on=True)
    assert ask() == 200
    granted(make, rule, is_on=False)

    assert browser.post("/settings/tokens", data={"name": "Next", "days": "30"}).status_code == 403
    page = browser.get("/settings").text
    assert "ERP" in page
    assert 'action="/settings/tokens"' not in page
    token_id = page.split("/settings/tokens/")[1].split("/revocation")[0]
    assert browser.post(f"/settings/tokens/{token_id}/revocation").status_code == 303
    assert make.rows("api_tokens") == []
    assert 'id="tokens"' not in browser.get("/settings").text
    granted(make, rule, is_on=True)
    assert ask() == 401


def granted(make, rule, *, is_on):
    """A profile's rule, put there or taken away."""
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        rules = table("profile_rules")
        of_it = (rules.c.tenant_id == make.tenant_id) & (rules.c.profile_id == rule["profile_id"])
        connection.execute(rules.delete().where(of_it, rules.c.subject == rule["subject"]))
        if is_on:
            connection.execute(rules.insert().values(tenant_id=make.tenant_id, **rule, action="use"))
        raise_version(connection, make.tenant_id, rule["profile_id"])


def test_the_chosen_language_is_remembered(make, nobody):
    make.member(make.organization(make.policyholder()), user=person(make))
    nobody.post("/language", data={"language": "fr"})
    assert '<html lang="fr"' in nobody.get("/sign-in").text
    tried(nobody)
    nobody.post("/language", data={"language": "es"})
    assert '<html lang="es"' in nobody.get("/").text
