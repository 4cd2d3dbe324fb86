"""Overviews as groups: what comes together, what its figures are, and the way to the rows behind."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any

import pytest
from sqlalchemy import text

COMPANY = "Nordwerk GmbH"


def rows_of(page: str) -> list[list[str]]:
    """The cells of each row of a page's table as plain words, the last row being the total."""
    table = re.sub(r"<thead.*?</thead>", "", page[page.index("<table") : page.index("</table>")], flags=re.S)
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", table, re.S)
    ]  # fmt: skip


def links_of(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'<th scope="row"[^>]*><a href="([^"]*)"', page)]


@pytest.fixture
def rates(owner: Any) -> Any:
    """Currencies nobody else trades in: two of one and five of the other make a euro."""
    with owner.begin() as connection:
        for currency, rate in (("XTA", 2), ("XTB", 5)):
            connection.execute(
                text("insert into exchange_rates values (:c, :d, :r, 'test of groups')"),
                {"c": currency, "d": datetime.date(2020, 1, 1), "r": rate},
            )
    yield
    with owner.begin() as connection:
        connection.execute(text("delete from exchange_rates where source = 'test of groups'"))


@pytest.fixture
def stock(make: Any) -> Any:
    """What one company has in three currencies; another company's contract is in none of its groups."""
    holder = make.policyholder(COMPANY)
    day = datetime.date
    for number, status, currency, premium, start in (
        ("N-1", "own", "XTA", 100, day(2024, 2, 28)),
        ("N-2", "own", "XTA", 50, day(2024, 3, 1)),
        ("N-3", "quote", "XTB", 7, day(2025, 3, 31)),
        ("N-4", "blocked", "XTC", None, None),
    ):
        make.contract(
            holder, number=number, status=status, currency=currency, premium_net=premium, starts_on=start
        )
    make.contract(make.policyholder("Fremd AG"), number="F-1", status="own", currency="XTA", premium_net=9999)
    return holder


@pytest.fixture
def reader(make: Any, stock: Any, sign_in: Any) -> Any:
    return sign_in(make.member(make.organization(stock)))


@pytest.fixture
def converting(make: Any, stock: Any, sign_in: Any, rates: None) -> Any:
    return sign_in(make.member(make.organization(stock, profile_currency="EUR")))


def told(reader: Any, words: str, overview: str = "contracts") -> list[list[str]]:
    answer = reader.get(f"/{overview}?{words}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return rows_of(answer.text)


def test_a_group_holds_what_its_member_sees_and_currencies_are_not_mixed(reader):
    assert told(reader, "by=status&order=-sum.premium_net") == [
        ["Managed by us", "2", "XTA150.00"],
        ["Quote", "1", "XTB7.00"],
        ["Blocked", "1", ""],
        ["Total", "4", "several currencies"],
    ]


def test_amounts_come_together_in_the_profile_currency(converting):
    assert told(converting, "by=currency&show=sum.premium_net,avg.premium_net,min.premium_net,max.premium_net") == [
        ["XTA", "EUR75.00", "EUR37.50", "EUR25.00", "EUR50.00"],
        ["XTB", "EUR1.40", "EUR1.40", "EUR1.40", "EUR1.40"],
        ["XTC", "", "", "", ""],
        ["Total", "EUR76.40", "EUR25.47", "EUR1.40", "EUR50.00"],
    ]  # fmt: skip


def test_the_middle_amount_how_many_differ_and_what_they_are_of_all(converting):
    assert told(
        converting,
        "by=currency&show=median.premium_net,distinct.status,distinct.premium_net,share,share.premium_net",
    ) == [
        ["XTA", "EUR37.50", "1", "2", "50.0%", "98.2%"],
        ["XTB", "EUR1.40", "1", "1", "25.0%", "1.8%"],
        ["XTC", "", "1", "0", "25.0%", ""],
        ["Total", "EUR25.00", "3", "3", "100.0%", "100.0%"],
    ]


def test_a_share_of_several_currencies_is_none(reader):
    assert told(reader, "by=currency&show=share.premium_net,median.premium_net&currency=XTA,XTB") == [
        ["XTA", "several currencies", "XTA75.00"],
        ["XTB", "several currencies", "XTB7.00"],
        ["Total", "several currencies", "several currencies"],
    ]


def test_an_amount_without_a_rate_is_in_no_figure_and_it_is_said(make, stock, converting):
    make.contract(stock, status="quote", currency="XTC", premium_net=1000)
    page = converting.get("/contracts?by=status").text
    assert rows_of(page)[-1][1:] == ["5", "76,40EUR"]
    assert "XTC" in page[page.index('class="note"') :]


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("starts_on.year", [["2024", "2"], ["2025", "1"]]),
        ("starts_on.quarter", [["Q1 2024", "2"], ["Q1 2025", "1"]]),
        ("starts_on.month", [["February 2024", "1"], ["March 2024", "1"], ["March 2025", "1"]]),
        ("starts_on", [["28/02/2024", "1"], ["01/03/2024", "1"], ["31/03/2025", "1"]]),
    ],
)
def test_days_fall_into_years_quarters_and_months(reader, by, groups):
    assert told(reader, f"by={by}&show=count") == [*groups, ["Without a value", "1"], ["Total", "4"]]


