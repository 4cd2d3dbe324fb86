"""Highlights: cells or rows of a report that stand out by a rule: `mark=warning:premium_net:High:premium_net > 1000`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.text import LazyText, _l
from app.reports.columns import Column
from app.reports.computed import label_problem, placed
from app.reports.expressions import ExpressionError, Meaning, understood

if TYPE_CHECKING:
    from app.reports.query import Page
    from app.reports.state import State

MOST_MARKS = 8
TONES = ("warning", "critical", "positive", "info")


@dataclass(frozen=True)
class Mark:
    """`target` is the column whose cells stand out, or empty for the whole row. Of several that hold, the first counts."""

    tone: str
    target: str
    label: str
    text: str
    meaning: Meaning
    is_off: bool = False

    @property
    def word(self) -> tuple[str, str]:
        said = f"{self.tone}:{self.target}:{self.label}:{self.text}"
        return ("off", f"mark={said}") if self.is_off else ("mark", said)


def read_marks(
    given: Iterable[str], columns: Mapping[str, Column], *, is_off: bool = False
) -> tuple[list[Mark], list[LazyText]]:
    found: list[Mark] = []
    wrong: list[LazyText] = []
    for said in given:
        parts = said.split(":", 3)
        tone, target, label, text = [*parts, "", "", "", ""][:4]
        if len(found) == MOST_MARKS:
            wrong.append(_l("A report has at most {n} highlights.", n=MOST_MARKS))
            break
        if tone not in TONES or (target and target not in columns):
            wrong.append(_l("This highlight is not understood: ‘{text}’.", text=said[:60]))
        elif sentence := label_problem(label):
            wrong.append(sentence)
        else:
            try:
                found.append(Mark(tone, target, label, text, understood(text, columns, kind="flag"), is_off))
            except ExpressionError as error:
                wrong.append(placed(error, text))
    return found, wrong


def marked_cells(state: State, page: Page, shown: Sequence[str]) -> dict[tuple[int, int], tuple[str, str]]:
    """The cells that stand out on a page, by row and column, -1 for a whole row: the tone of each, and why."""
    marks = [one for one in state.marks if not one.is_off]
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for number, row in enumerate(page.rows if marks else ()):
        for mark, holds in zip(marks, page.marks(row), strict=True):
            if holds and (not mark.target or mark.target in shown):
                column = shown.index(mark.target) if mark.target else -1
                found.setdefault((number, column), (mark.tone, mark.label))
    return found
