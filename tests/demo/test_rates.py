"""The ECB's rates: read from its archive or its CSV, taken once, corrected when it corrects, refused in words."""

from __future__ import annotations

import contextlib
import datetime
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from app.exchange import rates

FILE = b"Date,USD,CHF,GBP,\n2026-04-13,1.1684,0.9242,0.87058,\n2026-04-10,1.1711,N/A,0.87105,\n"


@pytest.fixture
def connection(owner: Engine) -> Iterator[Connection]:
    """One transaction of the tables' owner, taken back afterwards."""
    with owner.connect() as connection:
        connection.execute(text("delete from exchange_rates"))
        yield connection
        connection.rollback()


def test_a_file_is_taken_once(connection: Connection) -> None:
    first, second = rates.update(connection, FILE), rates.update(connection, FILE)

    assert (first.new, first.changed, first.unchanged) == (5, 0, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 5)
    assert (first.first_day, first.last_day) == (datetime.date(2026, 4, 10), datetime.date(2026, 4, 13))


def test_a_corrected_rate_replaces_the_old_one(connection: Connection) -> None:
    rates.update(connection, FILE)

    report = rates.update(connection, FILE.replace(b"1.1684", b"1.1685"))

    assert (report.new, report.changed, report.unchanged) == (0, 1, 4)
    found = connection.execute(
        text("select rate from exchange_rates where currency = 'USD' order by day desc")
    )
    assert found.scalars().first() == Decimal("1.1685")


def test_the_archive_holds_the_same(connection: Connection) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("eurofxref-hist.csv", FILE)

    assert rates.update(connection, archive.getvalue()).new == 5


def test_the_seed_reaches_back_two_years_and_holds_the_usual_currencies(connection: Connection) -> None:
    report = rates.update(connection, rates.SEED.read_bytes())

    assert report.first_day == datetime.date(2024, 1, 2)
    assert {"USD", "CHF", "GBP", "JPY", "SEK"} <= report.currencies
    assert "AED" not in report.currencies


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "first line"),
        (b"Day;USD\n", "first line"),
        (b"Date,USD,USD\n", "twice"),
        (b"Date,USD\n2026-04-31,1.1\n", "Line 2"),
        (b"Date,USD\n2026-04-13,1.1\n2026-04-10,-1\n", "Line 3"),
        (b"Date,USD\n2026-04-13,0\n", "Line 2"),
        (b"Date,USD,CHF\n2026-04-13,1.1\n", "Line 2"),
        (b"Date,USD\n", "no rates"),
        (b"PK\x03\x04 no archive", "neither"),
        (b"Date,USD\n2026-04-13,\xff\n", "neither"),
    ],
)
def test_a_broken_file_is_refused_in_words(connection: Connection, data: bytes, named: str) -> None:
    with pytest.raises(rates.BadRates, match=named):
        rates.update(connection, data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for file in (data, b"Date,USD\n" + data):
        with contextlib.suppress(rates.BadRates):
            list(rates.read_rates(file))
