"""The table of an overview as people lay it out: headings over rows, totals, highlights, names, nested conditions."""

from __future__ import annotations

import datetime
import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.reports.test_groups import rows_of


@pytest.fixture
def holder(make: Any) -> Any:
    holder = make.policyholder("Nordwerk GmbH")
    alster, merkur = make.insurer("Alster"), make.insurer("Merkur")
    soon, later = (datetime.date.today() + datetime.timedelta(days=days) for days in (20, 400))
    for number, insurer, status, premium, ends_on in (
        ("N-1", merkur, "own", 100, soon), ("N-2", alster, "own", 50, later), ("N-3", alster, "quote", 7, None),
        ("N-4", None, "blocked", 1, soon),
    ):  # fmt: skip
        make.contract(
            holder,
            number=number,
            insurer_id=insurer,
            status=status,
            premium_net=premium,
            currency="EUR",
            ends_on=ends_on,
        )
    make.contract(make.policyholder("Fremd AG"), number="F-1", insurer_id=alster, premium_net=9999)
    return holder


@pytest.fixture
def reader(make: Any, holder: Any, sign_in: Any) -> Any:
    return sign_in(make.member(make.organization(holder)))


def ask(reader: Any, path: str = "", *more: tuple[str, str], **words: str) -> Any:
    address = f"/contracts{path}?{urlencode([*words.items(), *more])}"
    return reader.get(address, headers={"Accept-Language": "en"})


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    rows = rows_of(answer.text) if "<table" in answer.text else []
    return [row[0] for row in rows if re.match(r"[NF]-\d", row[0])]


def led_to(answer: Any) -> dict[str, str]:
    """The words of the overview that a form leads back to."""
    assert answer.status_code == 303
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_rows_stand_under_headings_with_their_totals(reader):
    rows = rows_of(
        ask(reader, "", columns="number,premium_net", **{"break": "insurer"}, total="sum.premium_net").text
    )

    assert [row[0] for row in rows] == [
        "Insurer Alster2 entries", "N-2", "N-3", "Total Alster", "Insurer Merkur1 entry", "N-1", "Total Merkur",
        "Insurer Without a value1 entry", "N-4", "Total Without a value", "Total",
    ]  # fmt: skip
    assert [row[1] for row in rows if row[0].startswith("Total")] == [
        "EUR57.00",
        "EUR100.00",
        "EUR1.00",
        "EUR158.00",
    ]


def test_headings_go_on_over_pages_with_the_totals_of_all_their_rows(reader):
    words = {"columns": "number,premium_net", "break": "insurer", "total": "sum.premium_net", "rows": "1"}
    first = ask(reader, "", **words)
    second = reader.get(html.unescape(re.search(r'rel="next" href="([^"]*)"', first.text)[1]))

    assert [row[0] for row in rows_of(first.text)][:3] == ["Insurer Alster2 entries", "N-2", "Total Alster"]
    assert "N-3" in second.text
    assert "57" in rows_of(second.text)[2][1]


def test_a_highlight_marks_the_cell_or_the_row_and_says_why(reader):
    page = ask(
        reader, "", ("mark", "warning:premium_net:High:premium_net > 60"), ("mark", "critical::Soon:ends_on < today() + 30"),
        columns="number,premium_net",
    ).text  # fmt: skip

    assert len(re.findall(r'<td role="cell" class="hl-warning num"', page)) == 1
    assert len(re.findall(r'<tr role="row" class="hl-critical"', page)) == 2
    assert "(High)" in page
    assert page.count("(Soon)") == 2


def test_conditions_nest(reader):
    match = '{"any":[["status","quote"],{"all":[["status","own"],["premium_net.ge","60"]]}]}'
    answer = ask(reader, "", match=match)

    assert numbers(answer) == ["N-1", "N-3"]
    assert "Status: Quote or (Status: Managed by us and Premium excl. tax: is at least 60)" in html.unescape(
        re.sub(r"<[^>]*>", "", answer.text)
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"ends_on.next": "30d"}, ["N-1", "N-4"]),
        ({"ends_on.next": "24m"}, ["N-1", "N-2", "N-4"]),
        ({"ends_on.last": "1y"}, []),
        ({"number.in": '["N-1","n-3"]'}, ["N-1", "N-3"]),
        ({"number.not_in": '["N-1","N-3"]'}, ["N-2", "N-4"]),
        ({"number.matches": "n-?"}, ["N-1", "N-2", "N-3", "N-4"]),
        ({"number.matches": "*2"}, ["N-2"]),
        ({"number.not_contains": "-2"}, ["N-1", "N-3", "N-4"]),
        ({"number.not": "N-2"}, ["N-1", "N-3", "N-4"]),
        ({"premium_net": "50,100"}, ["N-1", "N-2"]),
        ({"premium_net.not": "50,100"}, ["N-3", "N-4"]),
        ({"off": "status=own"}, ["N-1", "N-2", "N-3", "N-4"]),
        ({"sort": "ends_on.first,number"}, ["N-3", "N-1", "N-4", "N-2"]),
        ({"sort": "-ends_on,number"}, ["N-2", "N-1", "N-4", "N-3"]),
    ],
)
def test_what_a_filter_or_an_order_finds(reader, words, found):
    assert numbers(ask(reader, "", **words)) == found


