"""Addresses that nobody writes who means well: whatever stands in them, the answer is a page or a reason, never a failure."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from app.reports.columns import OPERATORS
from app.reports.pages import BESIDES
from app.reports.reading import KNOWN
from tenants import current, rebuilding, visibility
from tests.conftest import make_tenant
from tests.factories import Make
from tests.security.stock import Person, document_profile, listed, one_of_everything, with_cookie
from tests.sources import SOURCES

EVERY_OPERATOR = sorted({operator for known in OPERATORS.values() for operator in known})
FUNCTIONS = ("sum", "avg", "median", "min", "max", "distinct", "share", "count", "stddev")
VALUES = [
    "", " ", "0", "-1", "1", "NaN", "-NaN", "Infinity", "-inf", "1e400", "-1e400", "1e-400", "9" * 40, "0.1" * 30, "١٢٣",
    "0000-00-00", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "99999-01-01", "infinity", "-infinity",
    "2026-02-30", "2026-W01-1", "20260101", "2026-01-01T25:00", "9999-12-31T23:59:59+23:59", "0001-01-01T00:00:00+14:00",
    "999d", "999y", "0d", "1000y", "d", "-1d", "true", "false", "maybe", "XXX", "EUR", "eur", "a,b,,c", ",", "%", "_", "\\", "'", '"',
    "'; drop table contracts; --", "{}", "[]", "[[]]", '["a"]', '[""]', "[1]", '{"any":[]}', '{"all":[["status","own"]]}',
    '{"any":' * 900, '{"any":[' * 30 + "]}" * 30, "🚗", "ä" * 201, "x" * 3000, "word " * 500, "\u202e", "\ufeff", "\n\r\t", "\x01\x1f",
    "a:b:c:d", "c1:C:premium_net / 0", "c1:C:convert(premium_net, \"QQQ\")", "c1:C:1/0", "c1:C:power(10, 400)",
    "c1:C:add_months(today(), 999999999)", "c1:C:round(premium_net, 99999)", "c1:C:" + "(" * 400, "c1:C:" + "1+" * 900 + "1",
    "c1:C:" + '"' + "x" * 900 + '"', "info::M:true", "info:number:M:1 = 1", ":::", "count", "sum.premium_net", "-", "--",
    "018f3a5e-0000-7000-8000-000000000000", "contract:018f3a5e-0000-7000-8000-000000000000", "contract:", "W10", "bars", "donut",
]  # fmt: skip
BYTES = ["%00", "a%00b", "%FF%FE", "%C3", "%ED%A0%80", "%F4%90%80%80", "%EF%BF%BD", "%", "%zz", "%25%30%30"]
"""As they stand in the address: no text at all."""
OUTPUTS = ("/{}", "/api/v1/{}", "/{}.csv", "/{}.pdf", "/{}.xlsx", *(f"/{{}}/{name}" for name in BESIDES))


@pytest.fixture(scope="module")
def reader(portal: Any, owner: Any, web: Any) -> Person:
    """A member who sees everything of one of everything."""
    make = Make(web, make_tenant(owner))
    stock = one_of_everything(make, "Alpha", make.mandate(), [])
    make.contract(stock["policyholder"], number="N-2", premium_net=None, currency="QQQ", starts_on=None)
    organization = make.organization(
        stock["policyholder"], document_profile_id=document_profile(make), profile_currency="CHF"
    )
    return with_cookie(portal, make, membership=make.member(organization))


def addresses(seed: int) -> Iterator[str]:
    """Words of every kind with whatever values, for every overview and each of its outputs."""
    chance = random.Random(seed)
    names = sorted(KNOWN)
    while True:
        source = chance.choice([one for one in SOURCES.values() if one.record not in ("insurer", "mandate")])
        fields = list(source.schema.declared())
        path = chance.choice([*OUTPUTS, *OUTPUTS[:5]]).format(source.plural)
        if source.past is not None and chance.random() < 0.1:
            path = f"/{source.plural}/changes" + chance.choice(["", ".csv"])

        def value(fields: list[str] = fields) -> str:
            field = chance.choice(fields)
            made = [
                *([chance.choice(VALUES)] * 5), field, f"-{field}.first", f"{field},{chance.choice(fields)}", f"{field}.month",
                f"{chance.choice(FUNCTIONS)}.{field}", f"{field}:{chance.choice(VALUES)}",
                f"{field}.{chance.choice(EVERY_OPERATOR)}={chance.choice(VALUES)}",
                orjson.dumps({"any": [[f"{field}.{chance.choice(EVERY_OPERATOR)}", chance.choice(VALUES)]]}).decode(),
                f"c{chance.randrange(12)}:C:{field} {chance.choice('+-*/=<&')} {chance.choice(fields)}",
            ]  # fmt: skip
            return chance.choice(made)

        said = []
        for _ in range(chance.choice([1, 1, 2, 3, 6])):
            name = chance.choice(
                [chance.choice(names), f"{chance.choice(fields)}.{chance.choice(EVERY_OPERATOR)}", chance.choice(fields),
                 chance.choice(["from", "to", "of_column", "picked", "apply", "filter_field", "search_in", "edit", "act", "n0_join",
                                "group_by", "n1_in", "nothing", "", "q.q.q"])]
            )  # fmt: skip
            text = chance.choice(BYTES) if chance.random() < 0.05 else quote(value(), safe="")
            said += [f"{name}={text}"] * chance.choice([1] * 15 + [2, 30])
        yield f"{path}?{'&'.join(said)}"


def failures(reader: Person, asked: Iterator[str], number: int) -> tuple[list[str], int]:
    """What broke, and how much of it all was answered with a report."""
    broken, answered = [], 0
    for _, address in zip(range(number), asked, strict=False):
        try:
            answer = reader.ask(address)
            answer.get_data()
            answered += answer.status_code == 200
            if answer.status_code >= 500:
                broken.append(f"{answer.status_code} {address[:600]}")
        except Exception as error:
            broken.append(f"{type(error).__name__} {str(error)[:200]} {address[:600]}")
    return broken, answered


def test_no_address_breaks_a_report(reader):
    broken, answered = failures(reader, addresses(1), 150)
    assert not broken, listed(broken)
    assert answered > 10


@pytest.mark.deep
@pytest.mark.parametrize("part", range(10))
def test_five_thousand_addresses_break_no_report(part, reader):
    broken, answered = failures(reader, addresses(100 + part), 500)
    assert not broken, listed(broken)
    assert answered > 50


LONG = "x" * 100_000
TODAY = visibility.today()


@pytest.mark.parametrize(
    "words",
    [
        f"q={LONG}", f"columns={LONG}", f"number={LONG}", f"compute=c1:C:{LONG}", f"match={LONG}", f"after={LONG}",
        "&".join(["status=own"] * 500), "&".join(["sort=number"] * 500), "&".join(["compute=c1:C:1"] * 500), "&".join(["break=status"] * 500),
        "compute=c1:C:premium_net/0", "compute=c1:C:premium_net/(premium_net-premium_net)&sort=c1", "where=1/0=1",
        'compute=c1:C:convert(premium_net,"QQQ")&total=sum.c1&columns=number,c1', "by=currency&show=sum.premium_net,avg.premium_net",
        "ends_on.ge=0000-01-01", "ends_on.le=99999-12-31", "ends_on=infinity", "premium_net.ge=NaN", "premium_net=1e400", "as_of=infinity",
        "as_of=99999-01-01", "as_of=0000-01-01", "ends_on.last=999y", "ends_on.next=999y", "premium_net.ge=999999999999999",
        "insurer=1", "status.ge=own", "starts_on.contains=2", "premium_net.starts=1", "number.last=3d",
    ],
)  # fmt: skip
@pytest.mark.parametrize("output", OUTPUTS[:5])
def test_what_cannot_be_is_answered_in_words(output, words, reader):
    answer = reader.ask(f"{output.format('contracts')}?{words}")
    answer.get_data()
    assert answer.status_code < 500


MANY = """
    insert into contracts (tenant_id, key, number, product, policyholder_id, status, currency, premium_net)
    select tenant_id, 'm' || n, 'M' || n, 'P ' || n, id, 'own', (array['EUR', 'CHF', 'USD'])[n %% 3 + 1], n
      from policyholders, generate_series(1, 4000) n where tenant_id = %(tenant)s"""


def test_more_values_than_a_table_or_a_chart_can_show_are_told_in_words(make, web, sign_in):
    organization = make.organization(make.policyholder("Nordwerk GmbH"))
    with current.acting_for(make.tenant_id), web.begin() as connection:
        connection.exec_driver_sql(MANY, {"tenant": make.tenant_id})
        rebuilding.rebuild(connection, [organization])
    reader = sign_in(make.member(organization))
    english = {"Accept-Language": "en"}

    for words in ("by=number&across=currency", "by=currency&across=number"):
        page = reader.get(f"/contracts?{words}", headers=english)
        assert page.status_code in (200, 422)
        assert "columns with fewer values." in page.text
        assert reader.get(f"/contracts.csv?{words}", headers=english).status_code == 422
    for chart in ("bars", "line", "area", "scatter", "stacked", "donut"):
        page = reader.get(f"/contracts?by=number&show=sum.premium_net,count&chart={chart}", headers=english)
        assert page.status_code == 200
        assert len(page.data) < 2_000_000
