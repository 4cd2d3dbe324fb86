"""How long a password has to be is the broker's choice, and holds wherever one is set."""

from __future__ import annotations

import datetime

import pytest

from app.accounts.invitations import invite
from app.accounts.passwords import is_right
from app.administration import config
from app.core.errors import Unacceptable
from permissions.arrival import hashed
from tenants import current
from tests.accounts.conftest import EMAIL, PASSWORD, came_in
from tests.administration.features.test_features import desk, form
from tests.administration.organizations.conftest import clerk, holder, organization

__all__ = ["clerk", "desk", "holder", "organization"]

THIRTEEN, FOURTEEN = "x" * 12 + "y", "x" * 13 + "y"


@pytest.fixture
def long(make):
    """A broker who wants fourteen characters."""
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        config.apply(connection, {"tenant": {"password_length": 14}}, None)


def test_the_broker_chooses_it_on_the_page_of_functions(desk, make, neighbour):
    for wrong in ("7", "65", "often", ""):
        refused = desk.post("/features", data=form(desk, password_length=wrong))
        assert refused.status_code == 422
        assert 'id="password_length-error"' in refused.text

    assert desk.post("/features", data=form(desk, password_length="14")).status_code == 303

    assert make.rows("tenants")[0].password_length == 14
    assert neighbour.rows("tenants")[0].password_length == 10
    (row,) = [row for row in make.rows("audit") if row.act == "tenant.changed"]
    assert row.after["password_length"] == 14


def test_it_holds_for_a_change_and_is_said_on_the_form(long, klara, sign_in):
    browser = sign_in(klara.member)
    assert 'minlength="14"' in browser.get("/settings").text
    told = {"present": PASSWORD}
    assert browser.post("/settings/password", data={**told, "new": THIRTEEN}).status_code == 422
    assert browser.post("/settings/password", data={**told, "new": FOURTEEN}).status_code == 303


@pytest.mark.parametrize(("page", "is_reset"), [("activation", False), ("password", True)])
def test_it_holds_for_links_by_mail(page, is_reset, long, klara, nobody, make):
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        secret = invite(connection, klara.user, is_reset=is_reset)
    link = f"/{page}/{secret}"
    assert 'minlength="14"' in nobody.get(link).text
    assert nobody.post(link, data={"password": THIRTEEN}).status_code == 422
    assert nobody.post(link, data={"password": FOURTEEN}).status_code == 303


def test_it_holds_for_a_colleagues_invitation(long, klara, nobody, make):
    make.row(
        "membership_offers",
        organization_id=klara.organization,
        membership_id=klara.member,
        email="new@nordwerk.example",
        name="Nina",
        profile_id=make.profile(),
        token_hash=hashed("secret"),
        expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1),
    )
    assert 'minlength="14"' in nobody.get("/invitation/secret").text
    assert nobody.post("/invitation/secret", data={"password": THIRTEEN}).status_code == 422


def test_it_holds_for_the_configuration_document_but_not_for_what_is_there(long, klara, make, nobody):
    def apply(password: str, **tenant: int) -> None:
        said = {"users": [{"email": EMAIL, "password": password}], "tenant": tenant}
        with current.acting_for(make.tenant_id), make.engine.begin() as connection:
            config.apply(connection, said, None)

    for refused in (THIRTEEN, "x" * 1001):
        with pytest.raises(Unacceptable, match=r"users\[klara"):
            apply(refused)
    assert came_in(nobody, PASSWORD)
    apply(THIRTEEN, password_length=13)
    (user,) = [row for row in make.rows("users") if row.email == EMAIL]
    assert is_right(user.password_hash, THIRTEEN)
    apply(THIRTEEN, password_length=20)
    assert came_in(nobody, THIRTEEN)
