"""One line with its layout: values as Python values, everything unreadable reported with its field."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from app.exchange.gdv import codes
from app.exchange.gdv.catalogue import Field, Layout
from app.exchange.gdv.lines import Line
from app.exchange.gdv.problems import Problems, Reason

UNLIMITED_YEAR = 9999
_NUMBER = re.compile(r"\s*([+-]?)([0-9]+)([+-]?)\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


class Record:
    """A line as the standard describes it.

    Reading never fails: a field that is blank, unreadable or not in this layout is None (text: ""), and what
    is unreadable was reported once, when the record was made.
    """

    __slots__ = ("_problems", "layout", "line", "text", "type")

    def __init__(self, line: Line, record_type: str, layout: Layout | None, problems: Problems) -> None:
        self.line, self.type, self.layout, self._problems = line, record_type, layout, problems
        self.text = line.text
        if layout is not None:
            self._check(layout)

    @property
    def part(self) -> str:
        """The part number („Teildatensatz“), "" when the standard knows no layout for the line."""
        return self.layout.part if self.layout else ""

    @property
    def insurer(self) -> str:
        """The insurer's number in the head."""
        return self.text[4:9].strip()

    @property
    def is_bundled(self) -> bool:
        """Whether the contract is one of several in a bundle."""
        return self.text[9] == "1"

    @property
    def lob(self) -> str:
        """The line of business, a code of three digits."""
        return self.text[10:13].strip()

    @property
    def policy(self) -> str:
        """The policy number without the blanks that fill it up."""
        return " ".join(self.text[13:30].split())

    @property
    def office(self) -> str:
        """The insurer's branch and the intermediary's number there."""
        return self.text[32:42].strip()

    def get(self, name: str) -> str:
        """The text of a field without surrounding blanks, "" when blank or not in this layout."""
        field = self._field(name)
        return self.text[field.start : field.end].strip() if field else ""

    def code(self, name: str) -> str:
        """A code; "" when blank or only zeros, which the standard uses for „not given“."""
        value = self.get(name)
        return value if value.strip("0") else ""

    def number(self, name: str) -> int | None:
        """A whole number, None when blank."""
        amount = self.amount(name)
        return None if amount is None else int(amount)

    def amount(self, name: str) -> Decimal | None:
        """A number with its implied decimals and its sign, None when blank."""
        field = self._field(name)
        return self._amount(field) if field else None

    def positive(self, name: str) -> Decimal | None:
        """The amount, None when it is blank or zero: senders fill fields they do not use with zeros."""
        return self.amount(name) or None

    def day(self, name: str) -> date | None:
        """A day; None when blank, unlimited, or when only the month or year is given, which is reported."""
        field = self._field(name)
        if field is None:
            return None
        value = self.text[field.start : field.end]
        if not value.strip(" 0") or not _is_day(value):
            return None
        if len(value) == 6 or "00" in (value[:2], value[2:4]) or value[4:] == "0000":
            self.report(Reason.NO_EXACT_DAY, name)
            return None
        if int(value[4:]) >= UNLIMITED_YEAR:
            return None
        return date(int(value[4:]), int(value[2:4]), int(value[:2]))

    def currency(self, name: str = "Waehrungsschluessel") -> str | None:
        """An ISO 4217 code; None when blank. One that cannot be a currency is reported."""
        value = self.get(name)
        if not value or _CURRENCY.match(value):
            return value or None
        self.report(Reason.UNKNOWN_CODE, name)
        return None

    def country(self, name: str) -> str | None:
        """The ISO 3166 code of a vehicle country code; None when blank. An unknown one is reported."""
        value = self.get(name).upper()
        found = codes.country(value) if value else None
        if value and found is None:
            self.report(Reason.UNKNOWN_CODE, name)
        return found

    def translated(self, name: str, known: dict[str, str], default: str | None = None) -> str | None:
        """Portico's own code for the standard's; the default when blank. An unknown code is reported."""
        value = self.get(name)
        if not value or value == "0":
            return known.get(value, default)
        if value not in known:
            self.report(Reason.UNKNOWN_CODE, name)
        return known.get(value, default)

    def report(self, reason: Reason, name: str = "", *, is_fatal: bool = False, **params: Any) -> None:
        """Report a problem of this line, of one field when named."""
        field = self._field(name)
        self._problems.add(
            reason,
            line=self.line.number,
            record=self.type,
            field=field.label if field else name,
            value=self.text[field.start : field.end] if field else "",
            is_fatal=is_fatal,
            **params,
        )

    def _field(self, name: str) -> Field | None:
        return self.layout.fields.get(name) if self.layout else None

    def _amount(self, field: Field) -> Decimal | None:
        match = _NUMBER.match(self.text[field.start : field.end])
        if match is None:
            return None
        sign = match[1] or match[3]
        if field.sign_at is not None:
            separate = self.text[field.sign_at]
            if separate not in "+- 0":
                return None
            sign = sign or separate
        amount = Decimal(int(match[2])).scaleb(-field.decimals)
        return -amount if sign == "-" and amount else amount

    def _check(self, layout: Layout) -> None:
        for field in layout.checked:
            value = self.text[field.start : field.end]
            if value.isascii() and value.isdecimal():
                if field.kind == "D" and value.strip("0") and not _is_day(value):
                    self.report(Reason.NOT_A_DAY, field.name)
            elif value.strip():
                if field.kind == "D":
                    self.report(Reason.NOT_A_DAY, field.name)
                elif not _NUMBER.match(value):
                    self.report(Reason.NOT_A_NUMBER, field.name)
            if field.sign_at is not None and self.text[field.sign_at] not in "+- 0":
                self.report(Reason.NOT_A_SIGN, field.name)


def _is_day(value: str) -> bool:
    """Whether DDMMYYYY or MMYYYY could be a day of the calendar; zeros stand for what is unknown."""
    if not (value.isascii() and value.isdecimal()):
        return False
    day, month, year = int(value[:-6] or 0), int(value[-6:-4]), int(value[-4:])
    try:
        # 2000 was a leap year, so that 29 February of an unknown year passes.
        date(year or 2000, month or 1, day or 1)
    except ValueError:
        return False
    return True
