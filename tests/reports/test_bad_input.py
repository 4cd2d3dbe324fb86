"""What nobody understands is refused by name: never ignored, never a broken page."""

import pytest

ODD = [
    "nothing=1", "status=nonsense", "status.like=own", "sort=nothing", "sort=commission_secret", "rows=0", "rows=-1",
    "rows=100000", "limit=x", "after=xxxx", "before=%00", "q=%00", "q=%FF%FE", "premium_net.ge=ten", "premium_net.ge=NaN",
    "ends_on.le=2026-13-45", "ends_on=yesterday", "of=contract:xyz", "of=nothing:1", "fields=id;drop", "columns=key;x",
    "policyholder=1", "q=" + "x" * 300, "number.contains=" + "y" * 5000, "%ED%A0%80=1", "after=W10", "after=" + "A" * 5000,
    "premium_net.ge=1e400", "premium_net.ge=99999999999999999999", "ends_on.ge=0000-00-00", "currency.not=",
]  # fmt: skip


@pytest.mark.parametrize("words", ODD)
def test_an_odd_address_is_refused_with_a_reason(words, make, sign_in):
    browser = sign_in(make.member(make.organization(make.policyholder())))

    page, api = browser.get(f"/contracts?{words}"), browser.get(f"/api/v1/contracts?{words}")

    assert page.status_code == 422, page.text[:500]
    assert api.status_code == 422
    assert api.mimetype == "application/problem+json"
    assert api.json["title"]


@pytest.mark.parametrize(
    "path",
    [
        "/contracts/1",
        "/contracts/%00",
        "/nothing",
        "/api/v1/nothing",
        "/contracts/019353aa-0000-7000-8000-000000000000",
    ],
)
def test_an_unknown_address_is_not_found(path, make, sign_in):
    browser = sign_in(make.member(make.organization(make.policyholder())))
    assert browser.get(path).status_code in (404, 422)


def test_a_wrong_host_reveals_nothing(portal):
    answer = portal.test_client().get("/contracts", base_url="http://somewhere.else")
    assert answer.status_code == 404
    assert "Portico" not in answer.text


def test_ten_megabytes_of_password_are_refused_quietly(nobody):
    answer = nobody.post("/sign-in", data={"email": "a@b.example", "password": "x" * 10_000_000})
    assert answer.status_code in (401, 413, 422)
