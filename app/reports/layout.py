"""How a table is laid out beyond its columns and order: breaks, totals, names and widths of columns, frozen ones.

`break=insurer,-status` · `total=sum.premium_net,avg.premium_net` · `titled=premium_net:Beitrag` · `wide=insurer:l` ·
`frozen=2` · `view=tiles` or one `row` at a time instead of a table · `density=compact`, whatever a person chose for himself
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.text import LazyText, _l
from app.reports.columns import Column
from app.reports.computed import label_problem
from app.reports.grouping import COUNT, Figure

WORDS = ("break", "total", "titled", "wide", "frozen", "view", "density")
MOST_BREAKS = 2
MOST_TOTALS = 8
MOST_FROZEN = 4
WIDTHS = ("s", "m", "l", "xl")
VIEWS = ("tiles", "row")
DENSITIES = ("comfortable", "compact")


@dataclass(frozen=True)
class Layout:
    """`breaks` are columns whose values stand as headings over their rows, `-` before one of descending order."""

    breaks: tuple[str, ...] = ()
    totals: tuple[Figure, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()
    widths: tuple[tuple[str, str], ...] = ()
    frozen: int = 1
    view: str = ""
    """Empty for the table."""
    density: str = ""
    """Empty for the reader's own."""

    def words(self) -> list[tuple[str, str]]:
        words = []
        if self.breaks:
            words.append(("break", ",".join(self.breaks)))
        if self.totals:
            words.append(("total", ",".join(map(str, self.totals))))
        words += [("titled", f"{key}:{title}") for key, title in self.titles]
        if self.widths:
            words.append(("wide", ",".join(f"{key}:{width}" for key, width in self.widths)))
        if self.frozen != 1:
            words.append(("frozen", str(self.frozen)))
        words += [(name, value) for name, value in (("view", self.view), ("density", self.density)) if value]
        return words

    @property
    def break_keys(self) -> tuple[str, ...]:
        return tuple(one.removeprefix("-") for one in self.breaks)


PLAIN = Layout()


def read_layout(
    given: Mapping[str, list[str]], columns: Mapping[str, Column]
) -> tuple[Layout, list[LazyText]]:
    wrong: list[LazyText] = []
    breaks = tuple(_breaks(_names(given.get("break")), columns, wrong))
    totals: list[Figure] = []
    for name in _names(given.get("total")):
        function, _dot, key = name.partition(".")
        figure = Figure(function, key)
        if figure != COUNT and (key not in columns or function not in columns[key].functions):
            wrong.append(_l("‘{name}’ cannot be computed here.", name=name[:60]))
        elif len(totals) == MOST_TOTALS:
            wrong.append(_l("Show at most {n} figures.", n=MOST_TOTALS))
        else:
            totals.append(figure)
    titles: dict[str, str] = {}
    for text in given.get("titled", ()):
        key, _colon, title = text.partition(":")
        title = " ".join(title.split())
        problem = label_problem(title)
        if key not in columns:
            wrong.append(_l("There is no column ‘{name}’ here.", name=key[:60]))
        elif problem:
            wrong.append(problem)
        else:
            titles[key] = title
    widths: dict[str, str] = {}
    for name in _names(given.get("wide")):
        key, _colon, width = name.partition(":")
        if key not in columns or width not in WIDTHS:
            wrong.append(_l("There is no column ‘{name}’ here.", name=key[:60]))
        else:
            widths[key] = width
    frozen = (given.get("frozen") or ["1"])[-1]
    if not frozen.isdecimal() or not frozen.isascii() or int(frozen) > MOST_FROZEN:
        wrong.append(_l("At most {n} columns stay in place.", n=MOST_FROZEN))
        frozen = "1"
    view = (given.get("view") or [""])[-1]
    if view and view not in VIEWS:
        wrong.append(_l("There is no view ‘{name}’.", name=view[:60]))
        view = ""
    density = (given.get("density") or [""])[-1]
    if density and density not in DENSITIES:
        wrong.append(_l("There is no row height ‘{name}’.", name=density[:60]))
        density = ""
    return (
        Layout(
            breaks, tuple(totals), tuple(titles.items()), tuple(widths.items()), int(frozen), view, density
        ),
        wrong,
    )


def can_break(column: Column | None) -> bool:
    return column is not None and column.can_group and column.can_sort


def _breaks(names: Iterable[str], columns: Mapping[str, Column], wrong: list[LazyText]) -> Iterable[str]:
    count = 0
    for name in names:
        if not can_break(columns.get(name.removeprefix("-"))):
            wrong.append(_l("This overview cannot be grouped by ‘{name}’.", name=name[:60]))
        elif count == MOST_BREAKS:
            wrong.append(_l("Group by at most {n} columns.", n=MOST_BREAKS))
        else:
            count += 1
            yield name


def _names(given: list[str] | None) -> Iterable[str]:
    return dict.fromkeys(name for text in given or [] for name in text.split(",") if name)
