"""Records 0100: who the people and firms around a contract are, and which of them holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.problems import Reason
from app.exchange.gdv.records import Record
from app.exchange.gdv.rows import Row

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")
ADDRESS_FIELDS = ("street", "postal_code", "city", "country")


@dataclass(slots=True)
class Partner:
    """One delivered partner: its role, which of its addresses this is (0 the first), and its fields."""

    line: int
    role: str
    address: int
    customer_number: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def is_same_person(self, other: Partner) -> bool:
        """Whether two entries are one person or firm with two addresses."""
        if self.customer_number and other.customer_number:
            return self.customer_number == other.customer_number
        return all(self.fields.get(f) == other.fields.get(f) for f in ("name", "first_name", "birth_on"))


@dataclass(slots=True)
class Holders:
    """The policyholder of a contract, its co-policyholders, and everybody else around it."""

    rows: list[tuple[int, Row]]
    """Each with the line it came from, the policyholder first."""
    other_addresses: list[dict[str, Any]]
    others: list[dict[str, Any]]


def read_partners(records: Iterable[Record]) -> list[Partner]:
    """The partners of consecutive records 0100: part 1 opens one, the parts after it add to it."""
    partners: list[Partner] = []
    for record in records:
        if record.part == "1":
            partners.append(_open(record))
        elif partners:
            _add(partners[-1], record)
    return partners


def holders(partners: list[Partner], *, insurer: str, contract: str, customer_number: str) -> Holders:
    """Sort the partners of a contract and give its holders their keys.

    A holder's key is the insurer's number and the insurer's own customer number, which stays when contracts
    come and go. Where none was sent, here or in record 0200, the key is the contract's: such a person is
    known per contract only.
    """
    found: list[Partner] = []
    result = Holders([], [], [])
    for partner in sorted(partners, key=lambda p: p.address):
        if partner.role != codes.POLICYHOLDER:
            result.others.append(_described(partner))
        elif any(partner.is_same_person(other) for other in found):
            result.other_addresses.append(
                {name: partner.fields[name] for name in ADDRESS_FIELDS if name in partner.fields}
            )
        else:
            found.append(partner)
    for position, partner in enumerate(found):
        number = partner.customer_number or (customer_number if position == 0 else "")
        suffix = "" if position == 0 else str(position + 1)
        key = f"{insurer}-{number}" if number else holder_key(contract) + suffix
        result.rows.append((partner.line, {"key": key, **partner.fields}))
    return result


def holder_key(contract: str) -> str:
    """The key of a policyholder who is known by his contract only."""
    return f"{contract}-VN"


def is_somebody_else(row: Row, other: Row) -> bool:
    """Whether two policyholders who share a customer number have different names, spelling aside."""
    return any(
        _letters(row[name]) != _letters(other[name])
        for name in ("name", "first_name")
        if row.get(name) and other.get(name)
    )


def full_name(row: Row) -> str:
    return " ".join(filter(None, (row.get("first_name"), row.get("name"))))


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _described(partner: Partner) -> dict[str, Any]:
    described = {"role": partner.role}
    words = codes.label("partner_role", partner.role)
    if words:
        described["role_name"] = words
    kept = ("name", "first_name", *ADDRESS_FIELDS, "email", "phone")
    return described | {name: partner.fields[name] for name in kept if name in partner.fields}


def _open(record: Record) -> Partner:
    role, address = codes.role(record.get("Adresskennzeichen"))
    # Senders of a single address often leave its role blank.
    partner = Partner(record.line.number, role or codes.POLICYHOLDER, address)
    salutation = record.get("Anredeschluessel")
    birth_on = record.day("Geburtsdatum")
    last, extra, first = record.get("Name1"), record.get("Name2"), record.get("Name3")
    # Name 2 continues the name, or holds the person a letter is sent in care of, which is not part of it.
    if extra.lower().startswith("c/o"):
        extra = ""
    is_company = salutation in codes.COMPANY_SALUTATIONS or (
        salutation in ("", "0") and not first and birth_on is None
    )
    names = [last, extra, first] if is_company else [last, extra]
    _set(
        partner,
        kind="company" if is_company else "private",
        name=" ".join(filter(None, names)),
        first_name=None if is_company else first,
        salutation=record.translated("Anredeschluessel", codes.SALUTATIONS),
        birth_on=birth_on.isoformat() if birth_on else None,
        street=record.get("Str"),
        postal_code=record.get("PLZ"),
        city=record.get("Ort"),
        country=record.country("LKZ"),
    )
    return partner


def _add(partner: Partner, record: Record) -> None:
    if record.part == "2":
        partner.customer_number = partner.customer_number or record.code("PersonenKundenNrVersicherers")
    elif record.part == "3":
        legal_form = record.code("Rechtsform")
        words = codes.label("legal_form", legal_form)
        if legal_form and legal_form != codes.NATURAL_PERSON:
            _set(partner, kind="company", legal_form=words)
            if words is None:
                record.report(Reason.UNKNOWN_CODE, "Rechtsform")
    elif record.part == "4":
        _set(partner, iban=_iban(record))
    elif record.part == "5":
        _set(partner, vat_id=record.get("UmsatzsteuerIdentifikationsNr"))
    _add_contacts(partner, record)


def _add_contacts(partner: Partner, record: Record) -> None:
    ways = {
        record.get(f"Kommunikationstyp{n}"): (n, record.get(f"KommunikationsNr{n}"))
        for n in range(7, 0, -1)
        if record.get(f"KommunikationsNr{n}")
    }
    for kind in codes.PHONE_TYPES:
        if kind in ways and "phone" not in partner.fields:
            _set(partner, phone=ways[kind][1])
    for kind in codes.EMAIL_TYPES:
        if kind in ways and "email" not in partner.fields:
            position, written = ways[kind]
            # The character @ is missing from older code pages, and senders write „(a)“ or „(at)“ for it.
            address = re.sub(r"\((a|at)\)", "@", written)
            if "@" in address:
                _set(partner, email=address)
            else:
                record.report(Reason.UNKNOWN_CODE, f"KommunikationsNr{position}")


def _iban(record: Record) -> str | None:
    """The IBAN, None when its check digits are wrong (ISO 13616: rearranged, it leaves 1 modulo 97)."""
    iban = record.get("IBAN1").replace(" ", "").upper()
    if not iban:
        return None
    if _IBAN.match(iban) and int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1:
        return iban
    record.report(Reason.UNKNOWN_CODE, "IBAN1")
    return None


def _set(partner: Partner, **fields: str | None) -> None:
    partner.fields.update({name: value for name, value in fields.items() if value})