@pytest.mark.parametrize(
    "by", ["status", "starts_on.year", "starts_on.quarter", "starts_on.month", "starts_on", "policyholder", "number",
           "status,currency", "insurer,starts_on.month,line_of_business"],
)  # fmt: skip
def test_each_group_leads_to_exactly_its_rows(reader, by):
    page = reader.get(f"/contracts?by={by}&show=count&q=N").text
    counts = [int(row[-1]) for row in rows_of(page)[:-1]]
    assert sum(counts) == 4
    assert [len(links_of(reader.get(link).text)) for link in links_of(page)] == counts


def test_filters_and_search_hold_for_groups(reader):
    assert told(reader, "by=status&show=count&status=own,quote&starts_on.ge=2024-03-01") == [
        ["Managed by us", "1"], ["Quote", "1"], ["Total", "2"]
    ]  # fmt: skip
    assert told(reader, "by=status&show=count&q=N-4") == [["Blocked", "1"], ["Total", "1"]]


@pytest.mark.parametrize(
    "words",
    [
        "by=nothing", "by=premium_net", "by=remarks", "by=starts_on.decade", "by=status.year", "show=count", "order=status",
        "by=status&show=sum.status", "by=status&show=sum.nothing", "by=status&show=median.status",
        "by=status&order=premium_net", "by=status,currency,insurer,policyholder", "by=%00", "by=status&show=sum.commission.x",
    ],
)  # fmt: skip
def test_what_cannot_be_grouped_is_refused_by_name(reader, words):
    for path in (f"/contracts?{words}", f"/contracts.csv?{words}", f"/api/v1/contracts?{words}"):
        assert reader.get(path).status_code == 422, path


def test_the_form_leads_to_an_address(reader):
    words = "group_by=status&group_by=&group_by=starts_on.year&group_show=count&group_show=max.premium_net"
    answer = reader.get(f"/contracts?{words}&q=N&by=currency")
    assert answer.status_code == 303
    assert answer.location.endswith("?q=N&by=status%2Cstarts_on.year&show=count%2Cmax.premium_net")


def test_the_file_says_the_same(reader):
    answer = reader.get("/contracts.csv?by=status&show=count,sum.premium_net&order=-count")
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "Status;Anzahl;Summe: Beitrag netto;Summe: Beitrag netto: Währung",
        "Eigen;2;150;XTA",
        "Angebot;1;7;XTB",
        "Gesperrt;1;;",
    ]


def test_the_file_has_shares_without_a_currency(converting):
    answer = converting.get("/contracts.csv?by=currency&show=share.premium_net,median.premium_net")
    assert answer.data.decode("utf-8-sig").splitlines()[:3] == [
        "Währung;Anteil an der Summe: Beitrag netto;Median: Beitrag netto;Median: Beitrag netto: Währung",
        "XTA;98,2;37,5;EUR",
        "XTB;1,8;1,4;EUR",
    ]


def test_nothing_found_is_said(reader):
    answer = reader.get("/contracts?by=status&q=nobody")
    assert answer.status_code == 200
    assert "<table" not in answer.text
