"""The last day to cancel a contract: as people of the trade would say it, and the SQL against plain counting."""

from __future__ import annotations

import datetime
from calendar import monthrange
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.contracts.deadlines import WITHOUT, last_day_to_cancel
from app.contracts.models import STATUSES, Contract
from app.contracts.notice import LONGEST_NOTICE
from tenants import current
from tests.factories import Make

Day = datetime.date
COLUMNS = Contract.__table__.c


def told(make: Make, today: Day, contracts: list[dict[str, Any]]) -> list[Day | None]:
    """What the portal computes for such contracts, stored as contracts are."""
    holder = make.policyholder()
    standard = {"ends_on": None, "annual_due_on": None, "notice_period_months": 3, "status": "own"}
    rows = [
        {
            **standard,
            **one,
            "tenant_id": make.tenant_id,
            "policyholder_id": holder,
            "number": "P",
            "key": f"{holder} {n:06}",
        }
        for n, one in enumerate(contracts)
    ]
    asked = (
        select(last_day_to_cancel(COLUMNS.__getitem__))
        .where(COLUMNS.tenant_id == make.tenant_id, COLUMNS.policyholder_id == holder)
        .order_by(COLUMNS.key)
    )
    with current.acting_for(make.tenant_id), make.engine.begin() as connection:
        connection.execute(insert(Contract), rows)
        return list(connection.scalars(asked, {"today": today}))


@pytest.mark.parametrize(
    ("contract", "today", "expected"),
    [
        # A car policy: everybody in Germany knows 30 November.
        ({"annual_due_on": "2027-01-01", "notice_period_months": 1}, "2026-11-22", "2026-11-30"),
        ({"annual_due_on": "2027-01-01", "notice_period_months": 1}, "2026-11-30", "2026-11-30"),
        ({"annual_due_on": "2027-01-01", "notice_period_months": 1}, "2026-12-01", "2027-11-30"),
        ({"annual_due_on": "2020-01-01", "notice_period_months": 1}, "2026-11-22", "2026-11-30"),
        ({"annual_due_on": "2027-07-01", "notice_period_months": 1}, "2026-11-22", "2027-05-31"),
        # Three months, as most industrial policies have it.
        ({"annual_due_on": "2027-01-01"}, "2026-09-30", "2026-09-30"),
        ({"annual_due_on": "2027-01-01"}, "2026-10-01", "2027-09-30"),
        ({"annual_due_on": "2027-04-01"}, "2026-11-22", "2026-12-31"),
        ({"annual_due_on": "2027-05-15"}, "2026-11-22", "2027-02-14"),
        # Month ends are last insured days.
        ({"annual_due_on": "2026-12-31"}, "2026-09-01", "2026-09-30"),
        ({"ends_on": "2027-05-31"}, "2026-11-22", "2027-02-28"),
        ({"ends_on": "2028-05-31"}, "2026-11-22", "2028-02-29"),
        ({"ends_on": "2027-06-30"}, "2026-11-22", "2027-03-31"),
        ({"ends_on": "2027-02-28"}, "2026-11-22", "2026-11-30"),
        ({"ends_on": "2027-05-30"}, "2026-11-22", "2027-02-28"),
        ({"annual_due_on": "2024-02-29", "notice_period_months": 1}, "2026-11-22", "2027-01-31"),
        # The expiry date counts where it comes first, the renewal where that does.
        ({"ends_on": "2027-03-31", "annual_due_on": "2027-07-01"}, "2026-11-22", "2026-12-31"),
        ({"ends_on": "2027-07-01", "annual_due_on": "2027-07-01"}, "2026-11-22", "2027-03-31"),
        ({"ends_on": "2030-01-01", "annual_due_on": "2027-01-01"}, "2026-08-22", "2026-09-30"),
        ({"ends_on": "2027-03-31", "annual_due_on": "2027-07-01"}, "2027-01-15", "2027-03-31"),
        ({"ends_on": "2019-12-31", "annual_due_on": "2020-01-01"}, "2026-11-22", "2027-09-30"),
        # Whose first renewal is years ahead, cannot be cancelled before.
        ({"annual_due_on": "2029-01-01"}, "2026-11-22", "2028-09-30"),
        # Nothing says that it renews: the day is told until the end, passed or not.
        ({"ends_on": "2026-12-31"}, "2026-11-22", "2026-09-30"),
        ({"ends_on": "2026-12-31"}, "2026-12-31", "2026-09-30"),
        ({"ends_on": "2026-12-31"}, "2027-01-01", None),
        # What has no deadline.
        ({"annual_due_on": "2027-01-01", "notice_period_months": None}, "2026-11-22", None),
        ({"notice_period_months": 3}, "2026-11-22", None),
        ({"annual_due_on": "2027-01-01", "notice_period_months": -1}, "2026-11-22", None),
        ({"annual_due_on": "2027-01-01", "notice_period_months": 2**31 - 1}, "2026-11-22", None),
        *(({"annual_due_on": "2027-01-01", "status": status}, "2026-11-22", None) for status in WITHOUT),
        # Another broker's contract is a contract.
        ({"annual_due_on": "2027-04-01", "status": "third_party"}, "2026-11-22", "2026-12-31"),
        ({"annual_due_on": "2027-04-01", "status": "dormant"}, "2026-11-22", "2026-12-31"),
        # Notice at any time before the end.
        ({"ends_on": "2026-12-31", "notice_period_months": 0}, "2026-11-22", "2026-12-31"),
        # Without an end, as some systems write it.
        ({"ends_on": "9999-12-31", "annual_due_on": "9999-12-31", "notice_period_months": 0}, "2026-11-22", "9999-12-31"),
        ({"annual_due_on": "0100-01-01"}, "2026-11-22", "2027-09-30"),
        ({"annual_due_on": "0027-01-01"}, "2026-11-22", None),
    ],
)  # fmt: skip
def test_as_the_trade_counts_it(
    make: Make, contract: dict[str, Any], today: str, expected: str | None
) -> None:
    days = {key: Day.fromisoformat(value) for key, value in contract.items() if key.endswith("_on")}
    wanted = Day.fromisoformat(expected) if expected else None
    assert told(make, Day.fromisoformat(today), [{**contract, **days}]) == [wanted]


