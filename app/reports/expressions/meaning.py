"""What a checked expression is: an operation of some kind on others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.text import LazyText, _lp

KINDS: dict[str, LazyText] = {
    "number": _lp("kind", "a number"),
    "money": _lp("kind", "an amount"),
    "text": _lp("kind", "a text"),
    "day": _lp("kind", "a day"),
    "moment": _lp("kind", "a moment"),
    "flag": _lp("kind", "yes or no"),
    "code": _lp("kind", "a text"),
    "empty": _lp("kind", "nothing"),
}
KIND_OF_COLUMN = {
    **dict.fromkeys(("number", "whole", "percent", "size"), "number"),
    **dict.fromkeys(("text", "long_text", "reference", "currency", "country"), "text"),
    **{kind: kind for kind in ("money", "day", "moment", "flag", "code")},
}


@dataclass(frozen=True)
class Meaning:
    """An expression that was checked. `currency` of an amount is its code, or `@` and the column that holds it."""

    kind: str
    operation: str
    args: tuple[Meaning, ...] = ()
    value: Any = None
    currency: str | None = None
    size: int = 1


def made(kind: str, operation: str, args: list[Meaning], currency: str | None = None) -> Meaning:
    """An operation on what was checked before."""
    return Meaning(kind, operation, tuple(args), None, currency, 1 + sum(one.size for one in args))


def day_of(one: Meaning) -> Meaning:
    """Beside days, and where a day is wanted, a moment stands for its own."""
    return made("day", "date", [one]) if one.kind == "moment" else one
