"""What changed between two days: Klara Muster compares January with March, as far as she reads what changed."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest

from tests.factories.past import lived

JANUARY, FEBRUARY, MARCH = "2026-01-10", "2026-02-10", "2026-03-10"
BETWEEN = "from=2026-01-31&to=2026-02-28"


@pytest.fixture
def holder(make):
    return make.policyholder("Nordwerk")


@pytest.fixture(autouse=True)
def stock(make, holder):
    """Of four contracts one rose in price in February, one was bought then, one changed in March, one never."""
    dearer = make.contract(holder, number="D-1", premium_net=Decimal(900), status="own", remarks="=cmd")
    lived(
        make, "contracts", dearer, (JANUARY, {"premium_net": Decimal(500), "status": "quote"}), since=FEBRUARY
    )
    bought = make.contract(holder, number="B-1")
    lived(make, "contracts", bought, since=FEBRUARY)
    later = make.contract(holder, number="L-1", product="+new")
    lived(make, "contracts", later, (JANUARY, {"product": "-old"}), since=MARCH)
    lived(make, "contracts", make.contract(holder, number="N-1"), since=JANUARY)


@pytest.fixture
def reader(make, sign_in, holder):
    def reader(*subjects):
        return sign_in(make.member(make.organization(holder), make.profile(*subjects) if subjects else None))

    return reader


def rows(reader, words):
    page = reader.get(f"/contracts/changes?{words}", headers={"Accept-Language": "en"})
    assert page.status_code == 200, page.text
    found = re.findall(r"<tr role=\"row\"><th scope=\"row\".*?</tr>", page.text, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]*>", " ", row)).split()) for row in found]


def test_what_came_and_what_changed_field_by_field(reader):
    assert rows(reader(), BETWEEN) == [
        "B-1 Added",
        "D-1 Changed Status: before Quote after Managed by us Premium excl. tax: before EUR 500.00 after EUR 900.00",
    ]


def test_what_no_longer_passes_the_filter_went(reader):
    assert rows(reader(), f"{BETWEEN}&status=quote") == ["D-1 No longer there"]
    assert [row.split()[0] for row in rows(reader(), f"{BETWEEN}&status=own")] == ["B-1", "D-1"]
    assert rows(reader(), f"{BETWEEN}&status=own")[1] == "D-1 Added"


def test_only_what_one_reads_is_compared(reader):
    blind = reader("menu:contracts", "field:contract.number", "field:contract.product")
    assert rows(blind, BETWEEN) == ["B-1 Added"]
    assert rows(blind, "from=2026-02-28&to=2026-03-31") == ["L-1 Changed Product: before -old after +new"]
    assert rows(reader(), f"{BETWEEN}&columns=number") == ["B-1 Added"]


def test_the_file_has_a_line_for_each_field_and_nothing_that_runs(reader):
    text = (
        reader()
        .get("/contracts/changes.csv?from=2026-02-28&to=2026-03-31", headers={"Accept-Language": "en"})
        .text
    )
    assert text.splitlines() == [
        "\ufeffContract,Change,Field,Before,After",
        "L-1,Changed,Product,'-old,'+new",
    ]


def test_days_that_are_none_or_in_the_wrong_order_are_told_at_their_place(reader):
    klara = reader()
    for words, control in (
        ("from=2026-03-01&to=2026-02-01", "from"), ("from=x", "from"), ("to=9999-12-31", "to"), ("to=2026-02-31", "to"),
    ):  # fmt: skip
        page = klara.get(f"/contracts/changes?{words}")
        assert page.status_code == 422, words
        assert f'id="{control}-error"' in page.text
        assert klara.get(f"/contracts/changes.csv?{words}").status_code == 422


def test_without_days_the_last_month_is_shown(reader, make, holder):
    make.contract(holder, number="T-1")
    assert rows(reader(), "") == ["T-1 Added"]


def test_the_way_there_is_on_the_page_of_that_day(reader):
    page = reader().get("/contracts?as_of=2026-01-31&status=quote", headers={"Accept-Language": "en"}).text
    assert 'href="/contracts/changes?status=quote&amp;from=2026-01-31"' in page


def test_only_what_one_may_see_today(reader, make):
    other = make.contract(make.policyholder("Südwerk"), number="S-1")
    lived(make, "contracts", other, (JANUARY, {"status": "quote"}), since=FEBRUARY)
    assert "S-1" not in " ".join(rows(reader(), BETWEEN))