def last_insured(day: Day) -> Day:
    """Of the period that a date ends."""
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return day if is_month_end else day - datetime.timedelta(days=1)


def counted_back(day: Day, months: int) -> Day:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    longest = monthrange(year, month + 1)[1]
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return Day(year, month + 1, longest if is_month_end else min(day.day, longest))


def by_hand(
    today: Day, ends_on: Day | None, annual_due_on: Day | None, notice_period_months: int | None, status: str
) -> Day | None:
    months = notice_period_months
    if status in WITHOUT or months is None or not 0 <= months <= LONGEST_NOTICE:
        return None
    ends = [] if ends_on is None else [last_insured(ends_on)]
    if annual_due_on is not None:
        begins = last_insured(annual_due_on) + datetime.timedelta(days=1)
        years = range(begins.year, max(begins.year, today.year + months // 12) + 3)
        ends += [begins.replace(year=year) - datetime.timedelta(days=1) for year in years]
    to_come = [day for end in ends if (day := counted_back(end, months)) >= today]
    if to_come:
        return min(to_come)
    if annual_due_on is None and ends_on is not None and ends_on >= today:
        return counted_back(last_insured(ends_on), months)
    return None


DAYS = st.dates(Day(2000, 1, 1), Day(2050, 12, 31))
ENDS_OF_MONTHS = DAYS.map(
    lambda day: last_insured(day.replace(day=1)) + datetime.timedelta(days=day.day % 4 - 1)
)
PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
CONTRACTS = st.fixed_dictionaries(
    {
        "ends_on": st.none() | DAYS | ENDS_OF_MONTHS,
        "annual_due_on": st.none() | DAYS | ENDS_OF_MONTHS,
        "notice_period_months": st.none() | st.integers(0, 13) | st.integers(-2, LONGEST_NOTICE + 2),
        "status": st.sampled_from(["own", *STATUSES]),
    }
)


def compared(make: Make, today: Day, contracts: list[dict[str, Any]]) -> None:
    said = told(make, today, contracts)
    wrong = [
        (one, day, by_hand(today, **one))
        for one, day in zip(contracts, said, strict=True)
        if day != by_hand(today, **one)
    ]
    assert not wrong


@settings(PATIENT, max_examples=60)
@given(today=DAYS | ENDS_OF_MONTHS, contracts=st.lists(CONTRACTS, min_size=1, max_size=40))
def test_the_query_counts_as_one_counts_by_hand(
    make: Make, today: Day, contracts: list[dict[str, Any]]
) -> None:
    compared(make, today, contracts)


@pytest.mark.parametrize("today", [Day(2027, 2, 28), Day(2028, 2, 28), Day(2028, 2, 29), Day(2026, 11, 30)])
def test_each_day_about_a_leap_year_with_each_usual_notice_period(make: Make, today: Day) -> None:
    """Ends of months and turns of years included."""
    dates = [Day(2027, 12, 15) + datetime.timedelta(days=number) for number in range(450)]
    compared(
        make,
        today,
        [
            {
                "status": "own",
                "notice_period_months": months,
                "ends_on": None,
                "annual_due_on": None,
                field: date,
            }
            for date in dates
            for months in (1, 3, 12)
            for field in ("ends_on", "annual_due_on")
        ],
    )


@pytest.mark.deep
@settings(PATIENT, max_examples=1500)
@given(today=DAYS | ENDS_OF_MONTHS, contracts=st.lists(CONTRACTS, min_size=1, max_size=60))
def test_the_query_counts_as_one_counts_by_hand_tens_of_thousands_of_times(
    make: Make, today: Day, contracts: list[dict[str, Any]]
) -> None:
    compared(make, today, contracts)
