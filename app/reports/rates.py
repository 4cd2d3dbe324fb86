"""The rates behind the converted figures of a page: which, of which day, and which are missing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import _, language
from app.reports.convert import last_year_end
from app.reports.source import Source
from app.reports.table import Spot
from permissions import Viewer

LATEST = """
    select distinct on (currency) currency, rate, day from exchange_rates
     where currency = any(%(currencies)s) and day <= %(day)s order by currency, day desc"""


@dataclass(frozen=True)
class RatesUsed:
    """Lines of currency, rate and day; and the sentence about currencies without a rate, if there are any."""

    lines: list[tuple[str, str, str]]
    missing: str | None


def currencies_of(source: Source, rows: list[tuple[Any, ...]], placed: list[Spot], start: int) -> set[str]:
    """The currencies of the amounts that a page converts."""
    spot = next((spot for spot in placed if spot.column.key == source.money), None)
    return set() if spot is None else {row[start + spot.place + 1] for row in rows} - {None}


def rates_used(connection: Connection, viewer: Viewer, used: set[str], today: datetime.date) -> RatesUsed:
    """The rates of these currencies, on the organization’s valuation day as it is on `today`. Where each contract is
    valued at its own start, the last published rates stand here and each row's day in the file and the API."""
    wanted = sorted({*used, viewer.profile_currency or "EUR"} - {"EUR"})
    day = last_year_end(today) if viewer.valuation == "year_end" else today
    formats = formats_for(language())
    found: dict[str, Any] = {}
    if wanted:
        known = connection.exec_driver_sql(LATEST, {"currencies": wanted, "day": day})
        found = {row[0].strip(): row for row in known}
    lines = [
        (one, formats.number(found[one][1].normalize(), None), formats.day(found[one][2])) for one in found
    ]
    missing = [one for one in wanted if one not in found]
    return RatesUsed(lines, _sentence(missing[0], day) if missing else None)


def _sentence(currency: str, day: datetime.date) -> str:
    return _(
        "No rate for {currency} on {date}: showing the original amount.",
        currency=currency,
        date=formats_for(language()).day(day),
    )
