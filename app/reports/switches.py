"""What can be done with a report, each to be switched off for a broker, an organization, a profile or one report.

A switched-off function is one that the viewer's rights lack: tenant and organization are taken off them on arrival,
a saved report when it is opened. Here stands what each governs: words of an address, and pages beside the overview.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.core.text import LazyText, _l
from app.reports.grouping import WORDS as GROUP_WORDS
from app.reports.grouping import Grouping
from app.reports.reading import KNOWN
from app.reports.saved.access import SAVE_REPORTS, SHARE_REPORTS, SUBSCRIBE
from app.reports.saved.documents import words_of
from app.reports.saved.opening import SAME
from permissions import Function, Rights, Viewer

Word = tuple[str, str]


@dataclass(frozen=True)
class ReportFunction(Function):
    """One that governs something of an address: `words` there, and `pages` beside the overview. What of it is refused
    is said at `control`."""

    words: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    control: str = ""


BAR = ReportFunction("report.bar", _l("Report bar"))
ACTIONS = ReportFunction("report.actions", _l("Action menu"))
SEARCH = ReportFunction("report.search", _l("Search"), words=("q",), control="search")
FILTER = ReportFunction(
    "report.filter",
    _l("Filters"),
    words=("match", "where"),
    pages=("conditions", "values", "rule"),
    control="filter",
)
"""Its words are also all those that no other function knows: the names of fields."""
ROWS = ReportFunction("report.rows", _l("Rows per page"), words=("rows", "limit"), control="rows")
AS_OF = ReportFunction("report.as_of", _l("Past data"), words=("as_of",), pages=("changes",), control="as_of")
COLUMNS = ReportFunction(
    "report.columns",
    _l("Choose, order and name columns"),
    words=("columns", "fields", "titled", "wide", "frozen", "density"),
    pages=("columns",),
    control="columns",
)
SORT = ReportFunction("report.sort", _l("Sort order"), words=("sort",), control="sort")
BREAKS = ReportFunction("report.breaks", _l("Break"), words=("break",), control="break")
TOTALS = ReportFunction("report.totals", _l("Totals and figures"), words=("total",), control="total")
COMPUTE = ReportFunction(
    "report.compute", _l("Computed column"), words=("compute",), pages=("compute",), control="compute"
)
HIGHLIGHT = ReportFunction(
    "report.highlight", _l("Highlight"), words=("mark",), pages=("mark",), control="mark"
)
TILES = ReportFunction("report.tiles", _l("Tiles and single row"), words=("view",), control="view")
GROUPS = ReportFunction("report.groups", _l("Groups"), control="group")
CHART = ReportFunction("report.chart", _l("Chart"), control="group")
PIVOT = ReportFunction("report.pivot", _l("Pivot table"), control="group")
MAIL = Function("report.mail", _l("Email once"))
CSV = Function("report.csv", _l("Download as CSV"))
XLSX = Function("report.xlsx", _l("Download as Excel"))
PDF = Function("report.pdf", _l("Download as PDF"))

PARTS: dict[LazyText, tuple[Function, ...]] = {
    _l("Parts of the page"): (BAR, ACTIONS),
    _l("Finding"): (SEARCH, FILTER, ROWS, AS_OF),
    _l("Table"): (COLUMNS, SORT, BREAKS, TOTALS, COMPUTE, HIGHLIGHT),
    _l("Views"): (TILES, GROUPS, CHART, PIVOT),
    _l("Saved reports"): (SAVE_REPORTS, SHARE_REPORTS, SUBSCRIBE, MAIL),
    _l("Files"): (CSV, XLSX, PDF),
}
"""All that can be switched off, as people choose from it. The bar and the action menu are places: without them their
controls are not drawn, and what stands in them is switched off by itself."""

SWITCHES: dict[str, Function] = {one.key: one for part in PARTS.values() for one in part}
OWN = tuple(one for one in SWITCHES.values() if one not in (SAVE_REPORTS, SHARE_REPORTS, SUBSCRIBE))
"""Those that are declared here; the others belong to saved reports."""
FILES = {"csv": CSV, "xlsx": XLSX, "pdf": PDF}

GOVERNING = {word: one for one in SWITCHES.values() if isinstance(one, ReportFunction) for word in one.words}
BY_CONTROL = {one.control: one for one in GOVERNING.values()}
FREE = KNOWN - set(GOVERNING) - set(GROUP_WORDS) - {"off"}
"""Words that are nobody's to switch off: pages, the record an overview belongs to, the report that is opened."""


