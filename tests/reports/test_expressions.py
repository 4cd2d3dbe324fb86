"""Expressions as people write them: what they come to on a page, and what is said where they are wrong."""

from __future__ import annotations

import html
import random
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from app.core.db import drop, transaction
from app.core.text import speaking
from app.reports import query
from app.reports.columns import columns_of
from app.reports.reading import Problems, read
from tenants import current
from tests.reports.test_groups import rows_of
from tests.reports.viewers import looking
from tests.sources import SOURCES


@pytest.fixture
def holder(make: Any) -> Any:
    holder = make.policyholder("Nordwerk GmbH")
    for number, status, premium, currency in (
        ("N-1", "own", 1200, "EUR"), ("N-2", "quote", 90, "EUR"), ("N-3", "blocked", None, "CHF"),
    ):  # fmt: skip
        make.contract(holder, number=number, status=status, premium_net=premium, currency=currency)
    return holder


@pytest.fixture
def reader(make: Any, holder: Any, sign_in: Any) -> Any:
    return sign_in(make.member(make.organization(holder)))


def ask(reader: Any, path: str, **words: str) -> Any:
    return reader.get(f"/contracts{path}?{urlencode(words)}", headers={"Accept-Language": "en"})


def told(answer: Any) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", answer.text))


def test_a_column_is_computed_from_others(reader):
    answer = ask(reader, "", compute="c1:Monthly:premium_net / 12", columns="number,c1", sort="-c1")

    assert answer.status_code == 200
    assert rows_of(answer.text) == [["N-1", "EUR100.00"], ["N-2", "EUR7.50"], ["N-3", ""]]
    assert "Monthly" in answer.text


def test_a_rule_finds_rows_and_can_be_switched_off(reader):
    found = ask(reader, "", where='premium_net > 100 or status = "blocked"', columns="number")
    off = ask(reader, "", off="where=premium_net > 100", columns="number")

    assert [row[0] for row in rows_of(found.text)] == ["N-1", "N-3"]
    assert len(rows_of(off.text)) == 3
    assert "data-off" in off.text


def test_a_form_keeps_columns_by_their_keys_and_codes_by_theirs(reader):
    answer = ask(reader, "/rule", formula='[Premium excl. tax] > 100 and [Status] = "Quote"')

    assert answer.status_code == 303
    assert (
        quote('premium_net > 100 and status = "quote"', safe="").replace("%20", "+")
        in answer.headers["Location"]
    )


