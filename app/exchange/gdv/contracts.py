"""Records 0200, 0210, 0300, 0342 and 0350: the contract itself."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.catalogue import Layout
from app.exchange.gdv.details import add, amount_of, details, money
from app.exchange.gdv.objects import recipe_of
from app.exchange.gdv.records import Record

BUNDLE = "000"
RECORDS = frozenset({"0200", "0210", "0211", "0220", "0221", "0300", "0342", "0350"})
_SECTIONS = frozenset({"0210", "0211", "0220", "0221"})
_SUMS = ("GesVersssummeInWE", "Deckungssumme1InTausendWE", "VersicherteSumme1InWE")
_RATES = ("Folgeprovision", "FolgeprovisionInProz", "Bestandspflegeprovision")
_CO_INSURERS = ("", "2", "3")
# Fields of 0200 that have a column of their own, or are repeated elsewhere.
_MAPPED = frozenset(
    {
        "Vertragsbeginn",
        "Vertragsablauf",
        "Hauptfaelligkeit",
        "Zahlungsweise",
        "Vertragsstatus",
        "Abgangsgrund",
        "Abgangsdatum",
        "AFB",
        "AnteilInProz",
        "GesbeitragNettoInWE",
        "GesbeitragBruttoInWE",
        "Antragsdatum",
        "Policierungsdatum",
        "Produktname",
        "PersonenKundenNrVersicherers",
        "PersonenKundenNrVermittlers",
        "ErweiterungssatzVorhanden",
        "WaehrungDokumenteVN",
    }
)


def contract_key(record: Record, insurer: str) -> str:
    """The insurer's number and the policy number, which both sides quote and no change of contract touches.

    In a bundle several contracts share a policy number; those get their line of business in addition, the
    bundle's own record (line of business 000) does not.
    """
    key = bundle_key(record, insurer)
    return f"{key}-{record.lob}" if record.is_bundled and record.lob not in ("", BUNDLE) else key


def bundle_key(record: Record, insurer: str) -> str:
    """The key without the line of business."""
    return f"{insurer}-{record.policy}"


def contract_row(key: str, insurer: str, lines: list[Record]) -> dict[str, Any]:
    """The contract as an import row, without its policyholders. The first line is its record 0200, part 1.

    Amounts, days and codes are the record's own; nothing is computed from another, so a tax that is not
    delivered is not in the row. `insurer_share` is in percent.
    """
    row: dict[str, Any] = {"key": key, "insurer": insurer}
    attributes: dict[str, Any] = {}
    for record in lines:
        if record.type == "0200":
            _general(row, attributes, record)
        elif record.type in _SECTIONS:
            _section(row, attributes, record)
        elif record.type == "0300":
            _co_insurance(row, attributes, record)
        elif record.type == "0342":
            _listed(attributes, "documents", record, opens=record.part == "1")
        elif record.type == "0350":
            _listed(attributes, "clauses", record, opens=True)
    deductible = _only({amount for record in lines for amount in deductibles(record)})
    rate = _only({amount_of(record, *_RATES) for record in lines if record.type == "0210"} - {None})
    row["sum_insured"] = money(_only({amount_of(r, *_SUMS) for r in lines if r.type == "0210"} - {None}))
    row["deductible"] = money(deductible)
    row["commission_rate"] = str(rate) if rate is not None else None
    row["attributes"] = attributes
    return {name: value for name, value in row.items() if value not in (None, "", {})}


def deductibles(record: Record) -> list[Decimal]:
    """The deductibles in money of a line; percentages and minimum or maximum amounts are not among them."""
    if record.layout is None or record.type not in ("0210", "0220"):
        return []
    return [amount for name in _deductible_names(record.layout) if (amount := record.positive(name))]


@lru_cache(maxsize=512)
def _deductible_names(layout: Layout) -> tuple[str, ...]:
    return tuple(
        name
        for name in layout.fields
        if ("elbstbeteiligungInWE" in name or "elbstbehaltInWE" in name)
        and not name.endswith(("Mind", "Max"))
    )


def _only(values: set[Decimal | None]) -> Decimal | None:
    """The value, when there is exactly one: several sections may each have their own."""
    return next(iter(values)) if len(values) == 1 else None


def _general(row: dict[str, Any], attributes: dict[str, Any], record: Record) -> None:
    row["product"] = record.get("Produktname") or row.get("product")
    if record.part == "2":
        row["premium_gross"] = money(record.positive("GesbeitragBruttoInWE"))
        row["document_on"] = _day(record, "Policierungsdatum")
    else:
        share = record.positive("AnteilInProz")
        row |= {
            "number": record.policy,
            "line_of_business": record.lob,
            "status": _status(record),
            "starts_on": _day(record, "Vertragsbeginn"),
            "ends_on": _day(record, "Vertragsablauf"),
            "annual_due_on": _day(record, "Hauptfaelligkeit"),
            "application_on": _day(record, "Antragsdatum"),
            "payment_frequency": record.translated("Zahlungsweise", codes.PAYMENT_FREQUENCIES),
            "currency": record.currency(),
            "premium_net": money(record.amount("GesbeitragNettoInWE")),
            "co_insurance": record.translated("AFB", codes.CO_INSURANCE),
            "insurer_share": str(share) if share is not None else None,
            "intermediary": record.office,
        }
        reason = record.code("Abgangsgrund")
        attributes |= _filled(
            cancelled_on=_day(record, "Abgangsdatum"),
            cancellation_reason=reason,
            cancellation_reason_name=codes.label("cancellation_reason", reason) if reason else None,
        )
    add(attributes, details(record, without=_MAPPED))


def _status(record: Record) -> str | None:
    """The contract's status. Where it is blank or unknown, a contract with a reason for its end has ended."""
    default = "cancelled" if record.code("Abgangsgrund") else "own"
    return record.translated("Vertragsstatus", codes.CONTRACT_STATUSES, default)


