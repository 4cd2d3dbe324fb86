"""A table on paper: its columns with the widths their words need, its orientation and size of type, its sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, groupby
from typing import Any

from PIL import ImageFont

from app.core.errors import Unacceptable
from app.core.text import _l
from app.core.typeset import FONTS

Amounts = list[tuple[str, str]]
"""Figures, each with its currency: one a cell, several where a sum has several."""
Cell = str | Amounts | tuple[str, str]
"""Words; amounts; or a name and what stands below it."""

LENGTHS = ((False, 499.0), (True, 746.0))
"""Points between the margins of an upright page and of one on its side."""
SIZES = (8.5, 7.5, 6.8, 6.0)
"""Of type, in points; the last ones on a page's side only. Below that nobody reads."""
PADDING = 6.0
LONG_WORD = 7.0
"""Of a word's width in ems from which on it may be broken, where there is no room."""
LONGEST_WHOLE = 18.0
BOLD, HEAD = 1.06, 0.95
"""How much wider than plain words those in bold are, and those of headings, which are smaller."""
LONG_HEAD, WHOLE_HEAD = 5.5, 14.0
COMFORT = 13.0
"""Ems a column of words should have before a page is laid on its side."""
BREAK = "\u200b"
LONGEST_WORD = 30
"""Letters of a word that is divided as its language does it; a longer one, or one with digits, breaks anywhere."""


@dataclass
class Column:
    label: str
    cells: list[Cell]
    is_numeric: bool = False
    is_whole: bool = False
    """Whether its words cannot be read in two lines."""
    is_even: bool = False
    """Whether it holds days, whose digits stand below each other."""
    kind: str = "text"
    over: tuple[int, str] = (0, "")
    """A heading above its own, shared with the neighbours that have the same number."""


@dataclass
class Part:
    """Rows under headings of their own, the outermost first, and what they and those before come to."""

    heads: list[str]
    count: int
    sums: list[list[Cell]] = field(default_factory=list)


@dataclass
class Table:
    columns: list[Column]
    parts: list[Part] = field(default_factory=list)
    total: list[Cell] | None = None
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """The tone of what stands out, by row and column, -1 for a whole row."""
    title: str = ""
    """What stands above it where there are several."""
    is_wide: bool = False
    """Whether it lies on a page's side in any case."""

    def told(self, *, is_upright: bool = False) -> dict[str, Any]:
        """As the template takes it. Unacceptable if no page is wide enough; where it must stay upright, its last
        columns are left out instead."""
        parts = self.parts or [Part([], len(self.columns[0].cells))]
        sums = [one for one in (*(row for part in parts for row in part.sums), self.total) if one]
        try:
            is_flipped, size, widths = fitted(self.columns, sums, is_upright, self.is_wide)
        except Unacceptable:
            if not is_upright:
                raise
            return Table(self.columns[:-1]).told(is_upright=True)
        rooms = [(width - PADDING) / size + 0.01 for width in widths]
        cells = [
            [_breakable(cell, room) for cell in one.cells]
            for one, room in zip(self.columns, rooms, strict=True)
        ]
        rows = list(zip(*cells, strict=True))
        tones: dict[int, dict[str, str]] = {}
        for (row, place), tone in self.marks.items():
            tones.setdefault(row, {})[str(place)] = tone
        told, start = [], 0
        for part in parts:
            end = start + part.count
            marks = [tones.get(row, {}) for row in range(start, end)] if tones else []
            told.append({"heads": part.heads, "rows": rows[start:end], "marks": marks, "sums": part.sums})
            start = end
        heads = [
            {
                "label": one.label,
                "right": one.is_numeric,
                "width": round(width, 2),
                "kind": one.kind,
                "even": one.is_numeric or one.is_even,
                # A heading is divided only where one of its words has no room.
                "divided": any(measured(word) * HEAD > room for word in one.label.split()),
                "divides": _is_divided(one, room),
            }
            for one, width, room in zip(self.columns, widths, rooms, strict=True)
        ]
        shared = [(label, len(list(some))) for (_n, label), some in groupby(one.over for one in self.columns)]
        starts = accumulate((span for _label, span in shared), initial=0)
        over = [(label, start, span) for (label, span), start in zip(shared, starts, strict=False)]
        return {
            "title": self.title,
            "flipped": is_flipped,
            "size": size,
            "columns": heads,
            "over": over if len(over) > 1 else [],
            "parts": told,
            "total": self.total,
        }


@cache
def _face() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "Inter.ttf"), 1000)


