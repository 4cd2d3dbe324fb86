"""What can be wrong in a GDV file, and how much of it is told."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.core.text import _l
from app.exchange.problems import MOST_KEPT, Problem, Why, shown


class Reason(Why):
    """Why a line, a field or a whole package is reported."""

    EMPTY_FILE = "empty_file", _l("The file is empty.")
    NO_HEADER = (
        "no_header",
        _l("The package has no header (record 0001). Ask the sender for the complete file."),
    )
    NO_FOOTER = (
        "no_footer",
        _l("The package has no footer (record 9999). Ask the sender for the complete file."),
    )
    NOT_A_RECORD = (
        "not_a_record",
        _l("This is no line of a GDV file: it does not start with a record type of four digits."),
    )
    NUL_BYTE = "nul_byte", _l("The line contains a NUL byte. The file was damaged on its way.")
    LINE_TOO_LONG = (
        "line_too_long",
        _l("The line has {length} characters; 256 are allowed. The rest was not read."),
    )
    FOOTER_EMPTY = (
        "footer_empty",
        _l("The footer does not say how many records there are; {found} were found."),
    )
    FOOTER_COUNT = "footer_count", _l("The footer announces {announced} records; {found} were found.")
    FOOTER_TOTAL = (
        "footer_total",
        _l("The footer announces a total of {announced}; the records add up to {found}."),
    )
    FOOTER_UNFILLED = (
        "footer_unfilled",
        _l("The footer gives no total here, so this one was not checked. The records add up to {found}."),
    )
    TOTAL_UNPROVEN = (
        "total_unproven",
        _l("This amount cannot be read, so the total of the footer cannot be checked."),
    )
    NO_POLICY_NUMBER = (
        "no_policy_number",
        _l("The policy number is missing, so the record belongs to no contract."),
    )
    NO_INSURER = "no_insurer", _l("The insurer’s number is missing, here and in the header.")
    NAMELESS_INSURER = (
        "nameless_insurer",
        _l("The file does not name this insurer, and it is new here. Its number stands for the name."),
    )
    NOT_A_NUMBER = "not_a_number", _l("This is not a number. The field was left empty.")
    NOT_A_SIGN = "not_a_sign", _l("The sign of the amount must be + or -. The amount was left out.")
    NOT_A_DAY = "not_a_day", _l("This is not a day of the calendar (DDMMYYYY). The field was left empty.")
    NO_EXACT_DAY = "no_exact_day", _l("The day is not complete. The field was left empty.")
    UNKNOWN_CODE = "unknown_code", _l("This is not a known code or number. It was not taken over.")
    UNKNOWN_RECORD = (
        "unknown_record",
        _l("The standard does not know this record type. The line was only counted."),
    )
    UNKNOWN_PART = (
        "unknown_part",
        _l("The standard does not know this part of the record. The line was only counted."),
    )
    SHORT_LINE = (
        "short_line",
        _l("The line has {length} characters instead of 256. The rest was read as blank."),
    )
    UTF8 = "utf8", _l("The file is written in UTF-8 instead of ISO 8859-1. It was read as UTF-8.")
    UNDECODABLE = "undecodable", _l("The line contains characters outside ISO 8859-1. They were replaced.")
    NO_POLICYHOLDER = "no_policyholder", _l("The file holds no policyholder for this contract.")
    SHARED_CUSTOMER_NUMBER = (
        "shared_customer_number",
        _l(
            "The same customer number stands for {first} and for {second}. The second was taken over "
            "as a policyholder of his own, under the policy number."
        ),
    )
    REPEATED_CONTRACT = (
        "repeated_contract",
        _l(
            "The policy number appears with two lines of business, {first} and {second}. The last one is kept."
        ),
    )
    SINGLE_PAYMENT = (
        "single_payment",
        _l("A single payment was delivered, so the total paid is not known. It was left empty."),
    )
    MORE_PROBLEMS = "more_problems", _l("{n} more lines were found with a problem of a kind reported above.")


FOOTER_REASONS = frozenset(
    {Reason.FOOTER_EMPTY, Reason.FOOTER_COUNT, Reason.FOOTER_TOTAL, Reason.TOTAL_UNPROVEN}
)


class Problems:
    """The problems of one package, bounded so that a file of nonsense does not fill the memory.

    Every reason is kept at least once and every footer problem always; beyond 1,000 the rest is counted.
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
        self.kept.append(Problem(line, field, shown(value), reason, params, shown(record), is_fatal))

    def close(self) -> list[Problem]:
        """All that was kept, line by line, followed by one that counts what was left out."""
        self.kept.sort(key=lambda problem: problem.line)
        left_out = sum(self._left_out.values())
        if left_out:
            self.kept.append(Problem(0, "", "", Reason.MORE_PROBLEMS, {"n": left_out}, is_fatal=False))
        return self.kept
