"""What a column means: as its field explains itself, or else what kind of value it holds."""

from __future__ import annotations

from app.core.text import LazyText, _, _l
from app.reports.columns import Column

KINDS: dict[str, LazyText] = {
    "text": _l("A text."),
    "number": _l("A number."),
    "whole": _l("A whole number."),
    "percent": _l("A percentage."),
    "money": _l("An amount, each in its own currency."),
    "day": _l("A day."),
    "moment": _l("A day and a time."),
    "flag": _l("Yes or no."),
    "code": _l("One of a list of values."),
    "currency": _l("A currency, by its three letters."),
    "country": _l("A country."),
    "reference": _l("Another record or a person, by name."),
    "words": _l("Several short texts."),
    "size": _l("The size of a file."),
}


def meaning_of(column: Column) -> str:
    """A sentence or two for the menu of the column's heading."""
    said = str(column.field.help or KINDS.get(column.kind, ""))
    masked = _("Masked column: display only")
    return f"{said} {masked}.".strip() if column.is_masked else said
