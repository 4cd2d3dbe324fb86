"""Groups against the same computed in plain Python, row by row: random contracts, filters, columns and figures."""

from __future__ import annotations

import datetime
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from statistics import median
from typing import Any
from unicodedata import combining, normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.db import drop, transaction
from app.core.text import speaking
from app.reports.columns import columns_of
from app.reports.groups import Crossed, crossed, groups
from app.reports.reading import Problems, read
from tenants import current
from tests.conftest import make_tenant
from tests.factories import Make
from tests.reports.viewers import looking, rates_of
from tests.sources import SOURCES

RATES = {"EUR": Decimal(1), "XTD": Decimal(2), "XTE": Decimal(5)}
"""Units for a euro; nobody quotes XTF."""
PRODUCTS = ["Alpha", "ALPHA", "älpha", "Straße", "STRASSE", "Zulu", None]
BY = ["status", "currency", "insurer", "product", "notice_period_months", "starts_on", "starts_on.year", "starts_on.quarter",
      "starts_on.month"]  # fmt: skip
OF_NUMBERS = ("sum", "share", "avg", "median", "min", "max", "distinct")
FIGURES = ["count", "share", *(f"{one}.premium_net" for one in OF_NUMBERS), "sum.deductible", "median.deductible", "min.starts_on",
           "max.starts_on", *(f"{one}.notice_period_months" for one in OF_NUMBERS),
           *(f"distinct.{one}" for one in ("deductible", "starts_on", "product", "insurer", "status", "currency"))]  # fmt: skip
FILTERS = {
    "status=own,quote": lambda row: row["status"] in ("own", "quote"),
    "status.not=own": lambda row: row["status"] != "own",
    "premium_net.ge=20": lambda row: row["premium_net"] is not None and row["premium_net"] >= 20,
    "starts_on.is_empty=1": lambda row: row["starts_on"] is None,
    "starts_on.lt=2025-02-01": lambda row: row["starts_on"] is not None and row["starts_on"] < datetime.date(2025, 2, 1),
    "product=straße": lambda row: folded(row["product"]) == "strasse",
    "currency=XTD,XTE": lambda row: row["currency"] in ("XTD", "XTE"),
}  # fmt: skip


def folded(value: str | None) -> str | None:
    if value is None:
        return None
    return "".join(c for c in normalize("NFD", value.replace("ß", "ss")) if not combining(c)).lower()


def by_hand(
    rows: list[dict[str, Any]], by: list[str], figures: list[str], currency: str | None
) -> dict[Any, Any]:
    found = defaultdict(list)
    for row in rows:
        found[tuple(shared(row, one) for one in by)].append(row)
    return {
        key: [
            share(some, rows, one, currency) if one.startswith("share") else figure(some, one, currency)
            for one in figures
        ]
        for key, some in found.items()
    }


