"""An axis of numbers: where its lines stand, and how they are said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from babel.numbers import format_compact_decimal

from app.core.formats import MINUS, Formats

LINES = 5
"""About so many."""
LONG = 1_000_000
"""From here on numbers are said in millions."""


@dataclass(frozen=True)
class Axis:
    low: Decimal
    high: Decimal
    ticks: list[Decimal]

    def share(self, value: Decimal) -> float:
        """How far along the axis a value is, from nought to one."""
        return float((value - self.low) / (self.high - self.low))


def axis(low: Decimal, high: Decimal, *, is_whole: bool) -> Axis:
    """From the round number below the lowest to the one above the highest value, in steps of 1, 2 or 5."""
    if low == high:
        low, high = (low, high + 1) if low >= 0 else (low - 1, high)
    rough = (high - low) / LINES
    unit = Decimal(1).scaleb(rough.adjusted())
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    if is_whole:
        step = max(step, Decimal(1))
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    ticks = [step * number for number in range(int(first), int(last) + 1)]
    return Axis(ticks[0], ticks[-1], ticks)


def tick_words(value: Decimal, kind: str, formats: Formats) -> str:
    if kind in ("share", "percent"):
        return formats.percent(value)
    if kind == "size":
        return formats.file_size(int(value))
    if abs(value) >= LONG:
        said = format_compact_decimal(value, format_type="short", locale=formats.locale, fraction_digits=2)
        return said.replace("-", MINUS)
    return formats.number(value)
