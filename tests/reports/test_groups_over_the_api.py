"""Groups and pivot tables as programs read them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.reports.viewers import rates_of


@pytest.fixture
def stock(make: Any) -> Any:
    """Four contracts of Nordwerk, one of them in francs and one of nobody knows when."""
    holder = make.policyholder("Nordwerk GmbH")
    alpha, beta = make.insurer("Alpha"), make.insurer("Beta")
    for number, insurer, premium, currency, ends, months in (
        ("N-1", alpha, "100.50", "EUR", "2026-12-31", 1), ("N-2", alpha, "50", "EUR", "2027-06-30", 3),
        ("N-3", beta, "10", "TTD", "2026-01-31", 3), ("N-4", None, "5", "EUR", None, None),
    ):  # fmt: skip
        make.contract(
            holder, number=number, insurer_id=insurer, premium_net=premium, currency=currency, ends_on=ends,
            notice_period_months=months, product="Cargo",
        )  # fmt: skip
    return holder, alpha, beta


@pytest.fixture
def reader(make: Any, stock: Any, sign_in: Any) -> Any:
    return sign_in(make.member(make.organization(stock[0])))


def ask(reader: Any, **words: str) -> Any:
    return reader.get(f"/api/v1/contracts?{urlencode(words)}", headers={"Accept-Language": "en"})


def test_groups_come_with_their_keys_figures_and_totals(reader, stock):
    answer = ask(
        reader, by="insurer", show="count,sum.premium_net,max.ends_on,distinct.product", order="-count"
    ).json

    assert answer == {
        "groups": [
            {
                "keys": {"insurer": {"value": str(stock[1]), "label": "Alpha"}},
                "figures": {
                    "count": 2, "sum.premium_net": {"amount": "150.50", "currency": "EUR", "left_out": []},
                    "max.ends_on": "2027-06-30", "distinct.product": 1,
                },
            },
            {
                "keys": {"insurer": {"value": str(stock[2]), "label": "Beta"}},
                "figures": {
                    "count": 1, "sum.premium_net": {"amount": "10.00", "currency": "TTD", "left_out": []},
                    "max.ends_on": "2026-01-31", "distinct.product": 1,
                },
            },
            {
                "keys": {"insurer": None},
                "figures": {
                    "count": 1, "sum.premium_net": {"amount": "5.00", "currency": "EUR", "left_out": []},
                    "max.ends_on": None, "distinct.product": 1,
                },
            },
        ],
        "total": {
            "count": 4, "sum.premium_net": {"amount": None, "currency": None, "left_out": ["EUR", "TTD"]},
            "max.ends_on": "2027-06-30", "distinct.product": 1,
        },
        "is_cut": False,
    }  # fmt: skip


def test_a_groups_value_finds_its_rows(reader):
    group = ask(reader, by="insurer", status="own").json["groups"][0]
    rows = ask(reader, insurer=group["keys"]["insurer"]["value"], fields="number", sort="number").json[
        "contracts"
    ]
    assert [one["number"] for one in rows] == ["N-1", "N-2"]


def test_days_fall_into_years_and_numbers_stay_exact(reader):
    found = ask(reader, by="ends_on.year", show="avg.notice_period_months,share").json

    assert [one["keys"]["ends_on.year"] for one in found["groups"]] == [
        {"value": "2026-01-01", "label": "2026"}, {"value": "2027-01-01", "label": "2027"}, None,
    ]  # fmt: skip
    assert [one["figures"]["share"] for one in found["groups"]] == ["50.0", "25.0", "25.0"]
    assert found["groups"][0]["figures"]["avg.notice_period_months"] == "2.00"


def test_a_pivot_table_has_its_cells_and_totals_both_ways(reader):
    found = ask(reader, by="insurer", across="currency", show="count").json

    assert [one["keys"]["currency"]["value"] for one in found["columns"]] == ["EUR", "TTD"]
    assert [one["total"]["count"] for one in found["columns"]] == [3, 1]
    assert [[cell and cell["count"] for cell in row["cells"]] for row in found["rows"]] == [
        [2, None], [None, 1], [1, None],
    ]  # fmt: skip
    assert [row["total"]["count"] for row in found["rows"]] == [2, 1, 1]
    assert found["total"] == {"count": 4}


def test_amounts_are_converted_where_the_organization_says_to_what(make, stock, sign_in, owner):
    reader = sign_in(make.member(make.organization(stock[0], profile_currency="EUR")))
    with rates_of(owner, {"TTD": 2}):
        total = ask(reader, by="status", show="sum.premium_net").json["total"]
    assert total["sum.premium_net"] == {"amount": "160.50", "currency": "EUR", "left_out": []}


def test_what_is_not_there_or_too_large_is_refused_with_its_reason(make, stock, reader):
    for number in range(22):
        make.contract(stock[0], number=f"X-{number}", product=f"Product {number}")

    unknown = ask(reader, by="nobody_knows_it")
    wide = ask(reader, by="status", across="product", show="count")

    assert unknown.status_code == wide.status_code == 422
    assert "cannot be grouped by" in unknown.json["errors"]["group"]
    assert "there is room for 20" in wide.json["errors"]["group"]


def test_the_description_tells_how_groups_are_asked_for(reader):
    known = reader.get("/api/openapi.json").json
    words = {one["name"] for one in known["paths"]["/api/v1/contracts"]["get"]["parameters"]}
    assert {"by", "across", "show", "order"} <= words
    assert {"Groups", "Pivot"} <= known["components"]["schemas"].keys()
