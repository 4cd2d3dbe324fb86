"""What can be wrong in a GDV file, named exactly and said in words."""

from __future__ import annotations

import dataclasses
from collections import Counter
from enum import Enum
from typing import Any

from app.core.text import LazyText, _, _l

LONGEST_VALUE = 60
MOST_KEPT = 2_000


class Reason(Enum):
    """Why a line, a field or a whole package is reported; the value is stable and meant for programs."""

    EMPTY_FILE = "empty_file"
    NO_HEADER = "no_header"
    NO_FOOTER = "no_footer"
    NOT_A_RECORD = "not_a_record"
    NUL_BYTE = "nul_byte"
    LINE_TOO_LONG = "line_too_long"
    FOOTER_EMPTY = "footer_empty"
    FOOTER_COUNT = "footer_count"
    FOOTER_TOTAL = "footer_total"
    TOTAL_UNPROVEN = "total_unproven"
    NO_POLICY_NUMBER = "no_policy_number"
    NO_INSURER = "no_insurer"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_SIGN = "not_a_sign"
    NOT_A_DAY = "not_a_day"
    NO_EXACT_DAY = "no_exact_day"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_RECORD = "unknown_record"
    UNKNOWN_PART = "unknown_part"
    SHORT_LINE = "short_line"
    UTF8 = "utf8"
    UNDECODABLE = "undecodable"
    NO_POLICYHOLDER = "no_policyholder"
    REPEATED_CONTRACT = "repeated_contract"
    SINGLE_PAYMENT = "single_payment"
    MORE_PROBLEMS = "more_problems"


TEXTS: dict[Reason, LazyText] = {
    Reason.EMPTY_FILE: _l("The file is empty."),
    Reason.NO_HEADER: _l("The package has no header (record 0001). Ask the sender for the complete file."),
    Reason.NO_FOOTER: _l("The package has no footer (record 9999). Ask the sender for the complete file."),
    Reason.NOT_A_RECORD: _l(
        "This is no line of a GDV file: it does not start with a record type of four digits."
    ),
    Reason.NUL_BYTE: _l("The line contains a NUL byte. The file was damaged on its way."),
    Reason.LINE_TOO_LONG: _l("The line has {length} characters; 256 are allowed. The rest was not read."),
    Reason.FOOTER_EMPTY: _l("The footer holds no totals, so the package cannot be checked."),
    Reason.FOOTER_COUNT: _l("The footer announces {announced} records; {found} were found."),
    Reason.FOOTER_TOTAL: _l("The footer announces a total of {announced}; the records add up to {found}."),
    Reason.TOTAL_UNPROVEN: _l("This amount cannot be read, so the total of the footer cannot be checked."),
    Reason.NO_POLICY_NUMBER: _l("The policy number is missing, so the record belongs to no contract."),
    Reason.NO_INSURER: _l("The insurer’s number is missing, here and in the header."),
    Reason.NOT_A_NUMBER: _l("This is not a number. The field was left empty."),
    Reason.NOT_A_SIGN: _l("The sign of the amount must be + or -. The amount was left out."),
    Reason.NOT_A_DAY: _l("This is not a day of the calendar (DDMMYYYY). The field was left empty."),
    Reason.NO_EXACT_DAY: _l("The day is not complete. The field was left empty."),
    Reason.UNKNOWN_CODE: _l("This is not a known code or number. It was not taken over."),
    Reason.UNKNOWN_RECORD: _l("The standard does not know this record type. The line was only counted."),
    Reason.UNKNOWN_PART: _l("The standard does not know this part of the record. The line was only counted."),
    Reason.SHORT_LINE: _l("The line has {length} characters instead of 256. The rest was read as blank."),
    Reason.UTF8: _l("The file is written in UTF-8 instead of ISO 8859-1. It was read as UTF-8."),
    Reason.UNDECODABLE: _l("The line contains characters outside ISO 8859-1. They were replaced."),
    Reason.NO_POLICYHOLDER: _l("The file holds no policyholder for this contract."),
    Reason.REPEATED_CONTRACT: _l(
        "The policy number appears with two lines of business, {first} and {second}. The last one is kept."
    ),
    Reason.SINGLE_PAYMENT: _l(
        "A single payment was delivered, so the total paid is not known. It was left empty."
    ),
    Reason.MORE_PROBLEMS: _l("{n} more lines were found with a problem of a kind reported above."),
}

FOOTER_REASONS = frozenset(
    {Reason.FOOTER_EMPTY, Reason.FOOTER_COUNT, Reason.FOOTER_TOTAL, Reason.TOTAL_UNPROVEN}
)


def printable(value: str) -> str:
    """The value as it may be shown and stored: at most 60 characters, unprintable ones as a dot."""
    shown = "".join(c if c.isprintable() else "·" for c in value[: LONGEST_VALUE + 1])
    return shown if len(shown) <= LONGEST_VALUE else shown[: LONGEST_VALUE - 1] + "…"


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong: where, with which value, and why. Fatal ones refuse the package.

    `line` counts from 1 and is 0 when no line is to blame; `field` is the standard's own German name.
    """

    line: int
    record: str
    field: str
    value: str
    reason_code: Reason
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    is_fatal: bool = False

    def text(self) -> str:
        """The reason as a sentence in the reader's language."""
        return _(TEXTS[self.reason_code].message, **self.params)

    def as_dict(self) -> dict[str, Any]:
        """The problem for JSON."""
        return {
            "line": self.line,
            "record": self.record,
            "field": self.field,
            "value": self.value,
            "reason": self.reason_code.value,
            "text": self.text(),
            "fatal": self.is_fatal,
        }


class Problems:
    """The problems of one package, in order, bounded so that a file of nonsense does not fill the memory.

    Every reason is kept at least once and every footer problem always; beyond 2,000 the rest is counted.
    """

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.is_fatal = False
        self._reasons: Counter[Reason] = Counter()
        self._left_out: Counter[Reason] = Counter()

    def add(
        self,
        reason: Reason,
        *,
        line: int = 0,
        record: str = "",
        field: str = "",
        value: str = "",
        is_fatal: bool = False,
        once: bool = False,
        **params: Any,
    ) -> None:
        """Note a problem; with `once`, only the first of its reason in this package."""
        self.is_fatal = self.is_fatal or is_fatal
        if once and self._reasons[reason]:
            return
        self._reasons[reason] += 1
        if len(self.kept) >= MOST_KEPT and self._reasons[reason] > 1 and reason not in FOOTER_REASONS:
            self._left_out[reason] += 1
            return
        self.kept.append(Problem(line, printable(record), field, printable(value), reason, params, is_fatal))

    def close(self) -> list[Problem]:
        """All that was kept, followed by a line that counts what was left out."""
        left_out = sum(self._left_out.values())
        if left_out:
            self.kept.append(Problem(0, "", "", "", Reason.MORE_PROBLEMS, {"n": left_out}))
        return self.kept
