"""Line-specific fields under names a reader understands, as JSON values."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.catalogue import Field, Layout
from app.exchange.gdv.names import GDV, NAMES, german
from app.exchange.gdv.records import Record

# Coded fields whose meaning is written beside the code, under the same name and `_name`.
_LABELLED = {
    "WKZ": "vehicle_class",
    "KhDeckungsart": "motor_liability_cover",
    "KfvDeckungsart": "motor_full_cover",
    "KftDeckungsart": "motor_partial_cover",
    "Summenart1": "liability_sum_kind",
    "Summenart2": "liability_sum_kind",
    "Dokumenttyp": "document_type",
    "Aenderungsgrund": "change_reason",
}
_SUM_KINDS = {"130": "contents_sum_kind", "140": "building_sum_kind"}
# Three sums in one field: injury, damage to property, financial loss (standard, record 0220.051).
_THREEFOLD = frozenset({"KhDeckungssummen", "KhDeckungssummenInWE"})
# Whole numbers this short are keys with leading zeros, unless their name says that they count something.
_LONGEST_KEY = 5
_COUNTS = re.compile(r"^Anz|Qm$|UmbauterRaum|Stockwerke|Wagnismenge|Fahrleistung|alter$")

STREETS = ("RisikoStr", "Str")
POSTAL_CODES = ("PLZRisikoanschrift", "PLZZurRisikoanschrift", "RisikoPLZ", "PLZ")
CITIES = ("Risikoort", "RisikoOrt", "Ort")
COUNTRIES = ("LKZRisikoanschrift", "LKZZurRisikoanschrift", "RisikoLKZ", "LKZ")
CURRENCIES = ("Waehrungsschluessel", "WaehrungsschluesselVersssumme", "Waehrungsschluessel1")
YEARS_BUILT = ("Baujahr",)
COLUMNS = frozenset((*STREETS, *POSTAL_CODES, *CITIES, *COUNTRIES, *CURRENCIES, *YEARS_BUILT))

# What the insurer pays the broker is nothing a client may find among the attributes of his contract.
_NOT_SHOWN = re.compile(
    r"rovision|Courtage|^Waehrungsschluessel|^Vorzeichen|^SatzNr|^LfdNr$|^ZusaetzlicheSatz"
)
_THOUSANDS = "InTausendWE"


def money(amount: Decimal | None) -> str | None:
    """An amount with two decimals, as imports take it."""
    return None if amount is None else f"{amount:.2f}"


def amount_of(record: Record, *names: str) -> Decimal | None:
    """The first of these amounts that is given and not zero, in whole units also where it is in thousands."""
    for name in names:
        amount = record.positive(name)
        if amount is not None:
            return amount * 1000 if name.endswith(_THOUSANDS) else amount
    return None


def first_text(record: Record, names: tuple[str, ...]) -> str | None:
    """The first of these fields that is not blank."""
    return next(filter(None, (record.get(name) for name in names)), None)


def details(record: Record, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Every filled field of a line, readable. Blanks, zeros, the given names and commission are left out.

    Fields with a name of Portico's own have it, the others stand under `gdv` by their German name.
    """
    found: dict[str, Any] = {}
    if record.layout is None:
        return found
    for field, name, label, code_list in _plan(record.layout, without):
        # Most fields are blank or zero: looking at the bytes first makes reading three times as fast.
        if not record.text[field.start : field.end].strip(" 0"):
            continue
        value = _value(record, field)
        if value is None:
            continue
        words = codes.label(code_list, str(value)) if code_list else None
        if name is None:
            found.setdefault(GDV, {})[label] = f"{words} ({value})" if words else value
            continue
        found[name] = value
        if words:
            found[f"{name}_name"] = words
    return found


def add(attributes: dict[str, Any], more: dict[str, Any]) -> None:
    """Add the details of another line to those of the lines before it."""
    if GDV in attributes and GDV in more:
        more = more | {GDV: attributes[GDV] | more[GDV]}
    attributes.update(more)


@lru_cache(maxsize=1024)
def _plan(layout: Layout, without: frozenset[str]) -> tuple[tuple[Field, str | None, str, str | None], ...]:
    """The fields of a layout that may be shown: Portico's name, the German one, and the code list of each."""
    sums = {"ArtSumme": _SUM_KINDS[layout.lob]} if layout.lob in _SUM_KINDS else {}
    lists = _LABELLED | sums
    plan, taken = [], Counter[str]()
    for technical, field in layout.fields.items():
        if technical in without or _NOT_SHOWN.search(technical):
            continue
        label = german(field.label)
        taken[label] += 1
        if taken[label] > 1:
            label = f"{label} ({taken[label]})"
        plan.append((field, NAMES.get(technical), label, lists.get(technical)))
    return tuple(plan)


def _value(record: Record, field: Field) -> str | list[str] | None:
    raw = record.text[field.start : field.end].strip()
    if field.kind == "A":
        return raw
    if field.kind == "D":
        day = record.day(field.name) if field.end - field.start == 8 else None
        return day.isoformat() if day else None
    if field.name in _THREEFOLD:
        return _threefold(raw, field)
    amount = record.positive(field.name)
    if amount is None:
        return None
    if field.name.endswith(_THOUSANDS):
        amount *= 1000
    is_key = (
        not field.decimals and field.end - field.start <= _LONGEST_KEY and not field.name.endswith("InWE")
    )
    return raw if is_key and not _COUNTS.search(field.name) else f"{amount:f}"


def _threefold(raw: str, field: Field) -> list[str] | None:
    width = (field.end - field.start) // 3
    if len(raw) != 3 * width or not (raw.isascii() and raw.isdecimal()):
        return None
    parts = (raw[at : at + width] for at in range(0, len(raw), width))
    return [f"{Decimal(int(part)).scaleb(-field.decimals):f}" for part in parts]
