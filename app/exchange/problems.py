"""What can be wrong with what comes in, named exactly and said in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.core.formats import formats_for
from app.core.text import LazyText, _, _l, language

MOST_KEPT = 1_000
LONGEST_VALUE = 80


class Why(StrEnum):
    """A reason: its value is stable and meant for programs, its sentence for people."""

    sentence: LazyText

    def __new__(cls, value: str, sentence: LazyText) -> Why:
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.sentence = sentence
        return reason


class Reason(Why):
    """Why a row is refused."""

    NOT_UTF8 = "not_utf8", _l("The line is not written in UTF-8. Save the file as UTF-8 and import it again.")
    NUL = "nul", _l("The line contains a NUL character. Remove it.")
    SURROGATE = "surrogate", _l("The line contains half of a character (a lone surrogate). Remove it.")
    LINE_TOO_LONG = "line_too_long", _l("The line is longer than 1 MB.")
    NOT_JSON = "not_json", _l("The line is not valid JSON. Each line must hold one object.")
    NOT_AN_OBJECT = "not_an_object", _l("The line must hold one JSON object with the fields of one record.")
    NO_HEADER = "no_header", _l("The file is empty. Its first line must name the fields.")
    REPEATED_COLUMN = "repeated_column", _l("The first line names this field twice.")
    CELLS = "cells", _l("The row has {found} cells; the first line names {expected} fields.")
    BROKEN_CSV = "broken_csv", _l("The rest of the file cannot be read as CSV. Check the quotation marks.")
    UNKNOWN_FIELD = "unknown_field", _l("There is no such field. Check its spelling or leave it out.")
    REQUIRED = "required", _l("This field must be filled in.")
    TWICE = "twice", _l("This key already stands in line {first}. A record may come once per batch.")
    NOT_TEXT = "not_text", _l("This must be a text.")
    TOO_LONG = "too_long", _l("The text is too long; {expected} characters are allowed.")
    NOT_A_DAY = "not_a_day", _l("This is not a day of the calendar. Write it as YYYY-MM-DD.")
    NOT_A_MOMENT = (
        "not_a_moment",
        _l("This is not a moment. Write it with its time zone, as 2026-01-31T09:30:00+01:00."),
    )
    NOT_A_NUMBER = (
        "not_a_number",
        _l(
            "This is not a number as it must be: like 1234.50, with at most {before} digits before the point "
            "and {after} after it."
        ),
    )
    NOT_WHOLE = "not_whole", _l("This must be a whole number.")
    NOT_A_FLAG = "not_a_flag", _l("This must be true or false.")
    UNKNOWN_CODE = "unknown_code", _l("This code is not known. Allowed are: {expected}.")
    UNKNOWN_CURRENCY = "unknown_currency", _l("This is not a currency code of ISO 4217, such as EUR.")
    UNKNOWN_COUNTRY = "unknown_country", _l("This is not a country code of ISO 3166, such as DE.")
    NO_CURRENCY = "no_currency", _l("An amount needs its currency. Fill in the field {expected}.")
    UNKNOWN_KEY = "unknown_key", _l("No record has this key. Import that record first, or correct the key.")
    NOT_A_LIST = "not_a_list", _l("This must be a list of texts.")
    NOT_DETAILS = "not_details", _l("This must be a JSON object.")
    NOT_A_LINK = (
        "not_a_link",
        _l("This must be a list of links, each with type and key. Types are: {expected}."),
    )
    NOT_AN_EMAIL = "not_an_email", _l("This is not an email address.")
    EMAIL_TAKEN = "email_taken", _l("Another person already has this email address.")
    NOT_STAFF = "not_staff", _l("This key belongs to a person who is not staff.")
    NO_FILE = "no_file", _l("A new document needs its file.")
    FILE_UNREADABLE = "file_unreadable", _l("This file cannot be read.")
    COLLISION = (
        "collision",
        _l("Somebody changed the same records at the same moment. Import the file again."),
    )


def shown(value: object) -> str:
    """The value as it may be reported: at most 80 characters, unprintable ones as a dot."""
    text = "".join(c if c.isprintable() else "·" for c in str(value)[: LONGEST_VALUE + 1])
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong: where, with which value, and why. One that is not fatal refuses nothing.

    `line` counts from 1; 0 when no line is to blame.
    """

    line: int
    field: str
    value: str
    reason: Why
    params: dict[str, Any] = field(default_factory=dict)
    record: str = ""
    is_fatal: bool = True

    def text(self) -> str:
        """The reason as a sentence in the reader's language."""
        numbers = formats_for(language())
        params = {
            name: numbers.number(value, 2) if isinstance(value, Decimal) else value
            for name, value in self.params.items()
        }
        return _(self.reason.sentence.message, **params)

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
