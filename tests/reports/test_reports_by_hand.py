"""Whole reports against the same in plain Python: random filters, order, headings, totals and columns over random stock,
asked of the overview, the API, the file and the lists of values."""

from __future__ import annotations

import csv
import datetime
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.conftest import make_tenant
from tests.factories import Make
from tests.reports.plain import MIXED, Field, Row, figure, half_even, rounded, shared
from tests.reports.plain import digits_of as digits
from tests.reports.random_reports import Report, World, Writer, withdrawn, world
from tests.security.stock import listed as listed_words
from tests.sources import SOURCES

ROW = re.compile(r'<th scope="row"[^>]*><a href="/[a-z]+/([0-9a-f-]{36})"')
FUNCTIONS = {
    None: "sum", "Average": "avg", "Median": "median", "Smallest": "min", "Largest": "max", "Earliest": "min", "Latest": "max",
    "Distinct count": "distinct",
}  # fmt: skip


@pytest.fixture(scope="module")
def stage(portal: Any, owner: Any, web: Any) -> Iterator[World]:
    try:
        yield world(portal, owner, Make(web, make_tenant(owner)))
    finally:
        withdrawn(owner)


def asked(report: Report, path: str, *more: tuple[str, str]) -> Any:
    address = f"{path}?{urlencode([*report.words, *more])}"
    answer = report.reader.person.ask(address)
    assert answer.status_code == 200, (
        answer.status_code,
        report.words,
        re.findall(r'class="err[^>]*>.*?<', answer.text),
    )
    return answer


def plural(report: Report) -> str:
    return SOURCES[report.record].plural


# What the portal says


def listed(report: Report) -> list[dict[str, Any]]:
    """All rows of the API, page by page."""
    name, found, cursor = plural(report), [], None
    while True:
        body = asked(report, f"/api/v1/{name}", *([("after", cursor)] if cursor else [])).json
        found += body[name]
        if not (cursor := body["next"]):
            return found


def turned(report: Report) -> tuple[list[str], list[str], str]:
    """The ids on all pages of the overview, from the first to the last and back again; and the first page."""
    page = first = asked(report, f"/{plural(report)}").text
    there, back = ROW.findall(page), []
    while link := re.search(r'rel="next" href="([^"]*)"', page):
        page = report.reader.person.ask(html.unescape(link[1])).text
        there += ROW.findall(page)
    while True:
        back = ROW.findall(page) + back
        link = re.search(r'rel="prev" href="([^"]*)"', page)
        if not link:
            return there, back, first
        page = report.reader.person.ask(html.unescape(link[1])).text


def lines_of(page: str) -> list[tuple[Any, ...]]:
    """What stands in the table of an overview, line by line."""
    found: list[tuple[Any, ...]] = []
    for start, row in re.findall(
        r"<tr([^>]*)>(.*?)</tr>", page.partition("</thead>")[2].partition("</table>")[0], re.S
    ):
        if 'class="group"' in start:
            label, said, count = re.search(
                r'<span class="muted">(.*?)</span> (.*)<small>(.*?)</small>', row, re.S
            ).groups()  # type: ignore[union-attr]
            found.append(("heading", words(label), words(said), count.partition(" ")[0]))
        elif link := ROW.search(row):
            found.append(("row", link[1]))
        else:
            found.append(("total" if 'class="subtotal"' in start else "foot", frozenset(figures_of(row))))
    return found


def figures_of(row: str) -> Iterator[tuple[str, str, Any]]:
    """Each function, the column it is of, and what it comes to: below its column, or beside the name of the row."""
    below = re.findall(r'data-l="([^"]*)">(.*?)</td>', row, re.S)
    beside = re.findall(r'<span class="sub">(.*?)</span> (.*?)(?=<br>|</th>)', row, re.S)
    for label, cell in [*below, *beside]:
        for told in cell.split("<br>"):
            function, value = re.fullmatch(r"(?:<small>(.*?)</small> )?(.*)", told, re.S).groups()  # type: ignore[union-attr]
            yield FUNCTIONS[function], html.unescape(label), number_of(words(value))


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def number_of(said: str) -> Any:
    """A number, an amount or a day as a page says it in English."""
    if day := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", said):
        return datetime.date(int(day[3]), int(day[2]), int(day[1]))
    if one := re.fullmatch(r"([A-Z]{3})?(.*?)%?", said.replace(",", "").replace("\u2212", "-")):
        value = Decimal(one[2]) if re.fullmatch(r"-?[0-9.]+", one[2]) else said
        return (value, one[1]) if one[1] else value
    return said


