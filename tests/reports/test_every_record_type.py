"""Every record type has an overview, a page, a file and an API, and each shows what the organization sees."""

import datetime

import pytest

from tests.sources import SOURCES

OVERVIEWS = (
    "policyholders",
    "contracts",
    "objects",
    "claims",
    "invoices",
    "certificates",
    "documents",
    "cases",
    "messages",
)


@pytest.fixture
def stock(make):
    """One of everything for Nordwerk, and one of everything for somebody else; the keys are record types."""

    def one_of_everything(name):
        holder = make.policyholder(name, city="Straßburg", iban="DE02120300000000202051")
        contract = make.contract(
            holder, number=f"{name}-1", insurer_id=make.insurer(), line_of_business="081", premium_net="1234.50",
            ends_on=datetime.date(2026, 12, 31), status="own", attributes={"area": "1200 m²"}, remarks="a\nb",
        )  # fmt: skip
        thing = make.object(holder, (contract,), label=f"{name} hall", sum_insured=1_000_000, currency="CHF")
        claim = make.claim(contract, object_id=thing, broker_number=f"S-{name}", reserve=5000, currency="USD")
        invoice = make.invoice(holder, contract, number=f"R-{name}", gross="99.95")
        certificate = make.certificate(contract, number=f"Z-{name}", goods="Gears")
        document = make.document(links={"contract": contract}, title=f"Policy {name}")
        return {
            "policyholder": holder, "contract": contract, "object": thing, "claim": claim, "invoice": invoice,
            "certificate": certificate, "document": document,
        }  # fmt: skip

    return one_of_everything("Nordwerk"), one_of_everything("Stranger")


@pytest.fixture
def member(make, stock):
    tags = make.row("document_profiles", key="standard", name="Standard", tags=["portal"])
    organization = make.organization(
        stock[0]["policyholder"], document_profile_id=tags, profile_currency="EUR"
    )
    member = make.member(organization)
    case = make.row(
        "cases", key="case", subject="Nordwerk matter", status="open", owner_id=make.user_of(member)
    )
    other = make.row("cases", key="other", subject="Stranger matter", status="open", owner_id=make.user())
    stock[0]["case"] = case
    for name, of, some in (("Nordwerk", case, stock[0]), ("Stranger", other, stock[1])):
        some["message"] = make.row(
            "messages", key=name, of_case_id=of, subject=f"{name} roof", text=f"{name} words"
        )
    return member


@pytest.mark.parametrize("plural", OVERVIEWS)
def test_overview_page_file_and_api_show_the_organizations_records_only(plural, stock, member, sign_in):
    browser = sign_in(member)
    source = next(source for source in SOURCES.values() if source.plural == plural)
    ours, theirs = stock[0][source.record], stock[1].get(source.record)

    page, file, api = (browser.get(path) for path in (f"/{plural}", f"/{plural}.csv", f"/api/v1/{plural}"))
    detail, single = browser.get(f"/{plural}/{ours}"), browser.get(f"/api/v1/{plural}/{ours}")

    assert [answer.status_code for answer in (page, file, api, detail, single)] == [200] * 5
    assert str(ours) in page.text
    assert [item["id"] for item in api.json[plural]] == [str(ours)]
    assert single.json["id"] == str(ours)
    for answer in (page, file, api, detail, single):
        assert "Nordwerk" in answer.text
        assert "Stranger" not in answer.text
        assert theirs is None or str(theirs) not in answer.text
    if theirs:
        assert browser.get(f"/{plural}/{theirs}").status_code == 404
        assert browser.get(f"/api/v1/{plural}/{theirs}").status_code == 404


@pytest.mark.parametrize("plural", OVERVIEWS)
def test_every_column_can_be_shown_sorted_and_filtered(plural, stock, member, sign_in):
    browser = sign_in(member)
    source = next(source for source in SOURCES.values() if source.plural == plural)
    from app.reports.columns import OPERATORS

    for name, field in source.schema.declared().items():
        if field.kind not in ("references", "details", "long_text"):
            assert browser.get(f"/{plural}?columns={name}").status_code == 200, name
            assert browser.get(f"/api/v1/{plural}?fields={name}").status_code == 200, name
        if field.sort and field.kind not in ("words", "details", "references"):
            for sort in (name, f"-{name}"):
                answer = browser.get(f"/api/v1/{plural}?sort={sort}&limit=1")
                assert answer.status_code == 200, sort
        if not field.filter:
            continue
        for operator in OPERATORS.get(field.kind, ()):
            value = {
                "day": "2026-12-31", "moment": "2026-01-01T00:00:00Z", "flag": "true", "words": "portal",
                "country": "DE", "currency": "EUR", "reference": "019353aa-0000-7000-8000-000000000000",
            }.get(field.kind, "1")  # fmt: skip
            if field.kind == "code":
                value = next(iter(field.codes))
            value = {"in": '["1","2"]', "not_in": '["1"]', "last": "3m", "next": "30d"}.get(operator, value)
            for channel in (f"/{plural}", f"/api/v1/{plural}"):
                answer = browser.get(f"{channel}?{name}.{operator}={value}")
                assert answer.status_code == 200, f"{name}.{operator}"


def test_somebody_without_the_area_does_not_find_it(make, stock, sign_in):
    profile = make.profile("menu:contracts", "field:contract.number")
    browser = sign_in(make.member(make.organization(stock[0]["policyholder"]), profile))

    assert browser.get("/contracts").status_code == 200
    assert browser.get("/claims").status_code == 403
    assert 'href="/claims"' not in browser.get("/").text
