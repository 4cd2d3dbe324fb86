"""What can be wrong with a row on its way in, named exactly and said in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.text import LazyText, _, _l

MOST_KEPT = 1_000
LONGEST_VALUE = 80


class Reason(StrEnum):
    """Why a row is refused; the value is stable and meant for programs."""

    NOT_UTF8 = "not_utf8"
    NUL = "nul"
    SURROGATE = "surrogate"
    LINE_TOO_LONG = "line_too_long"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    NO_HEADER = "no_header"
    REPEATED_COLUMN = "repeated_column"
    CELLS = "cells"
    BROKEN_CSV = "broken_csv"
    UNKNOWN_FIELD = "unknown_field"
    REQUIRED = "required"
    TWICE = "twice"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    NOT_A_DAY = "not_a_day"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NOT_A_FLAG = "not_a_flag"
    UNKNOWN_CODE = "unknown_code"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_COUNTRY = "unknown_country"
    NO_CURRENCY = "no_currency"
    UNKNOWN_KEY = "unknown_key"
    NOT_A_LIST = "not_a_list"
    NOT_DETAILS = "not_details"
    NOT_A_LINK = "not_a_link"
    NOT_AN_EMAIL = "not_an_email"
    EMAIL_TAKEN = "email_taken"
    NOT_STAFF = "not_staff"
    NO_FILE = "no_file"
    FILE_UNREADABLE = "file_unreadable"
    COLLISION = "collision"


TEXTS: dict[Reason, LazyText] = {
    Reason.NOT_UTF8: _l("The line is not written in UTF-8. Save the file as UTF-8 and import it again."),
    Reason.NUL: _l("The line contains a NUL character. Remove it."),
    Reason.SURROGATE: _l("The line contains half of a character (a lone surrogate). Remove it."),
    Reason.LINE_TOO_LONG: _l("The line is longer than 1 MB."),
    Reason.NOT_JSON: _l("The line is not valid JSON. Each line must hold one object."),
    Reason.NOT_AN_OBJECT: _l("The line must hold one JSON object with the fields of one record."),
    Reason.NO_HEADER: _l("The file is empty. Its first line must name the fields."),
    Reason.REPEATED_COLUMN: _l("The first line names this field twice."),
    Reason.CELLS: _l("The row has {found} cells; the first line names {expected} fields."),
    Reason.BROKEN_CSV: _l("The rest of the file cannot be read as CSV. Check the quotation marks."),
    Reason.UNKNOWN_FIELD: _l("There is no such field. Check its spelling or leave it out."),
    Reason.REQUIRED: _l("This field must be filled in."),
    Reason.TWICE: _l("This key already stands in line {first}. A record may come once per batch."),
    Reason.NOT_TEXT: _l("This must be a text."),
    Reason.TOO_LONG: _l("The text is too long; {expected} characters are allowed."),
    Reason.NOT_A_DAY: _l("This is not a day of the calendar. Write it as YYYY-MM-DD."),
    Reason.NOT_A_NUMBER: _l(
        "This is not a number as it must be: like 1234.50, with at most {before} digits before the point "
        "and {after} after it."
    ),
    Reason.NOT_WHOLE: _l("This must be a whole number."),
    Reason.NOT_A_FLAG: _l("This must be true or false."),
    Reason.UNKNOWN_CODE: _l("This code is not known. Allowed are: {expected}."),
    Reason.UNKNOWN_CURRENCY: _l("This is not a currency code of ISO 4217, such as EUR."),
    Reason.UNKNOWN_COUNTRY: _l("This is not a country code of ISO 3166, such as DE."),
    Reason.NO_CURRENCY: _l("An amount needs its currency. Fill in the field {expected}."),
    Reason.UNKNOWN_KEY: _l("No record has this key. Import that record first, or correct the key."),
    Reason.NOT_A_LIST: _l("This must be a list of texts."),
    Reason.NOT_DETAILS: _l("This must be a JSON object."),
    Reason.NOT_A_LINK: _l("This must be a list of links, each with type and key. Types are: {expected}."),
    Reason.NOT_AN_EMAIL: _l("This is not an email address."),
    Reason.EMAIL_TAKEN: _l("Another person already has this email address."),
    Reason.NOT_STAFF: _l("This key belongs to a person who is not staff."),
    Reason.NO_FILE: _l("A new document needs its file."),
    Reason.FILE_UNREADABLE: _l("This file cannot be read."),
    Reason.COLLISION: _l("Somebody changed the same records at the same moment. Import the file again."),
}


def shown(value: object) -> str:
    """The value as it may be reported: at most 80 characters, unprintable ones as a dot."""
    text = "".join(c if c.isprintable() else "·" for c in str(value)[: LONGEST_VALUE + 1])
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong. `line` counts from 1; 0 when no line is to blame."""

    line: int
    field: str
    value: str
    reason: Reason
    params: dict[str, Any]

    def text(self) -> str:
        """The reason as a sentence in the reader's language."""
        return _(TEXTS[self.reason].message, **self.params)

    def as_dict(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "field": self.field,
            "value": self.value,
            "reason": self.reason.value,
            "text": self.text(),
        }


class Problems:
    """The problems of one run: the first thousand kept, the rest counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    @property
    def room(self) -> int:
        return MOST_KEPT - len(self.kept)

    def add(self, line: int, reason: Reason, field: str = "", value: object = "", **params: Any) -> None:
        self.count += 1
        if self.room > 0:
            self.kept.append(Problem(line, shown(field), shown(value), reason, params))