# What plain Python says


def expected_lines(report: Report) -> list[tuple[Any, ...]]:
    """The table of all rows on one page."""
    found: list[tuple[Any, ...]] = []
    open_: list[Any] = []

    def under(row: Row, depth: int) -> list[Row]:
        some = report.breaks[: depth + 1]
        return [other for other in report.rows if all(shared(one, other) == shared(one, row) for one in some)]

    def close(row: Row, common: int) -> None:
        for depth in reversed(range(common, len(open_))):
            if report.totals:
                found.append(("total", totals(report, under(row, depth))))
            open_.pop()

    last: Row = {}
    for row in report.rows:
        keys = [shared(one, row) for one in report.breaks]
        common = next((n for n, (a, b) in enumerate(zip(open_, keys, strict=False)) if a != b), len(open_))
        close(last, common)
        for depth in range(common, len(keys)):
            one = report.breaks[depth]
            found.append(("heading", one.label, said(report, one, row), f"{len(under(row, depth)):,}"))
            open_.append(keys[depth])
        found.append(("row", str(row["id"])))
        last = row
    close(last, 0)
    if report.totals and report.rows:
        found.append(("foot", totals(report, report.rows)))
    return found


def totals(report: Report, rows: list[Row]) -> frozenset[Any]:
    valued_on = SOURCES[report.record].valued_on
    found = set()
    for function, one in report.totals:
        value = figure(rows, function, one, report.money, valued_on)
        if isinstance(value, tuple):
            value = (half_even(value[0], digits(value[1])), value[1])
        elif value is not None and value != MIXED and not isinstance(value, datetime.date):
            value = rounded(value, 3)
        if value is not None:
            found.add((function, one.label, value))
    return frozenset(found)


def said(report: Report, one: Field, row: Row) -> str:
    value = row[one.key]
    if value is None:
        return "Without a value"
    if one.kind == "day":
        return f"{value:%d/%m/%Y}"
    if one.kind == "flag":
        return "Yes" if value else "No"
    if one.kind == "country":
        return {"DE": "Germany", "AT": "Austria", "CH": "Switzerland"}.get(value, "Unknown Region")
    return " ".join(str(one.words(value)).split())


def masked(one: Field, value: Any) -> str | None:
    if value is None:
        return None
    has_tail = one.kind in ("text", "reference") and len(value) >= 8
    return f"••• {value[-4:]}" if has_tail else "•••"


def in_api(report: Report, one: Field, row: Row) -> Any:
    value = row[one.key]
    if one.is_masked:
        return masked(one, value)
    if value is None:
        return None
    if one.kind == "money":
        return value, row[one.currency]
    return value.isoformat() if one.kind in ("day", "moment") else value


def from_api(one: Field, value: Any) -> Any:
    if value is None or one.is_masked:
        return value
    if one.kind == "money":
        return Decimal(value["amount"]), value["currency"]
    return Decimal(value) if one.kind in ("number", "percent") else value


def in_file(report: Report, row: Row) -> list[Any]:
    """A row's cells; numbers as numbers."""
    cells: list[Any] = []
    for one in report.columns:
        value = row[one.key]
        if one.is_masked:
            cells.append(masked(one, value) or "")
        elif one.kind == "money":
            cells += ["" if value is None else value, row[one.currency]]
        elif value is None:
            cells.append("")
        elif one.kind in ("number", "percent", "whole", "size"):
            cells.append(Decimal(value))
        elif one.kind == "flag":
            cells.append("Yes" if value else "No")
        elif one.kind in ("day", "moment"):
            cells.append(value)
        else:
            text = ", ".join(value) if one.kind == "words" else str(one.words(value))
            cells.append(f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text)
    if report.money.currency:
        cells += [report.money.currency, *(one if one is not None else "" for one in converted(report, row))]
    return cells


def converted(report: Report, row: Row) -> tuple[Decimal | None, datetime.date | None]:
    source = SOURCES[report.record]
    main = report.reader.fields[report.record][source.money or ""]
    if row[main.key] is None:
        # The day is told wherever there is another currency to convert from.
        return None, rate_day(report, row, main)
    found = report.money.converted(row, main, source.valued_on)
    if found is None:
        return None, rate_day(report, row, main)
    if row[main.currency] == report.money.currency:
        return row[main.key], None
    return rounded(found[0], digits(str(report.money.currency))), found[1]


def rate_day(report: Report, row: Row, main: Field) -> datetime.date | None:
    own = row[main.currency]
    if own == report.money.currency:
        return None
    day = report.money.day(row, SOURCES[report.record].valued_on)
    rates = (report.money.rate(one, day) for one in (own, str(report.money.currency)))
    return min((one[1] for one in rates if one and one[1]), default=None)


