"""Charts of groups: marks as large as what they stand for, the way to their rows, the same numbers as a table, and
what is not drawn because it would be wrong."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from app.reports.charts import course, points
from tests.reports.test_groups import converting, links_of, rates, reader, rows_of, stock

__all__ = ["converting", "rates", "reader", "stock"]


def bars_of(page: str) -> list[tuple[str, str, list[tuple[int, float, float]]]]:
    """The bars of a page's chart: name, figure, and of each part its colour, start and width in per cent."""
    chart = page[page.index('<table class="bars"') :]
    parts = r'class="s(\d)" x="([\d.]+)%" width="([\d.]+)%"'
    return [
        (*cells, [(int(s), float(x), float(w)) for s, x, w in re.findall(parts, row)])
        for row, cells in zip(
            re.findall(r"<tr\b.*?</tr>", chart[: chart.index("</table>")], re.S),
            ((row[0], row[2]) for row in rows_of(chart.replace('<table class="bars"', "<table", 1))),
            strict=True,
        )
    ]


def charted(
    reader: Any, words: str, kind: str = "bars"
) -> list[tuple[str, str, list[tuple[int, float, float]]]]:
    answer = reader.get(f"/contracts?{words}&chart={kind}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    return bars_of(re.sub(r"<title>.*?</title>", "", answer.text))


def test_bars_are_as_long_as_what_they_stand_for(converting):
    assert charted(converting, "by=currency&show=sum.premium_net") == [
        ("XTA", "EUR75.00", [(1, 0.0, 100.0)]),
        ("XTB", "EUR1.40", [(1, 0.0, 1.87)]),
        ("XTC", "", []),
    ]


def test_bars_are_cut_by_the_second_column(reader):
    assert charted(reader, "by=starts_on.year,status&show=count", "stacked") == [
        ("2024", "2", [(1, 0.0, 99.7)]),
        ("2025", "1", [(2, 0.0, 49.7)]),
        ("Without a value", "1", [(3, 0.0, 49.7)]),
    ]


def test_what_is_less_than_nothing_goes_the_other_way(make, stock, sign_in):
    make.contract(stock, status="dormant", currency="XTA", premium_net=-50)
    reader = sign_in(make.member(make.organization(stock)))
    assert charted(reader, "by=status&show=sum.premium_net&currency=XTA") == [
        ("Managed by us", "XTA150.00", [(1, 25.0, 75.0)]),
        ("Suspended", "XTA\N{MINUS SIGN}50.00", [(1, 0.0, 25.0)]),
    ]


def test_a_bar_leads_to_its_rows(reader):
    page = reader.get("/contracts?by=status&show=count&chart=bars").text
    assert links_of(page)[:3] == [f"/contracts?status={status}" for status in ("own", "quote", "blocked")]


@pytest.mark.parametrize(
    "words",
    [
        f"by={by}&show={one}.premium_net"
        for by in ("status", "currency")
        for one in ("sum", "share", "median")
    ],
)
def test_several_currencies_are_never_drawn_side_by_side(reader, words):
    page = reader.get(f"/contracts?{words}&chart=bars").text
    assert '<table class="bars"' not in page
    assert "mehreren Währungen" in page


def test_a_chart_nobody_knows_is_refused_by_name(reader):
    assert reader.get("/contracts?by=status&chart=sunburst").status_code == 422


def page_of(reader: Any, words: str) -> str:
    answer = reader.get(f"/contracts?{words}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    chart = answer.text[answer.text.index('class="card chart-card"') :]
    return chart[: chart.index("</section>")]


def marks_of(chart: str) -> list[tuple[str, str]]:
    """What the marks of a drawing say, and where they lead."""
    found = re.findall(
        r'(?:<a href="([^"]*)" tabindex="-1">)?<(?:path|circle) [^>]*><title>(.*?)</title>', chart
    )
    return [(html.unescape(said), html.unescape(way)) for way, said in found]


def numbers_of(chart: str) -> list[list[str]]:
    return rows_of(chart) if "<table" in chart else []


def test_a_line_runs_through_every_time_and_is_nought_where_there_is_nothing(reader):
    chart = page_of(reader, "by=starts_on.quarter&show=count&chart=line")
    assert numbers_of(chart) == [
        ["Q1 2024", "2"],
        *[[f"Q{n} 2024", "0"] for n in (2, 3, 4)],
        ["Q1 2025", "1"],
    ]
    assert re.findall(r'class="ln s1" d="([^"]*)"', chart) == [
        "M84.0 14.0L266.0 280.0L448.0 280.0L630.0 280.0L812.0 147.0"
    ]
    assert marks_of(chart) == [
        ("Q1 2024: 2", "/contracts?starts_on.ge=2024-01-01&starts_on.le=2024-03-31"),
        ("Q1 2025: 1", "/contracts?starts_on.ge=2025-01-01&starts_on.le=2025-03-31"),
    ]
    assert "Rows without a value in ‘Inception date’" in chart


def test_the_line_of_an_average_has_gaps(make, stock, converting):
    make.contract(stock, number="N-5", currency="XTA", premium_net=10, starts_on="2024-04-01")
    chart = page_of(converting, "by=starts_on.quarter&show=avg.premium_net&chart=line")
    assert numbers_of(chart) == [
        ["Q1 2024", "EUR\xa037.50"], ["Q2 2024", "EUR\xa05.00"], ["Q3 2024", ""], ["Q4 2024", ""], ["Q1 2025", "EUR\xa01.40"]
    ]  # fmt: skip
    runs = re.findall(r'class="ln s1" d="([^"]*)"', chart)
    assert [run.count("L") for run in runs] == [1, 0]


def test_an_amount_without_a_rate_is_a_gap_and_not_nought(make, stock, converting):
    make.contract(stock, number="N-5", currency="XTC", premium_net=10, starts_on="2024-04-01")
    chart = page_of(converting, "by=starts_on.quarter&show=sum.premium_net&chart=line")
    assert [row[1] for row in numbers_of(chart)] == [
        "EUR\xa075.00",
        "",
        "EUR\xa00.00",
        "EUR\xa00.00",
        "EUR\xa01.40",
    ]


def test_areas_lie_upon_each_other(reader):
    chart = page_of(reader, "by=status,starts_on.year&show=count&chart=area")
    assert numbers_of(chart) == [["2024", "2", "0"], ["2025", "0", "1"]]
    assert re.findall(r'<path class="s(\d)" d="([^"]*)"', chart) == [
        ("1", "M84.0 14.0L812.0 280.0L812.0 280.0L84.0 280.0Z"),
        ("2", "M84.0 14.0L812.0 147.0L812.0 280.0L84.0 14.0Z"),
    ]
    assert [said for said, _way in marks_of(chart)] == ["2024 · Managed by us: 2", "2025 · Quote: 1"]


def test_a_ring_shows_shares_of_the_whole(converting):
    chart = page_of(converting, "by=currency&show=sum.premium_net&chart=donut")
    assert numbers_of(chart) == [["XTA", "EUR\xa075.00", "98.2%"], ["XTB", "EUR\xa01.40", "1.8%"]]
    assert marks_of(chart) == [
        ("XTA: EUR\xa075.00 · 98.2%", "/contracts?currency=XTA"),
        ("XTB: EUR\xa01.40 · 1.8%", "/contracts?currency=XTB"),
    ]


def test_the_smallest_parts_of_a_ring_are_taken_together(make, stock, reader):
    for number in range(12):
        make.contract(stock, product=f"Product {number}")
        make.contract(stock, product=f"Product {min(number, 6)}")
    rows = numbers_of(page_of(reader, "by=product&show=count&chart=donut"))
    assert len(rows) == 8
    assert rows[-1] == ["Others", str(28 - sum(int(row[1]) for row in rows[:-1])), rows[-1][2]]


def test_points_stand_where_two_figures_meet(reader):
    chart = page_of(reader, "by=status,number&show=sum.premium_net,count&chart=scatter&currency=XTA")
    assert [said for said, _way in marks_of(chart)] == [
        f"Managed by us · N-{n} – Sum: Premium excl. tax (XTA): XTA\xa0{amount}.00; Number: 1"
        for n, amount in ((1, 100), (2, 50))
    ]
    assert re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', chart) == [("812.0", "30.0"), ("448.0", "30.0")]


def test_the_largest_groups_are_points_and_the_rest_is_told(reader, monkeypatch):
    monkeypatch.setattr(points, "MOST_POINTS", 2)
    chart = page_of(reader, "by=status&show=count,distinct.currency&chart=scatter")
    assert len(marks_of(chart)) == 2
    assert "Only the 2 largest groups are drawn." in chart


@pytest.mark.parametrize("kind", ["bars", "stacked", "line", "area", "donut", "scatter"])
def test_every_mark_leads_to_exactly_its_rows(reader, kind):
    chart = page_of(
        reader, f"by=starts_on.month,status&show=count,distinct.status&status=own,quote&chart={kind}"
    )
    marks = re.findall(r'<a href="([^"]*)" tabindex="-1">.*?<title>(.*?)</title>', chart)
    assert marks
    for way, said in marks:
        count = re.search(r"Number: (\d+)|: (\d+)", said)
        assert count
        assert len(links_of(reader.get(html.unescape(way)).text)) == int(count[1] or count[2])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("by=status&chart=line", "run over time"),
        ("by=status&chart=stacked", "second column"),
        ("by=status,currency&show=avg.notice_period_months&chart=stacked", "only these have parts"),
        ("by=status&show=distinct.currency&chart=donut", "only these have parts"),
        ("by=status&show=max.ends_on&chart=bars", "figure that is a number"),
        ("by=status&show=count&chart=scatter", "second one"),
        ("by=status&show=sum.notice_period_months&chart=donut", "comes to nought"),
        ("by=currency&show=count,sum.premium_net&chart=scatter", "several currencies"),
        ("by=starts_on&show=count&starts_on.is_empty=1&chart=line", "has a date"),
    ],
)
def test_what_cannot_be_drawn_says_what_to_choose_and_the_table_is_there(reader, words, why):
    page = reader.get(f"/contracts?{words}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert why in page_of(reader, words)
    assert rows_of(page.text)[-1][0] == "Total"


def test_what_is_less_than_nought_is_no_part_of_a_ring_or_a_pile(make, stock, sign_in):
    make.contract(stock, status="dormant", currency="XTA", premium_net=-50, starts_on="2024-05-01")
    reader = sign_in(make.member(make.organization(stock)))
    words = "by=starts_on.month,status&show=sum.premium_net&currency=XTA"
    assert "‘May 2024’ is less than nought" in page_of(reader, f"{words}&chart=donut")
    assert "less than nought" in page_of(reader, f"{words}&chart=area")
    assert "<path" in page_of(reader, f"{words}&chart=line")


def test_a_line_of_too_many_days_asks_for_months(reader, monkeypatch):
    monkeypatch.setattr(course, "MOST_TIMES", 300)
    assert "Group by month" in page_of(reader, "by=starts_on&show=count&chart=line")
    assert "<path" in page_of(reader, "by=starts_on.month&show=count&chart=line")


def test_a_pivot_table_has_a_chart_of_its_rows_and_columns(reader):
    words = "by=starts_on.year&across=status&show=count"
    assert charted(reader, words, "stacked") == charted(reader, words.replace("&across=", ","), "stacked")
    assert rows_of(page_of_all(reader, f"{words}&chart=stacked").partition("data-rows")[2])[-1] == [
        "Total", "1", "2", "1", "4"
    ]  # fmt: skip


def page_of_all(reader: Any, words: str) -> str:
    return reader.get(f"/contracts?{words}", headers={"Accept-Language": "en"}).text


def test_each_kind_of_chart_is_a_link_away(reader):
    chart = page_of(reader, "by=status&show=count&chart=donut")
    assert re.findall(r'chart=(\w+)"', chart) == ["bars", "stacked", "line", "area", "donut", "scatter"]