def off_after(shown: Iterable[str], on: Iterable[str], before: Iterable[str]) -> list[str]:
    """What is off after a form: of what it showed all that is not ticked, of everything else what was before."""
    asked = SWITCHES.keys() & set(shown)
    return sorted((SWITCHES.keys() & set(before)) - asked | asked - set(on))


def parts_with(off: Iterable[str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """All functions for a form: the parts they stand in, and of each key, words, and whether it is on."""
    return [
        (str(words), [(one.key, str(one.label), one.key not in off) for one in functions])
        for words, functions in PARTS.items()
    ]


def of_page(name: str) -> tuple[Function, ...]:
    """What a page beside the overview needs."""
    return tuple(one for one in OWN if isinstance(one, ReportFunction) and name in one.pages)


def is_on(rights: Rights, function: Function) -> bool:
    return function.key in rights.functions


@lru_cache(maxsize=2048)
def switched_off(rights: Rights) -> frozenset[ReportFunction]:
    """The functions with a say in addresses that somebody does not have."""
    return frozenset(
        one for one in OWN if isinstance(one, ReportFunction) and one.control and not is_on(rights, one)
    )


def view_of(grouping: Grouping) -> ReportFunction:
    """The function that shows groups in this way."""
    return CHART if grouping.chart else PIVOT if grouping.across else GROUPS


def may_look_behind(viewer: Viewer, grouping: Grouping) -> bool:
    """Whether somebody may go from a group to its rows: that is leaving the groups and filtering."""
    return viewer.may(FILTER) and viewer.may(view_of(grouping))


def obeyed(
    off: Iterable[ReportFunction], words: Iterable[Word], fixed: Mapping[str, Iterable[str]]
) -> tuple[list[Word], dict[str, LazyText]]:
    """The words of an address as somebody may say them who lacks these functions, and what is refused, by control.

    `fixed` is the saved report below the address: its words are its author's and stay, however little its reader may
    change. What a refused function governs is as the report says it, all of it together."""
    said, given = _by_place(words), _by_place(words_of(fixed))
    refused: dict[str, LazyText] = {}
    for place in sorted({*said, *given} - {"free"}):
        if _meant(said.get(place, [])) == _meant(given.get(place, [])):
            continue
        needed = {_function(place, some[place]) for some in (said, given) if _meant(some.get(place, []))}
        for one in needed & set(off):
            said[place] = given.get(place, [])
            refused[one.control] = _l(
                "Switched off here: {function}. The overview is shown without this change.",
                function=one.label,
            )
    return [word for some in said.values() for word in some], refused


def governing(name: str) -> ReportFunction | None:
    """The function that governs a word of an address which is not about groups; None for what nobody switches off."""
    return None if name in FREE else GOVERNING.get(name, FILTER)


def _by_place(words: Iterable[Word]) -> dict[str, list[Word]]:
    """The words of each function together; those of groups, charts and pivot tables are of one place."""
    found: dict[str, list[Word]] = {}
    for name, value in words:
        one = HIGHLIGHT if name == "off" and value.startswith("mark=") else governing(name)
        place = "group" if name in GROUP_WORDS else one.control if one else "free"
        found.setdefault(place, []).append((name, value))
    return found


def _meant(words: Iterable[Word]) -> list[Word]:
    """What words say, in whatever order; an empty one says nothing."""
    return sorted((SAME.get(name, name), value) for name, value in words if value)


def _function(place: str, words: Iterable[Word]) -> ReportFunction:
    if place == "group":
        names = {name for name, value in words if value}
        return CHART if "chart" in names else PIVOT if "across" in names else GROUPS
    return BY_CONTROL[place]
