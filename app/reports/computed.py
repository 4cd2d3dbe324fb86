"""Columns that a report computes: `compute=c1:Monthly premium:premium_net / 12` in an address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from app.core.text import LazyText, _l
from app.core.web import is_clean
from app.reports.columns import Column, columns_of
from app.reports.expressions import ExpressionError, Meaning, understood
from app.reports.far import far_columns, in_the_past
from app.reports.source import Source
from permissions import Level, Rights

MOST_COMPUTED = 8
LONGEST_LABEL = 60
FORMULA_STARTS = "=+-@"
"""A heading that begins so would be run by a spreadsheet."""
KEY = re.compile(r"c[1-9][0-9]?")


@dataclass(frozen=True)
class Computed:
    """A column of a report's own: its key, its heading, and the expression as it was written and as it was understood."""

    key: str
    label: str
    text: str
    meaning: Meaning

    @property
    def word(self) -> tuple[str, str]:
        return ("compute", f"{self.key}:{self.label}:{self.text}")


@dataclass(frozen=True)
class Where:
    """A condition by an expression, as it was written and as it was understood."""

    text: str
    meaning: Meaning
    is_off: bool = False

    @property
    def word(self) -> tuple[str, str]:
        return ("off", f"where={self.text}") if self.is_off else ("where", self.text)


@dataclass(frozen=True)
class ComputedField:
    """A computed column as a schema would declare it."""

    label: str
    meaning: Meaning
    help: str
    kind: str
    sort: bool = True
    filter: bool = True
    search: bool = False
    listed: bool = True
    grouped: bool = True
    tones: Any = None
    currency: str = ""
    """Of an amount: the field that holds its currency, or the currency itself."""

    @property
    def is_numeric(self) -> bool:
        return self.kind in ("number", "money")


def column_of(one: Computed) -> Column:
    kind = "text" if one.meaning.kind in ("code", "empty") else one.meaning.kind
    currency = (one.meaning.currency or "").removeprefix("@")
    return Column(
        one.key, ComputedField(one.label, one.meaning, one.text, kind, currency=currency), Level.READ
    )


Titles = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1024)
def columns_with(
    source: Source,
    rights: Rights,
    computed: tuple[Computed, ...] = (),
    titles: Titles = (),
    is_past: bool = False,
) -> dict[str, Column]:
    """The columns a viewer has in a report: those of his profile, those one step further, and those the report computes
    from them, by the names it gives them."""
    found = {**columns_of(source, rights), **far_columns(source, rights)}
    if is_past:
        found = in_the_past(found)
    found |= {one.key: column_of(one) for one in computed}
    for key, title in titles:
        found[key] = replace(found[key], title=title)
    return found


def placed(wrong: ExpressionError, text: str) -> LazyText:
    """What is wrong with an expression, and where, in a sentence that can stand alone."""
    start, end = wrong.place
    return _l("{sentence} (‘{before}’ ▸ ‘{text}’)", sentence=wrong.sentence, before=text[max(0, start - 20) : start],
              text=text[start : max(end, start + 1)][:40])  # fmt: skip


def read_computed(
    given: Iterable[str], columns: dict[str, Column]
) -> tuple[tuple[Computed, ...], list[LazyText]]:
    """The columns an address computes; each may use those before it."""
    known = dict(columns)
    found: list[Computed] = []
    wrong: list[LazyText] = []
    for text in given:
        key, _colon, rest = text.partition(":")
        label, _colon, expression = rest.partition(":")
        label = " ".join(label.split())
        sentence = _name(key, label, known, len(found))
        if sentence is None:
            try:
                one = Computed(key, label, expression, understood(expression, known))
            except ExpressionError as error:
                sentence = placed(error, expression)
            else:
                found.append(one)
                known[key] = column_of(one)
                continue
        wrong.append(sentence)
    return tuple(found), wrong


def _name(key: str, label: str, known: dict[str, Column], count: int) -> LazyText | None:
    if not KEY.fullmatch(key) or key in known:
        return _l("A computed column has a key of its own, c1 to c99, not ‘{name}’.", name=key[:20])
    return label_problem(label) or (
        _l("A report computes at most {n} columns.", n=MOST_COMPUTED) if count == MOST_COMPUTED else None
    )


def label_problem(label: str) -> LazyText | None:
    if not label:
        return _l("Give the column a name.")
    if len(label) > LONGEST_LABEL:
        return _l("A name has at most {n} characters.", n=LONGEST_LABEL)
    if ":" in label or label[0] in FORMULA_STARTS or not is_clean(label):
        return _l("A name has no colon and does not begin with =, +, - or @.")
    return None


MOST_CONDITIONS = 5


def read_where(
    given: Iterable[str], columns: Mapping[str, Column], *, is_off: bool = False
) -> tuple[list[Where], list[LazyText]]:
    """The conditions an address gives as expressions."""
    found: list[Where] = []
    wrong: list[LazyText] = []
    for text in given:
        if len(found) == MOST_CONDITIONS:
            wrong.append(_l("Use at most {n} rules.", n=MOST_CONDITIONS))
            break
        try:
            found.append(Where(text, understood(text, columns, kind="flag"), is_off))
        except ExpressionError as error:
            wrong.append(placed(error, text))
    return found, wrong
