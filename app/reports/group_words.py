"""How groups are named, put in order, and found again among the rows."""

from __future__ import annotations

import datetime
import html
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from app.core.formats import Formats, formats_for
from app.core.text import LazyText, _, _l, folded, labelled, language
from app.reports.columns import Column
from app.reports.filters import LONGEST
from app.reports.grouping import COUNT, SHARE, By, Figure, Grouping
from app.reports.groups import Group, Groups, Value
from app.reports.table import painter, speaker

FUNCTION_WORDS: dict[str, LazyText] = {
    "sum": _l("Sum"),
    "share": _l("Percentage of total"),
    "avg": _l("Average"),
    "median": _l("Median"),
    "min": _l("Smallest"),
    "max": _l("Largest"),
    "distinct": _l("Distinct count"),
}
DAY_FUNCTION_WORDS = {**FUNCTION_WORDS, "min": _l("Earliest"), "max": _l("Latest")}
STEP_WORDS: dict[str, LazyText] = {
    "year": _l("{name} by year"),
    "quarter": _l("{name} by quarter"),
    "month": _l("{name} by month"),
}
STEP_PATTERNS = {"year": "yyyy", "quarter": "QQQ yyyy", "month": "LLLL yyyy"}
MONTHS = {"year": 12, "quarter": 3, "month": 1}


def by_label(one: By, columns: Mapping[str, Column]) -> str:
    label = columns[one.key].label
    return str(STEP_WORDS[one.step]).format(name=label) if one.step else str(label)


def figure_label(figure: Figure, columns: Mapping[str, Column]) -> str:
    if figure == COUNT:
        return _("Number")
    if figure == SHARE:
        return labelled(FUNCTION_WORDS["share"], _("Number"))
    column = columns[figure.key]
    return labelled(function_words(column, figure.function), column.label)


@lru_cache(maxsize=1024)
def teller(one: By, column: Column, formats: Formats) -> Callable[[Any, Any], str]:
    """Says what the rows of a group share, from its key and its title."""
    say = speaker(column, formats)
    if one.step:
        pattern = STEP_PATTERNS[one.step]
        return lambda key, _title: format_date(key, pattern, formats.locale)
    if column.kind in ("reference", "text"):
        return lambda _key, title: str(title or "").strip()
    return lambda key, _title: say(key, None)


def function_words(column: Column, function: str) -> LazyText:
    return (DAY_FUNCTION_WORDS if column.kind == "day" else FUNCTION_WORDS)[function]


def behind(one: By, column: Column, key: Any) -> list[tuple[str, str]] | None:
    """The filter that finds the rows of a group; None where there is none."""
    if key is None:
        return [(f"{one.key}.is_empty", "1")] if "is_empty" in column.operators else None
    if one.step:
        month = key.month + MONTHS[one.step] - 1
        end = datetime.date(key.year, month, monthrange(key.year, month)[1])
        return [(f"{one.key}.ge", key.isoformat()), (f"{one.key}.le", end.isoformat())]
    if column.kind == "flag":
        return [(one.key, "true" if key else "false")]
    text = str(key)
    return [(one.key, text)] if "is" in column.operators and 0 < len(text) <= LONGEST else None


def in_order(found: Groups, grouping: Grouping, columns: Mapping[str, Column]) -> list[Group]:
    """The groups in the order asked for; what has no value comes last either way."""
    name, is_descending = grouping.order.removeprefix("-"), grouping.order.startswith("-")
    names = [str(one) for one in grouping.by]
    formats = formats_for(language())
    place = names.index(name) if name in names else None if name else 0

    def shared(place: int) -> Callable[[Group], Any]:
        one = grouping.by[place]
        tell = teller(one, columns[one.key], formats)
        is_spoken = not one.step and columns[one.key].kind not in ("day", "whole")

        def key(group: Group) -> Any:
            value = group.keys[place]
            return value if value is None or not is_spoken else folded(tell(value, group.titles[place]))

        return key

    def computed(group: Group) -> Any:
        return group.values[[str(one) for one in grouping.figures].index(name)].value

    ordered = list(found.found)
    keys = [shared(n) for n in range(len(names))]
    for key in reversed(keys):
        ordered = _sorted(ordered, key, False)
    return _sorted(ordered, computed if place is None else keys[place], is_descending)


def _sorted(found: list[Group], key: Callable[[Group], Any], is_descending: bool) -> list[Group]:
    known = [one for one in found if key(one) is not None]
    return sorted(known, key=key, reverse=is_descending) + [one for one in found if key(one) is None]


def value_words(figure: Figure, column: Column | None, one: Value, formats: Formats) -> str:
    """A figure as plain words of a cell's HTML."""
    if one.value is None:
        return muted(_("several currencies")) if one.left_out else ""
    kind = kind_of(figure, column)
    if kind == "share":
        return formats.percent(one.value, 1)
    if column is None or kind == "count":
        return formats.integer(int(one.value))
    if kind == "number" or (kind == "money" and one.currency is None):
        return formats.number(one.value)
    return painter(column, formats)([one.value], [one.currency])[0]


def kind_of(figure: Figure, column: Column | None) -> str:
    """What a figure's values are: a count, a share, or as the column's own; between whole numbers there are others."""
    if figure.function in ("count", "distinct"):
        return "count"
    if figure.function == "share" or column is None:
        return "share"
    return "number" if figure.function in ("avg", "median") and column.kind == "whole" else column.kind


def muted(text: str) -> str:
    return f'<span class="muted">{html.escape(text)}</span>'


def value_said(figure: Figure, column: Column | None, one: Value, formats: Formats) -> str:
    """A figure as plain text."""
    if one.value is not None and one.currency and kind_of(figure, column) == "money":
        return formats.money(one.value, one.currency)
    return html.unescape(re.sub(r"<[^>]*>", "", value_words(figure, column, one, formats)))
