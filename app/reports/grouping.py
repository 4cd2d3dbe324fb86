"""What an address says of groups: `by=status,ends_on.year`, `across=currency`, `show=count,sum.premium_net`,
`order=-count`, `chart=bars`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.core.text import LazyText, _l
from app.reports.columns import Column
from app.reports.source import Source

STEPS = ("year", "quarter", "month")
"""Days fall into these, or stand for themselves."""
MOST_COLUMNS = 3
MOST_ACROSS = 2
MOST_FIGURES = 8
WORDS = ("by", "across", "show", "order", "chart")
CHARTS = ("bars", "stacked", "line", "area", "donut", "scatter")


@dataclass(frozen=True)
class By:
    """A column whose equal values make a group; of days perhaps a `step` only."""

    key: str
    step: str = ""

    def __str__(self) -> str:
        return f"{self.key}.{self.step}" if self.step else self.key


@dataclass(frozen=True)
class Figure:
    """What is computed over the rows of a group: `count` of them, the `share` they are of all, or a function of a
    column's values."""

    function: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.function}.{self.key}" if self.key else self.function


COUNT, SHARE = Figure("count"), Figure("share")


@dataclass(frozen=True)
class Grouping:
    by: tuple[By, ...]
    figures: tuple[Figure, ...]
    across: tuple[By, ...] = ()
    """Columns whose values stand side by side: the groups become a pivot table."""
    order: str = ""
    """The name of a column or figure, `-` before it for descending; empty for the order of the first column."""
    are_figures_chosen: bool = False
    chart: str = ""
    """How the first figure is drawn above the groups; empty for not at all."""

    def words(self) -> list[tuple[str, str]]:
        words = [("by", ",".join(map(str, self.by)))]
        if self.across:
            words.append(("across", ",".join(map(str, self.across))))
        if self.are_figures_chosen:
            words.append(("show", ",".join(map(str, self.figures))))
        if self.order:
            words.append(("order", self.order))
        if self.chart:
            words.append(("chart", self.chart))
        return words


def standard_figures(columns: Mapping[str, Column], money: str | None) -> tuple[Figure, ...]:
    """How many, and what they come to where the source has an amount the viewer reads."""
    if money and money in columns and "sum" in columns[money].functions:
        return (COUNT, Figure("sum", money))
    return (COUNT,)


def first_grouping(source: Source, columns: Mapping[str, Column]) -> Grouping | None:
    """The groups one sees first: by the first listed column of few values."""
    fit = _fit(columns)
    fit.sort(key=lambda column: (not column.field.listed, column.kind != "code"))
    return Grouping((By(fit[0].key),), standard_figures(columns, source.money)) if fit else None


def as_groups(grouping: Grouping, chart: str = "") -> Grouping:
    """The same groups in rows, the columns of a pivot table among them."""
    by = (*grouping.by, *grouping.across)[:MOST_COLUMNS]
    return replace(grouping, by=by, across=(), chart=chart)


def as_pivot(grouping: Grouping, columns: Mapping[str, Column]) -> Grouping | None:
    """The same groups with the last column across; one column alone is crossed with the first of few values that
    it meets, and of the two the one of fewer values goes across. None where there is no other."""
    if grouping.across:
        return replace(grouping, chart="")
    *by, last = grouping.by
    if not by:
        other = next((one for one in _of_few_values(columns) if one.key != last.key), None)
        if other is None:
            return None
        by = [By(other.key)]
        if _variety(columns[last.key]) > _variety(other):
            by, last = [last], by[0]
    order = "" if grouping.order.removeprefix("-") == str(last) else grouping.order
    return replace(grouping, by=tuple(by), across=(last,), order=order, chart="")


def _of_few_values(columns: Mapping[str, Column]) -> list[Column]:
    return sorted(_fit(columns), key=lambda column: (column.kind != "code", not column.field.listed))


def _fit(columns: Mapping[str, Column]) -> list[Column]:
    """What to group by when nobody said."""
    return [
        column
        for column in columns.values()
        if column.can_group and not column.is_far and column.kind not in ("text", "day")
    ]


def _variety(column: Column) -> int:
    """How many values a column may have; of those without a list nobody knows."""
    return len(column.field.codes) if column.kind == "code" else 2 if column.kind == "flag" else 100


def read_grouping(
    given: Mapping[str, list[str]], columns: Mapping[str, Column], money: str | None
) -> tuple[Grouping | None, LazyText | None]:
    """The groups an address asks for, and the first thing about them that is not understood. A forbidden column and
    an unknown one are told alike."""
    wrong: list[LazyText] = []
    by = _columns(given.get("by"), columns, MOST_COLUMNS, wrong)
    across = _columns(given.get("across"), columns, MOST_ACROSS, wrong)
    if both := [one for one in across if one in by]:
        wrong.append(
            _l("‘{name}’ cannot be in the rows and in the columns.", name=columns[both[0].key].label)
        )
        across = [one for one in across if one not in by]
    figures: list[Figure] = []
    for name in _names(given.get("show")):
        function, _dot, key = name.partition(".")
        figure = Figure(function, key)
        if figure not in (COUNT, SHARE) and (key not in columns or function not in columns[key].functions):
            wrong.append(_l("‘{name}’ cannot be computed here.", name=name[:60]))
        elif len(figures) == MOST_FIGURES:
            wrong.append(_l("Show at most {n} figures.", n=MOST_FIGURES))
        else:
            figures.append(figure)
    shown = tuple(figures) or standard_figures(columns, money)
    order = (given.get("order") or [""])[-1]
    if order and order.removeprefix("-") not in {str(one) for one in (*by, *shown)}:
        wrong.append(_l("These groups cannot be sorted by ‘{name}’.", name=order.removeprefix("-")[:60]))
        order = ""
    chart = (given.get("chart") or [""])[-1]
    if chart and chart not in CHARTS:
        wrong.append(_l("There is no chart ‘{name}’.", name=chart[:60]))
        chart = ""
    if not by:
        if not wrong and any(word in given for word in WORDS):
            wrong.append(_l("Choose a column to group by."))
        return None, wrong[0] if wrong else None
    grouping = Grouping(tuple(by), shown, tuple(across), order, bool(figures), chart)
    return grouping, wrong[0] if wrong else None


def _columns(
    given: list[str] | None, columns: Mapping[str, Column], most: int, wrong: list[LazyText]
) -> list[By]:
    found: list[By] = []
    for name in _names(given):
        key, _dot, step = name.partition(".")
        if name not in names_of(columns.get(key)):
            wrong.append(_l("This overview cannot be grouped by ‘{name}’.", name=name[:60]))
        elif len(found) == most:
            wrong.append(_l("Group by at most {n} columns.", n=most))
        else:
            found.append(By(key, step))
    return found


def names_of(column: Column | None) -> tuple[str, ...]:
    """The words that group by a column; none where it cannot be."""
    if column is None or not column.can_group:
        return ()
    steps = STEPS if column.kind == "day" else ()
    return (column.key, *(f"{column.key}.{step}" for step in steps))


def _names(given: list[str] | None) -> Iterable[str]:
    return dict.fromkeys(name for text in given or [] for name in text.split(",") if name)
