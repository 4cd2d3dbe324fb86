"""Packages of a GDV file, 0001 to 9999: read, checked against their footer, taken or refused as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

from app.exchange.gdv.catalogue import layout_of, record_types
from app.exchange.gdv.lines import Line, read_lines
from app.exchange.gdv.mapping import Mapper
from app.exchange.gdv.problems import Problems, Reason
from app.exchange.gdv.records import Record
from app.exchange.gdv.rows import Rows
from app.exchange.problems import Problem

HEADER, FOOTER = "0001", "9999"

# Footer field → the fields of which records it adds up (standard, record 9999).
PREMIUM = "Gesbeitrag"
TOTALS: dict[str, dict[tuple[str, str], tuple[str, ...]]] = {
    PREMIUM: {("0200", "1"): ("GesbeitragNettoInWE",)},
    "GesbeitragBruttoInkasso": {("0400", "1"): ("GesbeitragBruttoInWE",)},
    "GesprovisionsBetrag": {
        ("0400", "1"): ("GesProvisionsbetragInWE",),
        ("0450", "1"): ("ProvisionsBetrag1InWE", "ProvisionsBetrag2InWE"),
    },
    "Verssleistungen": {
        ("0500", "1"): ("BetragInWEGemaessZahlungsart",),
        ("0550", "1"): ("AnteiligerSchadenbetragInWE",),
    },
    "Schadenbearbeitungskost": {("0500", "1"): ("SchadenbearbeitungskostInWE",)},
}
_SUMMANDS = {
    (record, name): total
    for total, parts in TOTALS.items()
    for record, names in parts.items()
    for name in names
}
_RECORDS_WITH_AMOUNTS = {record for record, _ in _SUMMANDS}


@dataclass(slots=True)
class Footer:
    """What the sender says the package holds; None where he did not fill it in."""

    records: int | None
    totals: dict[str, Decimal | None]


@dataclass(slots=True)
class Package:
    """One package. `rows` is what an import takes, per plural record type; empty when it is refused.

    `partners` counts delivered partners (records 0100, part 1), `contracts` delivered contracts (0200, part
    1); `premium_total` adds up their net premiums as the footer does. `unmapped` counts, per record type, the
    lines that were read but not turned into rows.
    """

    number: int
    first_line: int
    last_line: int = 0
    sender: str = ""
    insurer: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[str] = field(default_factory=Counter)
    partners: int = 0
    contracts: int = 0
    premium_total: Decimal = Decimal("0.00")
    footer: Footer | None = None
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False
    mismatch_accepted: bool = False
    rows: Rows = field(default_factory=Rows)

    @property
    def records(self) -> int:
        """How many lines the package has, header and footer aside, as the footer counts them."""
        return sum(count for record, count in self.counts.items() if record not in (HEADER, FOOTER))


def read(stream: BinaryIO, *, accept_mismatch: bool = False) -> Iterator[Package]:
    """Read a GDV file package by package, at least one; no bytes whatever raise an error.

    A package without header or footer, with a line that is no record, or with totals that do not tally is
    refused as a whole; the others stay. With `accept_mismatch`, such totals are recorded but do not refuse
    it.
    """
    reader: _Reader | None = None
    number = 0
    for line in read_lines(stream):
        if reader is not None and (
            reader.is_complete or (line.type == HEADER and reader.begins_another(line))
        ):
            yield reader.close()
            reader = None
        if reader is None:
            number += 1
            reader = _Reader(number, line, accept_mismatch)
        reader.take(line)
    if reader is not None:
        yield reader.close()
    elif number == 0:
        yield _empty_file()


def _empty_file() -> Package:
    problems = Problems()
    problems.add(Reason.EMPTY_FILE, is_fatal=True)
    return Package(1, 0, problems=problems.close(), refused=True)


class _Reader:
    """One package while its lines arrive."""

    def __init__(self, number: int, first: Line, accept_mismatch: bool) -> None:
        self.package = Package(number, first.number)
        self.problems = Problems()
        self.accept_mismatch = accept_mismatch
        self.is_complete = False
        self._footer: Record | None = None
        self._totals: dict[str, Decimal] = dict.fromkeys(TOTALS, Decimal("0.00"))
        self._mapper: Mapper | None = Mapper(self.package.rows, self.package.unmapped)
        if first.type != HEADER:
            self._report(first, Reason.NO_HEADER, is_fatal=True)

    def begins_another(self, line: Line) -> bool:
        """Whether this header line opens the next package, rather than being another part of the header."""
        seen = self.package.counts
        return set(seen) != {HEADER} or line.text[255] not in "23"

    def take(self, line: Line) -> None:
        package = self.package
        package.last_line = line.number
        self._check_form(line)
        record_type = line.type
        if record_type is None:
            package.counts["?"] += 1
            self._report(line, Reason.NOT_A_RECORD, value=line.text.rstrip(), is_fatal=True)
            return
        package.counts[record_type] += 1
        record = Record(line, record_type, layout_of(line.text), self.problems)
        if record_type == HEADER:
            self._read_header(record)
        elif record_type == FOOTER:
            self.is_complete = True
            self._footer = record
        else:
            self._read_content(record)

    def close(self) -> Package:
        """Check the totals and decide; the rows of a refused package are let go."""
        package = self.package
        if self._footer is None:
            self.problems.add(Reason.NO_FOOTER, line=package.last_line, record=FOOTER, is_fatal=True)
        else:
            self._check_footer(self._footer)
        if self._mapper is not None:
            self._mapper.finish()
        package.premium_total = self._totals[PREMIUM]
        package.refused = self.problems.is_fatal
        if package.refused:
            package.rows = Rows()
        package.problems = self.problems.close()
        return package

    def _check_form(self, line: Line) -> None:
        if line.has_nul:
            self._report(line, Reason.NUL_BYTE, value=line.text.rstrip(), is_fatal=True)
        if line.is_utf8:
            self._report(line, Reason.UTF8, once=True)
        if line.is_undecodable:
            self._report(line, Reason.UNDECODABLE, value=line.text.strip())
        if line.is_cut:
            self._report(line, Reason.LINE_TOO_LONG, length=line.length)
        if line.length < len(line.text) and line.type is not None:
            self._report(line, Reason.SHORT_LINE, length=line.length)

    def _read_header(self, record: Record) -> None:
        if not self.package.sender:
            self.package.sender = record.get("Absender")
            self.package.insurer = record.get("VuNr")
            if self._mapper is not None:
                self._mapper.begin(record)

    def _read_content(self, record: Record) -> None:
        package = self.package
        if record.layout is None:
            package.unmapped[record.type] += 1
            reason = Reason.UNKNOWN_PART if record.type in record_types() else Reason.UNKNOWN_RECORD
            record.report(reason)
            return
        key = (record.type, record.part)
        package.partners += key == ("0100", "1")
        package.contracts += key == ("0200", "1")
        if key in _RECORDS_WITH_AMOUNTS:
            self._add_up(record, key)
        # Once the package is lost, its remaining lines are still checked and counted, but no longer mapped.
        if self.problems.is_fatal:
            self._mapper = None
        if self._mapper is not None:
            self._mapper.take(record)

    def _add_up(self, record: Record, key: tuple[str, str]) -> None:
        for (summand, name), total in _SUMMANDS.items():
            if summand != key:
                continue
            amount = record.amount(name)
            if amount is not None:
                self._totals[total] += amount
            elif record.get(name):
                record.report(Reason.TOTAL_UNPROVEN, name, is_fatal=not self.accept_mismatch)
                self.package.mismatch_accepted |= self.accept_mismatch

    def _check_footer(self, footer: Record) -> None:
        """Compare what the footer announces with what came (standard, record 9999).

        It counts lines, header and footer aside. Zeros fill what a sender leaves out of a numeric field, so no
        package counts as checked by a zero; of the totals only the premium may be announced as nothing.
        """
        announced = footer.positive("AnzSaetze")
        totals = {name: footer.amount(name) if name == PREMIUM else footer.positive(name) for name in TOTALS}
        self.package.footer = Footer(None if announced is None else int(announced), totals)
        found = self.package.records
        if announced is None and found:
            self._differs(footer, Reason.FOOTER_EMPTY, "AnzSaetze", found=found)
        elif announced is not None and announced != found:
            self._differs(footer, Reason.FOOTER_COUNT, "AnzSaetze", announced=int(announced), found=found)
        for name, total in totals.items():
            came = self._totals[name]
            if total is None and footer.get(name) and footer.amount(name) is None:
                self._differs(footer, Reason.TOTAL_UNPROVEN, name)
            elif total is None and came:
                footer.report(Reason.FOOTER_UNFILLED, name, found=came)
            elif total is not None and total != came:
                self._differs(footer, Reason.FOOTER_TOTAL, name, announced=total, found=came)

    def _differs(self, footer: Record, reason: Reason, name: str, **params: Any) -> None:
        footer.report(reason, name, is_fatal=not self.accept_mismatch, **params)
        self.package.mismatch_accepted |= self.accept_mismatch

    def _report(self, line: Line, reason: Reason, **how: Any) -> None:
        self.problems.add(reason, line=line.number, record=line.type or "", **how)
