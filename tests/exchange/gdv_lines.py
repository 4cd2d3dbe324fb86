"""Lines of a GDV file written from the field catalogue, for what no sample file holds."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from app.exchange.gdv import Package, read
from app.exchange.gdv.catalogue import Layout, layouts_of

Value = str | int | Decimal | date
INSURER, POLICY, OFFICE = "4242", "AB1234567", "77-001"


def line(
    record: str, lob: str = "", part: str = "1", *, policy: str = POLICY, bundle: str = " ", **fields: Value
) -> str:
    """A line of 256 characters. Amounts are Decimal, days are date, everything else is written as it is."""
    layout = next(found for found in layouts_of(record, lob) if found.part == part and _fits(found, fields))
    text = list(f"{record}{INSURER:<5}{bundle}{lob:>3}{policy:>17}01{OFFICE:<10}".ljust(256))
    for mark in layout.marks:
        text[mark.at] = mark.values[0]
    for name, value in fields.items():
        field = layout.fields[name]
        width = field.end - field.start
        if isinstance(value, Decimal):
            written = f"{int(abs(value).scaleb(field.decimals)):0{width}d}"
            if field.sign_at is not None:
                text[field.sign_at] = "-" if value < 0 else "+"
        elif isinstance(value, date):
            written = f"{value:%d%m%Y}"
        elif isinstance(value, int):
            written = f"{value:0{width}d}"
        else:
            written = value.ljust(width)
        assert len(written) == width, f"{name}: {written!r} does not fit {width} bytes"
        text[field.start : field.end] = written
    return "".join(text)


def _fits(layout: Layout, fields: dict[str, Value]) -> bool:
    return all(name in layout.fields for name in fields)


def header(**fields: Value) -> str:
    """The header of a package from an insurer."""
    written = line(
        "0001", **{"Absender": "Beispiel Versicherung AG", "VuNr": INSURER, "ArtAbsenders": "1"} | fields
    )
    return written[:39] + " " * 30 + written[69:]


def footer(records: int, **totals: Decimal) -> str:
    """A footer with the given count and totals, zero where not given."""
    names = ("GesbeitragBruttoInkasso", "GesprovisionsBetrag", "Verssleistungen", "Schadenbearbeitungskost")
    return line(
        "9999", **{"AnzSaetze": records, "Gesbeitrag": Decimal(0)} | dict.fromkeys(names, Decimal(0)) | totals
    )


def package(*lines: str, **totals: Decimal) -> bytes:
    """A whole package around these lines."""
    return "\r\n".join((header(), *lines, footer(len(lines), **totals), "")).encode("iso-8859-1")


def holder(**fields: Value) -> tuple[str, str]:
    """A policyholder with a customer number, in two parts."""
    person = {
        "Anredeschluessel": "2",
        "Name1": "Grün",
        "Name3": "Änne",
        "LKZ": "D",
        "Adresskennzeichen": "01",
    } | fields
    return line("0100", **person), line("0100", part="2", PersonenKundenNrVersicherers="K77")


def contract(lob: str = "040", premium: str = "100.00", **fields: Value) -> str:
    """Record 0200 of a contract in force."""
    given: dict[str, Value] = {
        "Vertragsbeginn": date(2024, 1, 1),
        "Zahlungsweise": "1",
        "Vertragsstatus": "1",
        "AFB": "1",
        "Waehrungsschluessel": "EUR",
        "GesbeitragNettoInWE": Decimal(premium),
    }
    return line("0200", lob, **given | fields)


def only(data: bytes, *, accept_mismatch: bool = False) -> Package:
    """The one package of a file."""
    (found,) = read(io.BytesIO(data), accept_mismatch=accept_mismatch)
    return found
