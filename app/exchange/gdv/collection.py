"""Records 0400 and 0500: what is to be paid, and what happened."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.details import money
from app.exchange.gdv.partners import Partner
from app.exchange.gdv.problems import Reason
from app.exchange.gdv.records import Record

# Standard, annex 60: bookings between insurer and intermediary, of which the client has no invoice.
COMMISSION_BOOKINGS = frozenset({"40", "41", "90", "91"})
SERVICES = "88"
SINGLE_DELIVERY = "3"


def is_invoice(record: Record) -> bool:
    """Whether a record 0400 is an invoice to the client."""
    return record.get("Sollstellungsart") not in COMMISSION_BOOKINGS


def invoice_row(record: Record, contract: str) -> dict[str, Any]:
    """An invoice as an import row. Its period begins on the day it is due (standard, record 0400).

    Its key is the contract with booking day, period, kind and supplement: the standard has no number of its
    own for it. Where the insurer sends none either, the policy number and the day it is due stand for one.
    """
    booked, since, until = (
        record.day(name) for name in ("Buchungsdatum", "AbrechnungszeitraumVon", "AbrechnungszeitraumBis")
    )
    kind = record.get("Sollstellungsart")
    net, tax, gross = (
        record.amount(name) for name in ("GesbeitragNettoInWE", "VerssteuerInWE", "GesbeitragBruttoInWE")
    )
    when = "-".join(day.strftime("%Y%m%d") if day else "0" for day in (booked, since, until))
    row = {
        "key": f"{contract}-{when}-{kind or '0'}-{record.code('NachtragsNr').lstrip('0') or '0'}",
        "contract": contract,
        "number": record.code("InkassoSammelNr") or f"{record.policy}-{since or booked or kind}",
        "kind": _invoice_kind(kind, gross),
        "booked_on": booked.isoformat() if booked else None,
        "due_on": since.isoformat() if since else None,
        "period_from_on": since.isoformat() if since else None,
        "period_to_on": until.isoformat() if until else None,
        "net": money(net),
        "tax": money(tax),
        "gross": money(gross),
        "currency": record.currency(),
        "status": "open",
    }
    return {name: value for name, value in row.items() if value}


def complete_invoice(row: dict[str, Any], record: Record) -> None:
    """What part 2 adds: the insurer's own number of the booking."""
    number = record.code("ReferenzNrVersicherer")
    if number:
        row["number"] = number


def _invoice_kind(kind: str, gross: Decimal | None) -> str:
    if gross is not None and gross < 0:
        return "credit"
    # Standard, annex 60: every cancellation („Storno“) has an odd number.
    if kind.isdecimal() and int(kind) % 2 and kind != "65":
        return "credit"
    return "fee" if kind == SERVICES else "premium"


def claim_number(record: Record) -> str:
    """The insurer's number of the claim a record 0500 or 0550 belongs to."""
    return record.get("SchadenNrVu")


def claim_row(record: Record, insurer: str, contract: str, partners: list[Partner]) -> dict[str, Any]:
    """A claim as an import row, from record 0500 or 0550, part 1; payments are added by `add_payment`.

    Its key is the insurer's number and the insurer's claim number; without one, the contract and the day of
    loss.
    """
    occurred, reported = record.day("Schadendatum"), record.day("Schadenmeldedatum")
    number = claim_number(record)
    claimant = next((p.fields.get("name") for p in partners if p.role == codes.CLAIMANT), None)
    described = ("Schadenbeschreibung", "Mehrzweckfeld", "Risikoinformation")
    settled = record.get("ErledigterSchaden") or record.get("Schadenerledigung")
    marine = record.get("Schadenursache").zfill(3)
    row = {
        "key": f"{insurer}-{number}" if number else f"{contract}-S{occurred or record.line.number}",
        "contract": contract,
        "number": number,
        "broker_number": record.code("SchadenNrVermittlers"),
        "claim_type": record.code("Schadensparte") or record.lob,
        "cause": codes.label("cause_of_marine_loss", marine) or record.code("Schadenursache"),
        "occurred_on": occurred.isoformat() if occurred else None,
        "reported_on": reported.isoformat() if reported else None,
        "description": "\n".join(filter(None, (record.get(name) for name in described))),
        "status": codes.CLAIM_STATUSES.get(settled, "open"),
        "claimed_amount": money(record.positive("Schadenbetrag100ProzInWE")),
        "deductible": money(record.positive("FranchisebetragInWE")),
        "currency": record.currency(),
        "claimant": claimant,
    }
    if record.layout is not None and "SchadenursacheAlleSparten" in record.layout.fields:
        complete_claim(row, record)
    return {name: value for name, value in row.items() if value}


def complete_claim(row: dict[str, Any], record: Record) -> None:
    """What part 2 adds: the cause in the list for all lines of business, and the reserve."""
    cause = record.code("SchadenursacheAlleSparten")
    if cause:
        row["cause"] = codes.label("cause_of_loss", cause) or cause
    reserve = record.positive("HoeheSchadenreserve")
    if reserve is not None:
        row["reserve"] = money(reserve)


def add_payment(row: dict[str, Any], record: Record) -> None:
    """Add what was paid. A single delivery says only what was paid this time, so no total follows from it."""
    if record.get("Lieferart") == SINGLE_DELIVERY:
        row.pop("paid_amount", None)
        record.report(Reason.SINGLE_PAYMENT, "BetragInWEGemaessZahlungsart")
        return
    paid = record.amount("BetragInWEGemaessZahlungsart") or record.amount("AnteiligerSchadenbetragInWE")
    if paid:
        row["paid_amount"] = money(Decimal(row.get("paid_amount", "0")) + paid)