def share(
    some: list[dict[str, Any]], rows: list[dict[str, Any]], name: str, currency: str | None
) -> tuple[Any, str | None, tuple[str, ...]]:
    """What the rows are of all rows, in per cent."""
    whole_name = name.replace("share", "sum" if "." in name else "count")
    part, said, left_out = exactly(some, whole_name, currency)
    whole, whole_said, whole_left = exactly(rows, whole_name, currency)
    left_out = left_out or (() if said == whole_said else whole_left)
    if part is None or not whole:
        return None, said, left_out
    return (Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.1"), ROUND_HALF_EVEN), said, left_out


def shared(row: dict[str, Any], name: str) -> Any:
    key, _, step = name.partition(".")
    value = row[key]
    if key == "product":
        return folded(value)
    if step and value is not None:
        months = {"year": 12, "quarter": 3, "month": 1}[step]
        return value.replace(month=(value.month - 1) // months * months + 1, day=1)
    return value


def figure(
    rows: list[dict[str, Any]], name: str, currency: str | None
) -> tuple[Any, str | None, tuple[str, ...]]:
    """Value, currency, and the currencies left out."""
    value, said, left_out = exactly(rows, name, currency)
    if value is not None and (said or name.startswith("avg")):
        value = value.quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    return value, said, left_out


def exactly(
    rows: list[dict[str, Any]], name: str, currency: str | None
) -> tuple[Any, str | None, tuple[str, ...]]:
    """A figure before it is rounded."""
    function, _, key = name.partition(".")
    if function == "count":
        return len(rows), None, ()
    known = [row for row in rows if row[key] is not None]
    if function == "distinct":
        is_amount = key in ("premium_net", "deductible")
        return len({(shared(row, key), is_amount and row["currency"]) for row in known}), None, ()
    said, left_out = None, set()
    if key in ("premium_net", "deductible"):
        currencies = {row["currency"] for row in known}
        if currency is None:
            if len(currencies) > 1:
                return None, None, tuple(sorted(currencies))
            values, said = [row[key] for row in known], next(iter(currencies), None)
        else:
            left_out, said = currencies - set(RATES), currency
            values = [
                row[key] / RATES[row["currency"]] * RATES[currency]
                for row in known
                if row["currency"] in RATES
            ]
    else:
        values = [row[key] for row in known]
    if not values:
        return None, said, tuple(sorted(left_out))
    compute = {"sum": sum, "min": min, "max": max, "avg": average, "median": median}[function]
    return compute(values), said, tuple(sorted(left_out))


def average(values: list[Any]) -> Decimal:
    return Decimal(sum(values)) / len(values)


@pytest.fixture(scope="module")
def stage(
    portal: Any, owner: Any, web: Any
) -> Iterator[dict[str | None, tuple[Any, Any, list[dict[str, Any]]]]]:
    """Readers of the same ninety contracts, one with mixed currencies, two with a profile currency."""
    make, chance = Make(web, make_tenant(owner)), random.Random(7)
    holder = make.policyholder()
    insurers = [make.insurer(name) for name in ("Merkur", "Alster")]
    rows = []
    for _number in range(90):
        row = {
            "status": chance.choice(["own", "quote", "blocked"]),
            "currency": chance.choice(["EUR", "XTD", "XTE", "XTF"]),
            "premium_net": chance.choice([None, Decimal(chance.randrange(-500, 9000)) / 100]),
            "deductible": chance.choice([None, Decimal(chance.randrange(100))]),
            "product": chance.choice(PRODUCTS),
            "notice_period_months": chance.choice([None, 1, 3, 12]),
            "starts_on": chance.choice(
                [None, datetime.date(2024, 1, 1) + datetime.timedelta(days=chance.randrange(800))]
            ),
            "insurer": chance.choice([None, *insurers]),
        }
        make.contract(
            holder, **{"insurer_id" if key == "insurer" else key: value for key, value in row.items()}
        )
        rows.append(row)
    source, people = SOURCES["contract"], {}
    for currency in (None, "EUR", "XTE"):
        membership = make.member(make.organization(holder, profile_currency=currency))
        viewer = looking(portal, make, membership)
        people[currency] = (viewer, source, rows)
    with rates_of(owner, RATES):
        yield people


ASKED = st.fixed_dictionaries(
    {
        "by": st.lists(st.sampled_from(BY), min_size=1, max_size=3, unique=True),
        "figures": st.lists(st.sampled_from(FIGURES), min_size=1, max_size=8, unique=True),
        "filters": st.lists(st.sampled_from(list(FILTERS)), max_size=2, unique=True),
        "currency": st.sampled_from([None, "EUR", "XTE"]),
    }
)
PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def compared(portal: Any, stage: Any, asked: dict[str, Any]) -> None:
    viewer, source, rows = stage[asked["currency"]]
    words = [("by", ",".join(asked["by"])), ("show", ",".join(asked["figures"]))]
    words += [tuple(one.split("=")) for one in asked["filters"]]
    columns, problems = columns_of(source, viewer.rights), Problems()
    state = read(words, columns, source.sort, (), problems)
    assert not problems, problems.by_control
    with portal.app_context(), current.acting_for(viewer.tenant_id), speaking("en"):
        found = groups(transaction(), viewer, source, state)
        drop()
    wanted = [row for row in rows if all(FILTERS[one](row) for one in asked["filters"])]
    expected = by_hand(wanted, asked["by"], asked["figures"], asked["currency"])
    said = {
        group.keys: [
            (v.value, (v.value is not None and v.currency) or None, v.left_out) for v in group.values
        ]
        for group in found.found
    }
    assert said == {
        key: [
            (value, currency if value is not None else None, left_out) for value, currency, left_out in values
        ]
        for key, values in expected.items()
    }
    whole = by_hand(wanted, [], asked["figures"], asked["currency"]).get(
        (),
        [(0 if f == "count" or f.startswith("distinct") else None, None, ()) for f in asked["figures"]],
    )
    assert [(v.value, v.left_out) for v in found.total.values] == [
        (value, left_out) for value, _, left_out in whole
    ]


CROSSED = st.fixed_dictionaries(
    {
        "by": st.lists(st.sampled_from(BY), min_size=2, max_size=5, unique=True),
        "wide": st.integers(1, 2),
        "figures": st.lists(st.sampled_from(FIGURES), min_size=1, max_size=8, unique=True),
        "filters": st.lists(st.sampled_from(list(FILTERS)), max_size=2, unique=True),
        "currency": st.sampled_from([None, "EUR", "XTE"]),
    }
)


def pivot_compared(portal: Any, stage: Any, asked: dict[str, Any]) -> None:
    """Rows, columns, where they meet, and all together: each is what its own groups come to."""
    viewer, source, rows = stage[asked["currency"]]
    wide = min(asked["wide"], len(asked["by"]) - 1)
    down, across = asked["by"][:-wide][:3], asked["by"][-wide:]
    words = [("by", ",".join(down)), ("across", ",".join(across)), ("show", ",".join(asked["figures"]))]
    words += [tuple(one.split("=")) for one in asked["filters"]]
    problems = Problems()
    state = read(words, columns_of(source, viewer.rights), source.sort, (), problems)
    assert not problems, problems.by_control
    with portal.app_context(), current.acting_for(viewer.tenant_id), speaking("en"):
        found = crossed(transaction(), viewer, source, state, 10**5, 1000)
        drop()
    assert isinstance(found, Crossed)
    wanted = [row for row in rows if all(FILTERS[one](row) for one in asked["filters"])]

    def computed(by: list[str]) -> dict[Any, Any]:
        expected = by_hand(wanted, by, asked["figures"], asked["currency"])
        return {key: [(value, left_out) for value, _, left_out in one] for key, one in expected.items()}

    def said(some: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
        return {key: [(v.value, v.left_out) for v in group.values] for key, group in some}

    assert said((group.keys, group) for group in found.rows) == computed(down)
    assert said((group.keys, group) for group in found.columns) == computed(across)
    assert said((d + a, group) for (d, a), group in found.cells.items()) == computed([*down, *across])
    if wanted:
        assert said([((), found.total)]) == computed([])


@settings(PATIENT, max_examples=40)
@given(asked=CROSSED)
def test_pivot_tables_are_what_one_would_compute_by_hand(portal, stage, asked):
    pivot_compared(portal, stage, asked)


@pytest.mark.deep
@settings(PATIENT, max_examples=2000)
@given(asked=CROSSED)
def test_pivot_tables_are_what_one_would_compute_by_hand_two_thousand_times(portal, stage, asked):
    pivot_compared(portal, stage, asked)


@settings(PATIENT, max_examples=80)
@given(asked=ASKED)
def test_groups_are_what_one_would_compute_by_hand(portal, stage, asked):
    compared(portal, stage, asked)


@pytest.mark.deep
@settings(PATIENT, max_examples=2000)
@given(asked=ASKED)
def test_groups_are_what_one_would_compute_by_hand_two_thousand_times(portal, stage, asked):
    compared(portal, stage, asked)
