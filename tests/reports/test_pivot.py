"""Pivot tables: what meets where, totals both ways, the way to the rows behind each cell, and what is too large."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app.reports import pivot
from tests.reports.test_groups import converting, links_of, rates, reader, rows_of, stock

__all__ = ["converting", "rates", "reader", "stock"]


def crossed(reader: Any, words: str) -> list[list[str]]:
    """Headings and rows of a pivot table as plain words."""
    answer = reader.get(f"/contracts?{words}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    heads = [cells(row) for row in re.findall(r"<tr>.*?</tr>", answer.text[answer.text.index("<thead") :].partition("</thead>")[0], re.S)]  # fmt: skip
    return heads + rows_of(answer.text)


def cells(row: str) -> list[str]:
    found = re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in found]


def test_figures_stand_where_rows_and_columns_meet(converting):
    assert crossed(converting, "by=status&across=currency&show=count,sum.premium_net") == [
        ["Status", "XTA", "XTB", "XTC", "Total"],
        ["Number", "Sum: Premium excl. tax (EUR)"] * 4,
        ["Blocked", "–", "–", "–", "–", "1", "–", "1", ""],
        ["Managed by us", "2", "75.00", "–", "–", "–", "–", "2", "75.00"],
        ["Quote", "–", "–", "1", "1.40", "–", "–", "1", "1.40"],
        ["Total", "2", "75.00", "1", "1.40", "1", "", "4", "76.40"],
    ]


def test_one_figure_needs_one_row_of_headings(reader):
    assert crossed(reader, "by=status,policyholder&across=starts_on.year&show=count") == [
        ["Status", "Policyholder", "2024", "2025", "Without a value", "Total"],
        ["Blocked", "Nordwerk GmbH", "–", "–", "1", "1"],
        ["Managed by us", "Nordwerk GmbH", "2", "–", "–", "2"],
        ["Quote", "Nordwerk GmbH", "–", "1", "–", "1"],
        ["Total", "", "2", "1", "1", "4"],
    ]


def test_the_total_of_an_average_is_no_sum_of_averages(make, stock, converting):
    make.contract(stock, number="N-5", status="quote", currency="XTA", premium_net=200)
    rows = crossed(converting, "by=status&across=currency&show=avg.premium_net&currency=XTA,XTB")
    assert rows[1:] == [
        ["Managed by us", "37.50", "–", "37.50"],
        ["Quote", "100.00", "1.40", "50.70"],
        ["Total", "58.33", "1.40", "44.10"],
    ]


def test_unconverted_amounts_of_several_currencies_meet_in_no_cell(reader):
    rows = crossed(reader, "by=policyholder&across=status&show=sum.premium_net&currency=XTA,XTB")
    assert rows[1:] == [
        ["Nordwerk GmbH", "XTA150.00", "XTB7.00", "several currencies"],
        ["Total", "XTA150.00", "XTB7.00", "several currencies"],
    ]
    assert "heat" not in reader.get("/contracts?by=policyholder&across=status&show=sum.premium_net").text


def test_greater_values_have_a_deeper_colour(reader):
    page = reader.get("/contracts?by=status&across=currency&show=count").text
    assert re.findall(r"heat(\d)\"><a [^>]*>(\d)", page) == [("3", "1"), ("5", "2"), ("3", "1")]


@pytest.mark.parametrize(
    "words",
    ["by=status&across=currency", "by=status,starts_on.month&across=currency&q=N", "by=insurer&across=starts_on,policyholder",
     "by=starts_on.month&across=starts_on.year", "by=number&across=status&status=own,quote"],
)  # fmt: skip
def test_each_cell_leads_to_exactly_its_rows(reader, words):
    page = reader.get(f"/contracts?{words}&show=count").text
    table = page[page.index("<table") : page.index("</table>")]
    ways = re.findall(r'<td class="num[^>]*><a href="([^"]*)">(\d+)</a>', table)
    assert sum(int(count) for _way, count in ways) == int(rows_of(page)[-1][-1]) > 0
    for way, count in ways:
        assert len(links_of(reader.get(html.unescape(way)).text)) == int(count)
    for way in [*links_of(page), *map(html.unescape, re.findall(r'gs"[^>]*><a href="([^"]*)"', table))]:
        assert reader.get(way).status_code == 200


def test_rows_are_sorted_by_their_totals(reader):
    rows = crossed(reader, "by=status&across=currency&show=count&order=-count")
    assert [row[0] for row in rows[1:]] == ["Managed by us", "Blocked", "Quote", "Total"]


def test_the_file_says_the_same(converting):
    answer = converting.get(
        "/contracts.csv?by=status&across=currency&show=sum.premium_net,count&currency=XTA,XTB"
    )
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "Status;XTA: Summe: Beitrag netto;XTA: Summe: Beitrag netto: Währung;XTA: Anzahl;XTB: Summe: Beitrag netto;"
        "XTB: Summe: Beitrag netto: Währung;XTB: Anzahl;Gesamt: Summe: Beitrag netto;"
        "Gesamt: Summe: Beitrag netto: Währung;Gesamt: Anzahl",
        "Angebot;;;;1,4;EUR;1;1,4;EUR;1",
        "Eigen;75;EUR;2;;;;75;EUR;2",
        "Gesamt;75;EUR;2;1,4;EUR;1;76,4;EUR;3",
    ]


def test_the_form_leads_to_an_address(reader):
    words = "group_by=status&group_by=&group_across=currency&group_across=&group_show=count"
    answer = reader.get(f"/contracts?{words}&q=N")
    assert answer.status_code == 303
    assert answer.location.endswith("?q=N&by=status&across=currency&show=count")


def test_nothing_found_is_said(reader):
    answer = reader.get("/contracts?by=status&across=currency&q=nobody")
    assert answer.status_code == 200
    assert "<table" not in answer.text


@pytest.mark.parametrize(
    "words",
    ["across=status", "by=status&across=nothing", "by=status&across=premium_net", "by=status&across=status",
     "by=status&across=currency,insurer,policyholder", "by=status&across=currency&order=currency"],
)  # fmt: skip
def test_what_cannot_stand_across_is_refused_by_name(reader, words):
    for path in (f"/contracts?{words}", f"/contracts.csv?{words}"):
        assert reader.get(path).status_code == 422, path


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"MOST_COLUMNS": 2}, "3 columns; there is room for 2"), ({"MOST_VALUES": 8}, "more than 8 values")],
)
def test_a_pivot_table_nobody_could_read_says_so_and_the_rest_is_there(reader, monkeypatch, limits, said):
    for name, most in limits.items():
        monkeypatch.setattr(pivot, name, most)
    words = "by=status&across=currency&show=count"
    answer = reader.get(f"/contracts?{words}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert said in answer.text
    assert 'name="group_across"' in answer.text
    file = reader.get(f"/contracts.csv?{words}", headers={"Accept-Language": "en"})
    assert (file.status_code, said in file.text) == (422, True)