def test_pages_turn_both_ways_with_empty_values_first(reader):
    seen, address = [], "/contracts?sort=ends_on.first,number&rows=1"
    for _page in range(4):
        text = reader.get(address).text
        seen.append(re.search(r"N-\d", text)[0])
        turn = re.search(r'rel="next" href="([^"]*)"', text)
        address = html.unescape(turn[1]) if turn else address
    back = reader.get(html.unescape(re.search(r'rel="prev" href="([^"]*)"', text)[1])).text

    assert seen == ["N-3", "N-1", "N-4", "N-2"]
    assert re.search(r"N-\d", back)[0] == "N-4"


def test_a_column_has_another_name_here_and_in_its_file(reader):
    words = {"columns": "number,premium_net", "titled": "premium_net:What we pay"}

    assert "What we pay" in ask(reader, "", **words).text
    assert "What we pay" in ask(reader, ".csv", **words).get_data(as_text=True)


def test_the_page_of_columns_orders_names_and_widens_them(reader):
    lines = [("col_key", "number"), ("col_title", ""), ("col_width", ""), ("col_key", "status"), ("col_title", "State"),
             ("col_width", "l")]  # fmt: skip
    moved = ask(reader, "/columns", *lines, ("column", "status"), ("column", "number"), ("move", "status-up"))
    done = ask(
        reader, "/columns", *lines, ("column", "status"), ("column", "number"), ("apply", "1"), col_frozen="2"
    )
    wrong = ask(reader, "/columns", *[(n, "=1" if v == "State" else v) for n, v in lines], ("apply", "1"))

    keys = re.findall(r'name="col_key" value="([a-z_]+)"', moved.text)
    assert keys == ["status", "number"]
    assert led_to(done) == {
        "columns": "number,status",
        "titled": "status:State",
        "wide": "status:l",
        "frozen": "2",
    }
    assert wrong.status_code == 422
    assert "A name has no colon" in wrong.text


def test_the_values_of_a_column_are_counted_and_picked(reader):
    page = ask(reader, "/values", of_column="status", **{"ends_on.next": "30d"})
    chosen = ask(
        reader, "/values", ("picked", "own"), ("picked", "quote"), ("apply", "1"), of_column="status"
    )
    nobody = ask(reader, "/values", ("picked", ""), ("apply", "1"), of_column="insurer")

    counted = re.findall(r"<span>([^<]*)</span><span class=\"n\">(\d+)</span>", page.text)
    assert sorted(counted) == [("Blocked", "1"), ("Managed by us", "1")]
    assert led_to(chosen) == {"status": "own,quote"}
    assert led_to(nobody) == {"insurer.is_empty": "1"}


def test_the_page_of_conditions_grows_and_leads_back(reader):
    root = [
        ("n0_join", "any"),
        ("n1_in", "0"),
        ("n1_field", "status"),
        ("n1_operator", "is"),
        ("n1_value", "quote"),
    ]
    grown = ask(reader, "/conditions", *root, ("act", "nest-0"))
    done = ask(
        reader, "/conditions", *root, ("n2_in", "0"), ("n2_join", "all"), ("n3_in", "2"), ("n3_field", "premium_net"),
        ("n3_operator", "between"), ("n3_value", "60"), ("n3_value", "200"), ("act", "apply"),
    )  # fmt: skip
    wrong = ask(reader, "/conditions", *root, ("n2_in", "0"), ("n2_field", "premium_net"), ("n2_operator", "ge"),
                ("n2_value", "much"), ("act", "apply"))  # fmt: skip

    assert len(re.findall(r'name="n\d+_field"', grown.text)) == 3
    assert led_to(done) == {
        "match": '{"any":[["status","quote"],{"all":[{"all":[["premium_net.ge","60"],["premium_net.le","200"]]}]}]}'
    }
    assert wrong.status_code == 422
    assert "‘much’ does not fit the filter ‘Premium excl. tax’." in html.unescape(wrong.text)
    assert 'value="much"' in wrong.text


@pytest.mark.parametrize(
    "words",
    [
        {"match": "{"}, {"match": '{"any":[]}'}, {"match": '{"none":[["status","own"]]}'}, {"match": '{"any":[["status"]]}'},
        {"match": '{"any":[["status",1]]}'}, {"match": "[1]"}, {"match": '{"all":' * 9 + '[["status","own"]]' + "}" * 9},
        {"break": "remarks"}, {"break": "nobody_knows_it"}, {"total": "sum.status"}, {"titled": "number:=1"}, {"frozen": "99"},
        {"mark": "pink::x:true"}, {"mark": "info:number:x"}, {"compute": "number:x:1"}, {"compute": "c1"}, {"ends_on.next": "0d"},
        {"ends_on.next": "3x"}, {"number.in": "N-1"}, {"number.in": "[]"}, {"number.in": "[1]"}, {"sort": "number.last"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said_and_the_rows_still_stand(reader, words):
    answer = ask(reader, "", **words)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "N-4" in answer.text


def test_amounts_of_several_currencies_are_not_added_and_no_rate_is_missed(make, sign_in):
    holder = make.policyholder()
    for number, currency in (("N-1", "EUR"), ("N-2", "CHF")):
        make.contract(holder, number=number, premium_net=5, currency=currency)
    page = ask(
        sign_in(make.member(make.organization(holder))), columns="number,premium_net", total="sum.premium_net"
    ).text

    assert rows_of(page)[-1] == ["Total", "several currencies"]
    assert "No exchange rate" not in page