@cache
def _advance(character: str) -> float:
    # Figures are set in a table's, all as wide as the widest.
    return _face().getlength("0" if character.isdigit() else character) / 1000


def measured(text: str) -> float:
    """A line's width in ems, a little more than it takes."""
    return sum(map(_advance, text)) * 1.02


def _lines(cell: Cell) -> Iterable[str]:
    if isinstance(cell, str):
        return (cell,)
    if isinstance(cell, tuple):
        return cell
    return (f"{figure} {currency}" for figure, currency in cell)


def _needs(column: Column, sums: Iterable[Cell]) -> tuple[float, float]:
    """The least width in ems a column can have, and the one at which nothing wraps."""
    texts = {line for cell in column.cells for line in _lines(cell)}
    bold = BOLD if column.kind == "named" else 1.0
    want = bold * max(map(measured, texts), default=0.0)
    sum_lines = [line for cell in sums for line in _lines(cell)]
    summed = max((measured(line) * BOLD for line in sum_lines), default=0.0)
    head = max((measured(word) for word in column.label.split()), default=0.0) * HEAD
    if column.is_numeric:
        least = want = max(want, summed)
    else:
        words = {word for text in texts for word in text.split()}
        is_whole = column.is_whole and want < LONGEST_WHOLE
        least = want if is_whole else min(max(map(measured, words), default=0.0) * bold, LONG_WORD)
        # What a total is called, and what stands with its name, may take several lines.
        wide = max((measured(word) * BOLD for line in sum_lines for word in line.split()), default=0.0)
        least = max(least, min(wide, LONG_WORD))
        want = max(want, least, min(summed, LONGEST_WHOLE))
    least = max(least, min(head, LONG_HEAD))
    return least, max(want, least, min(head, WHOLE_HEAD))


def fitted(
    columns: Sequence[Column],
    sums: Sequence[Sequence[Cell]],
    is_upright: bool = False,
    is_wide: bool = False,
) -> tuple[bool, float, list[float]]:
    """Orientation, size of type and widths in points. The first that leaves each column comfortable, else the first
    that has room at all."""
    needs = [_needs(column, [row[n] for row in sums]) for n, column in enumerate(columns)]
    padding = PADDING * len(columns)
    lengths = LENGTHS[:1] if is_upright else LENGTHS[is_wide:]
    tries = [(*length, size) for length in lengths for size in SIZES[:2]]
    tries += [(*LENGTHS[not is_upright], size) for size in SIZES[2:]]
    for is_comfortable in (True, False):
        for is_flipped, length, size in tries:
            least = [max(low, min(high, COMFORT)) if is_comfortable else low for low, high in needs]
            room = (length - padding) / size
            if sum(least) <= room:
                shared = _shared(least, [high for _low, high in needs], room)
                return is_flipped, size, [width * size + PADDING for width in shared]
    sentence = _l("These columns do not fit on a page. Choose fewer, or download the data as CSV.")
    raise Unacceptable({"columns": sentence})


def _shared(least: Sequence[float], wanted: Sequence[float], room: float) -> list[float]:
    """What is left of the room to those who want more, the narrowest first; then to all."""
    low, high = 0.0, room
    for _step in range(24):
        level = (low + high) / 2
        taken = sum(max(one, min(want, level)) for one, want in zip(least, wanted, strict=True))
        low, high = (level, high) if taken <= room else (low, level)
    widths = [max(one, min(want, low)) for one, want in zip(least, wanted, strict=True)]
    rest = (room - sum(widths)) / len(widths)
    return [width + rest for width in widths]


def _is_divided(column: Column, room: float) -> bool:
    """Whether a word has no room."""
    words = (word for cell in column.cells for line in _lines(cell) for word in line.split())
    return not column.is_numeric and any(len(word) > room / 2 and measured(word) > room for word in words)


def _breakable(cell: Cell, room: float) -> Cell:
    """A cell with what is wider than the room, and no word of a language, allowed to break anywhere."""
    if isinstance(cell, list):
        return cell
    if isinstance(cell, tuple):
        return str(_breakable(cell[0], room)), str(_breakable(cell[1], room))
    if len(cell) < room:
        return cell
    return " ".join(
        word if measured(word) <= room or _is_spoken(word) else BREAK.join(word) for word in cell.split(" ")
    )


def _is_spoken(word: str) -> bool:
    """Whether a language knows how to divide it: letters, perhaps with hyphens between them."""
    is_plain = not any(map(str.isdigit, word))
    return is_plain and all(len(part) <= LONGEST_WORD for part in re.split(r"\W+", word))
