"""The parts a chart is made of, and a few words of SVG."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

Part = tuple[int, float, float, str, str | None]
"""The number of its colour, where it starts and how wide it is in per cent, what it says, the way to its rows."""
Bar = tuple[str, str | None, Markup, list[Part]]
"""Its name, the way to its rows, its figure, its parts."""
Cell = tuple[str, str | None]
"""Words, and the way to the rows behind them."""


@dataclass
class Numbers:
    """A chart's numbers as a table. `colours` are the numbers of the rows' colours, where they have some."""

    heads: list[str]
    lines: list[list[Cell]]
    colours: list[int] = field(default_factory=list)


@dataclass
class Chart:
    """`series` are the names of its colours. It shows `bars`, or a `drawing` with its `numbers`; the figures of a
    `beside` stand next to it and not below."""

    title: str
    series: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    drawing: Markup | None = None
    numbers: Numbers | None = None
    is_beside: bool = False
    notes: list[str] = field(default_factory=list)
    kind: str = ""
    kinds: list[tuple[str, str, bool]] = field(default_factory=list)
    """The other ways to draw it: address, words, whether it is this one."""


def drawing(width: int, height: int, label: str, inner: str) -> Markup:
    """A group and no image: nothing within an image could be followed."""
    return Markup(
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="group" aria-label="{escape(label)}">{inner}</svg>'
    )


def mark(shape: str, said: str, href: str | None) -> str:
    """A mark that says what it stands for and leads there. Its way is in the table, too: no stop for the keyboard."""
    shape = shape.replace("/>", f"><title>{escape(said)}</title></{shape[1:].split(' ', 1)[0]}>")
    return f'<a href="{escape(href)}" tabindex="-1">{shape}</a>' if href else shape


def text(x: float, y: float, words: str, anchor: str = "middle", names: str = "") -> str:
    names = f' class="{names}"' if names else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{names}>{escape(words)}</text>'
