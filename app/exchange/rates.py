"""Taking in the ECB's euro reference rates: its history file, whole or in part, as often as one likes."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import click
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError

from app.core.db import chunks
from app.core.errors import Refusal
from app.core.settings import Settings
from app.core.text import _

SEED = Path(__file__).resolve().parents[1] / "demo" / "data" / "eurofxref-hist.zip"
"""The last years up to this release, so that a new installation can convert before anybody fetched rates."""
SOURCE = "ECB"
LARGEST_FILE = 64 << 20
"""Bytes of CSV. The whole history since 1999 has two million."""
MOST_NAMED = 20
BATCH = 20_000
NO_RATE = {"", "N/A"}
A_RATE = re.compile(r"[0-9]{1,10}(\.[0-9]{1,8})?")

Rate = tuple[str, datetime.date, Decimal]


class BadRates(Refusal):
    """The file is not the ECB's; the text names lines and reasons. Nothing was taken."""

    status = 422


@dataclass
class RatesReport:
    """What an update did; the days are the first and the last of the file."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    first_day: datetime.date | None = None
    last_day: datetime.date | None = None
    currencies: set[str] = field(default_factory=set)


def read_rates(data: bytes) -> Iterator[Rate]:
    """The rates of eurofxref-hist.zip, or of the CSV in it: 1 EUR = rate. BadRates says what cannot be read."""
    rows = csv.reader(io.StringIO(_csv_of(data)))
    head = [cell.strip() for cell in next(rows, [])]
    currencies = head[1:-1] if head and not head[-1] else head[1:]
    if head[:1] != ["Date"] or not currencies:
        raise BadRates(_("The first line must name the day and the currencies: Date,USD,JPY …"))
    strange = [name for name in currencies if not re.fullmatch("[A-Z]{3}", name)]
    if strange or len(set(currencies)) < len(currencies):
        raise BadRates(_("The first line names no currencies that can be read, or one twice."))
    problems: list[str] = []
    for cells in rows:
        if not any(cells):
            continue
        try:
            day = datetime.date.fromisoformat(cells[0].strip())
        except ValueError:
            problems.append(
                _("Line {line}: ‘{value}’ is not a day.", line=rows.line_num, value=cells[0][:20])
            )
            continue
        if len(cells) - 1 < len(currencies):
            problems.append(_("Line {line}: cells are missing.", line=rows.line_num))
            continue
        for currency, cell in zip(currencies, cells[1:], strict=False):
            text = cell.strip()
            if text in NO_RATE:
                continue
            if not A_RATE.fullmatch(text) or not Decimal(text):
                problems.append(
                    _(
                        "Line {line}, {currency}: ‘{value}’ is not a rate.",
                        line=rows.line_num,
                        currency=currency,
                        value=text[:20],
                    )
                )
                continue
            yield currency, day, Decimal(text)
    if problems:
        raise BadRates("\n".join(problems[:MOST_NAMED]))


def _csv_of(data: bytes) -> str:
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside = [member for member in archive.infolist() if member.filename.endswith(".csv")]
                # The directory says how much comes out before anything does.
                if len(inside) != 1 or inside[0].file_size > LARGEST_FILE:
                    raise BadRates(_("The archive must hold one CSV file of at most 64 MB."))
                data = archive.read(inside[0])
        return data.decode("utf-8-sig")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeDecodeError):
        raise BadRates(_("The file is neither the ECB’s archive nor its CSV.")) from None


UPSERT = """
    with given as (
        select * from unnest(%(currencies)s::text[], %(days)s::date[], %(rates)s::numeric[]) g(currency, day, rate)),
    merged as (
        insert into exchange_rates as r (currency, day, rate, source)
        select g.currency, g.day, g.rate, %(source)s from given g
            on conflict (currency, day) do update set rate = excluded.rate, source = excluded.source
         where r.rate <> excluded.rate
        returning old.rate is null as is_new)
    select count(*) filter (where is_new), count(*) filter (where not is_new) from merged"""


def update(connection: Connection, data: bytes) -> RatesReport:
    """Take a file's rates in the caller's transaction, which needs the owner of the tables: the portal itself
    reads rates and never writes them. A rate that is there keeps its row unless the file says another."""
    report = RatesReport()
    seen: set[tuple[str, datetime.date]] = set()
    for batch in chunks(read_rates(data), BATCH):
        # PostgreSQL refuses to touch a row twice in one statement; a day given twice counts once.
        fresh = [rate for rate in batch if rate[:2] not in seen]
        seen.update(rate[:2] for rate in fresh)
        if not fresh:
            continue
        currencies, days, rates = zip(*fresh, strict=True)
        new, changed = connection.exec_driver_sql(
            UPSERT,
            {"currencies": list(currencies), "days": list(days), "rates": list(rates), "source": SOURCE},
        ).one()
        report.new += new
        report.changed += changed
        report.unchanged += len(fresh) - new - changed
        report.currencies.update(currencies)
        report.first_day = min(filter(None, (report.first_day, *days)))
        report.last_day = max(filter(None, (report.last_day, *days)))
    if report.last_day is None:
        raise BadRates(_("The file holds no rates."))
    return report


@click.group("rates")
def rates() -> None:
    """Exchange rates of the European Central Bank."""


@rates.command("update")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seed", is_flag=True, help="Take the rates that came with this release.")
def update_command(file: Path | None, seed: bool) -> None:
    """Take the rates of FILE, the ECB's eurofxref-hist.zip or its CSV. Twice changes nothing."""
    if (file is None) != seed:
        raise click.UsageError(_("Name a file, or give --seed."))
    engine = create_engine(Settings.from_environment().database_owner_url)
    try:
        with engine.begin() as connection:
            report = update(connection, (file or SEED).read_bytes())
    except BadRates as problem:
        raise click.ClickException(str(problem)) from None
    except DBAPIError as error:
        raise click.ClickException(
            _("The rates could not be written: {reason}", reason=str(error.orig).strip().splitlines()[0])
        ) from None
    finally:
        engine.dispose()
    click.echo(
        _(
            "{first} to {last}, {currencies} currencies: {new} new, {changed} changed, {unchanged} unchanged rates.",
            first=report.first_day,
            last=report.last_day,
            currencies=len(report.currencies),
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
        )
    )