def read_as(cell: str, wanted: Any) -> Any:
    """A cell of the file as the kind of value that is wanted there."""
    try:
        if isinstance(wanted, datetime.datetime):
            return datetime.datetime.fromisoformat(cell)
        if isinstance(wanted, datetime.date):
            return datetime.date.fromisoformat(cell)
        return Decimal(cell) if isinstance(wanted, Decimal) else cell
    except (ValueError, ArithmeticError):
        return cell


# Both compared


def assert_same(told: list[Any], wanted: list[Any], report: Report) -> None:
    differ = [pair for pair in zip_longest(told, wanted) if pair[0] != pair[1]]
    if differ and isinstance(differ[0][0], list):
        differ = [pair for pair in zip_longest(*differ[0]) if pair[0] != pair[1]]
    assert not differ, (report.words, len(differ), differ[0])


def compared(stage: World, number: int) -> int:
    """How many rows one report has, after everything that the portal says of it was found right."""
    report = Writer(number, stage).report()
    found = listed(report)
    by_id = {str(row["id"]): row for row in report.rows}
    ids = [one["id"] for one in found]
    assert Counter(ids) == Counter(by_id.keys()), report.words
    for one in ids:
        assert one in by_id
    order = [[sort.place(by_id[one]) for sort in report.sorts] for one in ids]
    assert_same(order, [[sort.place(row) for sort in report.sorts] for row in report.rows], report)
    # Rows that sort alike stand as the portal has them.
    report.rows = [by_id[one] for one in ids]
    for one, row in zip(found, report.rows, strict=True):
        for column in report.columns:
            if column.kind not in ("long_text",):
                told, wanted = from_api(column, one[column.key]), in_api(report, column, row)
                assert told == wanted, (report.words, column.key, told, wanted)
        assert not {
            key
            for key in one
            if key not in ("id", "converted") and key not in {c.key for c in report.columns}
        }
    there, back, page = turned(report)
    assert there == ids, report.words
    assert back == ids, report.words
    count = f"{len(ids):,} {'entry' if len(ids) == 1 else 'entries'}"
    assert f">{count}<" in page, (report.words, count)
    if len(ids) <= int(dict(report.words)["rows"]) and report.rows:
        assert_same(lines_of(page), expected_lines(report), report)
    lines = list(
        csv.reader(io.StringIO(asked(report, f"/{plural(report)}.csv").data.decode("utf-8-sig"), newline=""))
    )
    wanted_lines = [in_file(report, row) for row in report.rows]
    told_lines = [
        [read_as(*pair) for pair in zip(line, wanted, strict=True)]
        for line, wanted in zip(lines[1:], wanted_lines, strict=True)
    ]
    assert_same(told_lines, wanted_lines, report)
    if report.of_values:
        valued(report, report.of_values)
    return len(ids)


def valued(report: Report, one: Field) -> None:
    """The list of a column's values counts the rows that the other filters leave."""
    if any(name.partition(".")[0] == one.key for name, _value in report.words):
        return
    page = asked(report, f"/{plural(report)}/values", ("of_column", one.key)).text
    page = page.partition("<fieldset>")[2]
    told = re.findall(r"<span>(.*?)</span><span class=\"n\">(.*?)</span></label>", page, re.S)
    wanted = Counter(shared(one, row) for row in report.rows)
    assert sorted(int(count.replace(",", "")) for _words, count in told) == sorted(wanted.values()), (
        report.words
    )
    if one.kind in ("currency", "code"):
        assert {words(name): int(count) for name, count in told} == {
            said(report, one, {one.key: key}): count for key, count in wanted.items()
        }


def differences(stage: World, numbers: Iterable[int]) -> tuple[int, list[str]]:
    rows, wrong = 0, []
    for number in numbers:
        try:
            rows += compared(stage, number)
        except AssertionError as error:
            wrong.append(f"{number}: {str(error)[:1500]}")
    return rows, wrong


def test_reports_say_what_one_would_find_by_hand(stage):
    rows, wrong = differences(stage, range(60))
    assert not wrong, listed_words(wrong)
    assert rows > 300


@pytest.mark.deep
@pytest.mark.parametrize("part", range(20))
def test_two_thousand_reports_say_what_one_would_find_by_hand(part, stage):
    rows, wrong = differences(stage, range(1000 + part * 100, 1100 + part * 100))
    assert not wrong, listed_words(wrong)
    assert rows > 500