def _section(row: dict[str, Any], attributes: dict[str, Any], record: Record) -> None:
    """What a line of business adds to the contract; a bundle has several."""
    row["product"] = row.get("product") or record.get("Produktname")
    if recipe_of(record) is not None:
        return
    sections: list[dict[str, Any]] = attributes.setdefault("sections", [])
    opens = record.type in ("0210", "0220") and record.part == "1"
    entry = details(record, without=frozenset({"Produktname"}))
    if opens or not sections:
        sections.append({"line_of_business": record.lob, **entry})
    else:
        add(sections[-1], entry)


def _co_insurance(row: dict[str, Any], attributes: dict[str, Any], record: Record) -> None:
    """Shares of the other insurers. Only the leading insurer delivers them (standard, record 0300)."""
    share = record.positive("AnteilVersicherersAmVertrag")
    if share is not None:
        row["insurer_share"] = str(share)
    for suffix in _CO_INSURERS:
        other = record.code(f"VuNrBeteiligtenGesellschaft{suffix}")
        if not other:
            continue
        row["co_insurance"] = row.get("co_insurance") or "lead"
        attributes.setdefault("co_insurers", []).append(
            _filled(
                insurer=other,
                share=_text(record.positive(f"AnteilBeteiligtenGesellschaft{suffix}")),
                policy_number=record.get(f"VsNrBeteiligtenGesellschaft{suffix}"),
            )
        )


def _listed(attributes: dict[str, Any], name: str, record: Record, *, opens: bool) -> None:
    entries: list[dict[str, Any]] = attributes.setdefault(name, [])
    entry = details(record)
    if opens or not entries:
        entries.append(entry)
    else:
        add(entries[-1], entry)


def _day(record: Record, name: str) -> str | None:
    day = record.day(name)
    return day.isoformat() if day else None


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _filled(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