@pytest.mark.parametrize(
    ("formula", "sentence", "marked"),
    [
        ("[Premium excl. tax] +", "Something is missing at the end: a column, a number, a text or a function.", "‸"),
        ("premium_nett > 1", "There is no column ‘premium_nett’.", "premium_nett"),
        ("premium_net > 'x'", "Expected an amount here; this is a text.", "'x'"),
        ("sqrt(premium_net) > 1", "There is no function ‘sqrt’.", "sqrt"),
        ("premium_net > 1,5", "Decimals are written with a point: 1.19.", ","),
        ("premium_net + 5 EUR > 1 EUR", "These amounts may be in different currencies.", "5 EUR"),
        ('convert(premium_net, "EURO") > 1', "There is no currency ‘EURO’.", '"EURO"'),
        ("premium_net", "Expected yes or no here; this is an amount.", "premium_net"),
        ("starts_on > 2026-02-30", "The calendar has no day ‘2026-02-30’.", "2026-02-30"),
        ('status = "unheard of"', "‘unheard of’ is no value of ‘Status’.", '"unheard of"'),
        ("(" * 40 + "-" * 40 + "1" + ")" * 40, "This expression is too large.", None),
        ("round(premium_net) > 1 and", "Something is missing at the end", "‸"),
        ("commission_rates > 1", "There is no column ‘commission_rates’.", "commission_rates"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(reader, formula, sentence, marked):
    answer = ask(reader, "/rule", formula=formula)

    assert answer.status_code == 422
    assert sentence in told(answer)
    assert html.escape(formula, quote=False) in answer.text.replace("&#34;", '"').replace("&#39;", "'")
    if marked is not None:
        assert f"<mark>{marked}</mark>" in answer.text.replace("&#34;", '"').replace("&#39;", "'")


def test_a_link_with_a_wrong_expression_shows_the_rest_of_the_report(reader):
    answer = ask(reader, "", where="premium_nett > 1", columns="number")

    assert answer.status_code == 422
    assert "There is no column ‘premium_nett’." in told(answer)
    assert len(rows_of(answer.text)) == 3


def test_nothing_is_divided_by_zero(reader):
    answer = ask(
        reader, "", compute="c1:Ratio:premium_net / (premium_net - premium_net)", columns="number,c1"
    )

    assert answer.status_code == 200
    assert [row[1] for row in rows_of(answer.text)] == ["", "", ""]


def test_a_computed_column_is_sorted_filtered_grouped_and_put_out_like_any_other(reader):
    words = {"compute": 'c1:Size:if(premium_net >= 100, "large", "small")', "columns": "number,c1"}

    assert [row[0] for row in rows_of(ask(reader, "", **words, c1="large").text)] == ["N-1"]
    groups = rows_of(ask(reader, "", compute=words["compute"], by="c1", show="count").text)
    assert groups == [["large", "1"], ["small", "2"], ["Total", "3"]]
    assert "Size" in ask(reader, ".csv", **words).get_data(as_text=True)
    assert ask(reader, ".xlsx", **words).status_code == 200
    assert ask(reader, ".pdf", **words).status_code == 200
    page = reader.get("/api/v1/contracts?" + urlencode({**words, "fields": "number,c1"}))
    assert [one["c1"] for one in page.json["contracts"]] == ["large", "small", "small"]


WORDS = ["premium_net", "status", "starts_on", "number", "insurer", "commission", "c1", "and", "or", "not", "in", "is", "empty",
         "case", "when", "then", "else", "end", "between", "if", "round", "min", "max", "concat", "convert", "today", "left",
         "add_months", "replace", "(", ")", "(", ")", ",", "+", "-", "*", "/", "=", "<>", "<", ">=", "&", "1", "2.5", "0", "999999999",
         "100 EUR", "2026-01-31", '"x"', "'%'", "[Status]", "true", "contains", "starts", "with"]  # fmt: skip
HOSTILE = [
    "1; drop table contracts", "1) or (1=1", "'; select pg_sleep(10) --", "pg_sleep(10)", "current_user", "version()",
    "(select 1)", "premium_net::text", "contracts.premium_net", "tenant_id", "id", "key; --", "/* x */ 1", "-- x", "$1", ":x",
    "%(tenant)s", "%s", "{0}", "{{7*7}}", "${7*7}", "__import__('os')", "\\", "\x00", "\ud800", "\u202e1", "１ + １", "٣ > 2",
    "1e400 > 1", "0x10 = 16", "9" * 400, "1" + "0" * 14 + ".0" * 1, "-" * 900 + "1", "(" * 900, ")" * 900, "not " * 200 + "true",
    "1 = 1 = 1", "case " * 100, "if(" * 100, "round(1, 99999)", "round(1, -1)", "left('x', 1000000)", "right('x', -1)",
    "add_days(today(), 999999999999)", "add_months(today(), -99999999)", "add_days(9999-12-31, 1)", "today() + 1e9",
    "0001-01-01 - 1 < today()", "9999-12-31 > today()", "2026-02-29 > today()", "0000-00-00 = today()",
    "premium_net / 0 > 1", "1 / 0 = 1", "premium_net * 999999999999999 * 999999999999999 * 999999999999999 > 0",
    'replace(replace(replace(number, "", "xxxxxxxx"), "x", "yyyyyyyy"), "y", "zzzzzzzz") = "a"',
    'concat(number, number) contains ""', "number contains '%'", "number starts with '_'", "number = '\\'", 'number = """"',
    'convert(premium_net, "XXX") > 1', 'convert(premium_net, "eur") > 1', 'convert(1, "EUR") > 1', 'convert(premium_net, number) > 1',
    "min(1, 'x') > 1", "min() > 1", "max(1) > 1", "if(1, 2, 3) > 1", "if_empty(empty, empty) is empty", "empty = empty", "empty",
    "empty + 1 > 1", "true > false", "true + 1 > 1", "status in ()", "status in (", "status in (empty)", "premium_net in (1, 'x')",
    "premium_net between 1", "not", "and", "is empty", "[", "[]", "[x", "[Status", "[status]]", "[Nobody knows it]", "''", '""',
    "premium_net > premium_net > premium_net", "starts_on + starts_on > 1", "starts_on * 2 > 1", "starts_on - premium_net > 1",
    "-starts_on > 1", "number + number = 'x'", "number & premium_net = 'x'", "length(1) > 1", "year('x') > 1", "weekday(today()) > 8",
]  # fmt: skip


def hostile() -> list[str]:
    """Two hundred of them: those above, and each of some within others."""
    made = list(HOSTILE)
    wraps = ["({})", "not ({})", "if({}, true, false)", "{} and true", 'concat("x", {}) = "x"', "{} = {}"]
    for number, text in enumerate(HOSTILE):
        made.append(wraps[number % len(wraps)].replace("{}", text))
    return (made * 2)[:200]


def test_nothing_hostile_gets_through_or_breaks_a_page(reader):
    wrong = []
    for text in hostile():
        for words in ({"where": text}, {"compute": f"c1:C:{text}", "columns": "number,c1"}):
            try:
                asked = urlencode(words)
            except UnicodeEncodeError:
                asked = urlencode(
                    {name: value.encode("utf-8", "surrogatepass") for name, value in words.items()}
                )
            answer = reader.get(f"/contracts?{asked}")
            if answer.status_code not in (200, 422, 400):
                wrong.append((text, answer.status_code))
    assert wrong == []


def random_text(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 14)))


def asked_at_random(portal: Any, viewer: Any, numbers: range) -> int:
    """How many of the expressions of these numbers mean anything; all of them in a transaction that can only read."""
    source, understood = SOURCES["contract"], 0
    columns = columns_of(source, viewer.rights)
    with portal.app_context(), current.acting_for(viewer.tenant_id), current.patient_for(8), speaking("en"):
        transaction().exec_driver_sql("set transaction read only")
        for number in numbers:
            chance, problems = random.Random(number), Problems()
            words = [
                ("compute", f"c1:C:{random_text(chance)}"),
                ("where", random_text(chance)),
                ("rows", "5"),
            ]
            state = read(words, columns, source.sort, (), problems)
            if state.where or state.computed:
                query.page(transaction(), viewer, source, state)
                understood += 1
        drop()
    return understood


def test_random_expressions_are_refused_in_words_or_read_only(portal, make, holder):
    viewer = looking(portal, make, make.member(make.organization(holder)))
    assert asked_at_random(portal, viewer, range(600)) > 5


@pytest.mark.deep
def test_ten_thousand_random_expressions_are_refused_in_words_or_read_only(portal, make, holder):
    viewer = looking(portal, make, make.member(make.organization(holder)))
    assert asked_at_random(portal, viewer, range(10_000)) > 100


def test_beside_days_a_moment_is_its_day_at_the_brokers_clock(make, sign_in):
    member = make.member(make.organization(make.policyholder()))
    for subject, moment in (("Late", "2026-01-31T23:30:00+01:00"), ("Next", "2026-01-31T23:30:00+00:00")):
        make.row(
            "cases", key=subject, subject=subject, status="open", owner_id=make.user_of(member), changed_at=moment
        )  # fmt: skip
    reader = sign_in(member)

    def found(where: str, **words: str) -> list[list[str]]:
        asked = urlencode({"where": where, "columns": "claim,subject", "sort": "subject", **words})
        return [
            row[1:] for row in rows_of(reader.get(f"/cases?{asked}", headers={"Accept-Language": "en"}).text)
        ]

    assert found("changed_at <= 2026-01-31") == [["Late"]]
    assert found("[Changed on] = 2026-02-01") == [["Next"]]
    assert found("hour(changed_at) = 0 and minute(changed_at) = 30") == [["Next"]]
    assert found("changed_at - 2026-01-01 = 30") == [["Late"]]
    words = {
        "compute": "c1:Then:max(changed_at, changed_at)",
        "columns": "claim,subject,c1",
        "c1.ge": "2026-01-31T23:00Z",
    }
    assert found("changed_at = changed_at", **words) == [["Next", "01/02/2026, 00:30"]]
    wrong = reader.get("/cases?" + urlencode({"where": "changed_at > 5"}), headers={"Accept-Language": "en"})
    assert "Expected a moment here; this is a number." in told(wrong)
