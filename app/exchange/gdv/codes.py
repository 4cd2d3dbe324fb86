"""The code lists of the standard that Portico shows, and its own small codes for them."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

# Standard, annex 14.
PAYMENT_FREQUENCIES = {
    "1": "yearly",
    "2": "half_yearly",
    "4": "quarterly",
    "5": "other",
    "6": "single",
    "8": "monthly",
    "9": "other",
}
# Standard, annex 24: 3 and 5 rest, 4 has ended, everything else is in force.
CONTRACT_STATUSES = dict.fromkeys("126789", "own") | {"3": "dormant", "4": "cancelled", "5": "dormant"}
CO_INSURANCE = {"1": "alone", "2": "lead", "3": "follow"}
SALUTATIONS = {"1": "mr", "2": "ms", "3": "company", "4": "mr_and_ms", "5": "ms", "6": "association"}
COMPANY_SALUTATIONS = frozenset("36")
NATURAL_PERSON = "01"
CLAIM_STATUSES = {"0": "open", "1": "closed", "2": "withdrawn"}

POLICYHOLDER, INTERMEDIARY, CLAIMANT = "01", "14", "15"

# Standard, annex 76, in the order in which Portico prefers them.
PHONE_TYPES = ("10", "20", "21", "30", "31", "32")
EMAIL_TYPES = ("50", "51", "52", "53", "54", "55")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return json.loads((files(__package__) / "data" / "codes.json").read_text(encoding="utf-8"))


def label(code_list: str, code: str) -> str | None:
    """The standard's German words for a code, None for a code it does not list."""
    return _data()["lists"][code_list].get(code)


def country(plate_code: str) -> str | None:
    """The ISO 3166 code of a vehicle country code (D → DE); an ISO code in its place is taken as it is."""
    known: dict[str, str] = _data()["country"]
    found = known.get(plate_code)
    if found is None and len(plate_code) == 2 and plate_code in known.values():
        return plate_code
    return found


def role(code: str) -> tuple[str, int]:
    """The plain partner role, and which of the partner's addresses this is: 31 is role 01, second address.

    Standard, annex 7: codes 31 to 60 and 61 to 90 repeat 01 to 30, D and G repeat A, E and H repeat B,
    Y and Z repeat X.
    """
    if code.isdecimal() and 31 <= int(code) <= 90:
        address = (int(code) - 1) // 30
        return f"{int(code) - 30 * address:02d}", address
    if len(code) == 2:
        for family in ("ADG", "BEH", "XYZ"):
            if code[0] in family:
                return family[0] + code[1], family.index(code[0])
    return code, 0
