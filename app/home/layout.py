"""Which widgets a home page has, and where: by the organization's view, or as the person has put them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app import claim_reports
from app.core.errors import Unacceptable
from app.core.text import LazyText, _, _l
from app.home import deadlines
from app.home.mailbox import placing
from app.reports import contacts
from app.reports.asking import state_with
from app.reports.columns import columns_of
from app.reports.source import SOURCES
from permissions import Viewer

TOP, MAIN, SIDE, HIDDEN = "top", "main", "side", "hidden"
OFF, LOCKED = "off", "locked"
"""What a broker sets for an organization besides: widgets that nobody of it has, and that nobody of it moves any."""
PLACES = {TOP: _l("Across the page"), MAIN: _l("Main column"), SIDE: _l("Side column")}
CARETAKERS = ("account_manager", "clerk", "claims_handler")
FIGURES = ("contract", "claim", "invoice", "object")

Layout = dict[str, list[str]]
"""Widgets by place, those that are hidden too."""


def _is_client(viewer: Viewer) -> bool:
    return not viewer.is_staff


def _has(record: str, *fields: str) -> Callable[[Viewer], bool]:
    """Whether a profile has the overview of these records, and a column of these if any are named."""

    def has(viewer: Viewer) -> bool:
        source = SOURCES[record]
        columns = columns_of(source, viewer.rights)
        return (
            viewer.may(source.area)
            and bool(columns)
            and (not fields or any(map(columns.__contains__, fields)))
        )

    return has


def _has_figures(viewer: Viewer) -> bool:
    return any(_has(record)(viewer) for record in FIGURES)


def _has_deadlines(viewer: Viewer) -> bool:
    return any(
        deadlines.within(viewer, key, 1, *words) is not None
        for key, words in ((deadlines.LAST_DAY, ()), ("ends_on", deadlines.ending(viewer)))
    )


def _reports_claims(viewer: Viewer) -> bool:
    own = ("reported_by", str(viewer.user_id))
    return (
        _is_client(viewer)
        and state_with(viewer, SOURCES["claim"], own) is not None
        and _has("claim", *CLAIM)(viewer)
    )


def _looks_at_reports(viewer: Viewer) -> bool:
    return _is_client(viewer) and (claim_reports.may_report(viewer) or claim_reports.may_release(viewer))


def _has_contacts(viewer: Viewer) -> bool:
    known = contacts.caretakers(SOURCES["contract"], viewer)
    return (
        _is_client(viewer)
        and viewer.may(SOURCES["contract"].area)
        and any(map(known.__contains__, CARETAKERS))
    )


CLAIM = ("broker_number", "claim_type", "occurred_on", "status", "reserve")
CONTRACT = ("number", "line_of_business", "insurer", "premium_gross", "ends_on")


@dataclass(frozen=True)
class Widget:
    label: LazyText
    is_for: Callable[[Viewer], bool]
    """Whether a person's rights let him have it: else it is nowhere, not even to be chosen."""


WIDGETS = {
    "messages": Widget(_l("Messages from your broker"), _is_client),
    "claim_reports": Widget(_l("Claim reports that wait for you"), _looks_at_reports),
    "welcome": Widget(_l("Welcome"), _is_client),
    "figures": Widget(_l("Key figures"), _has_figures),
    "deadlines": Widget(_l("Next deadlines"), _has_deadlines),
    "own_claims": Widget(_l("Claims you reported"), _reports_claims),
    "claims": Widget(_l("Open claims"), _has("claim", *CLAIM)),
    "contracts": Widget(_l("Your contracts"), _has("contract", *CONTRACT)),
    "mailbox": Widget(_l("Mailbox"), placing.has_widget),
    "documents": Widget(_l("New documents"), _has("document", "title")),
    "contacts": Widget(_l("Your contacts"), _has_contacts),
}
STANDARD: dict[str, Layout] = {
    "overview": {
        TOP: ["messages", "claim_reports", "welcome", "figures"],
        MAIN: ["deadlines", "claims"],
        SIDE: ["mailbox", "documents", "contacts"],
        HIDDEN: ["own_claims", "contracts"],
    },
    "private": {
        TOP: ["messages", "claim_reports", "welcome"],
        MAIN: ["contracts", "claims"],
        SIDE: ["mailbox", "contacts", "documents"],
        HIDDEN: ["figures", "deadlines", "own_claims"],
    },
    "reporter": {
        TOP: ["messages", "claim_reports", "welcome"],
        MAIN: ["own_claims", "claims"],
        SIDE: ["mailbox", "contacts", "documents"],
        HIDDEN: ["figures", "deadlines", "contracts"],
    },
}
"""By the organization's view. Others have this one of `overview` where somebody prefers it to icons."""


def standard_of(view: str, of_broker: dict[str, Any] | None = None) -> Layout:
    """Where widgets are at the start: as the broker has set it for the organization, else as its view has them. What is
    off is nowhere; what came with a later release stands where the view has it."""
    standard = STANDARD.get(view, STANDARD["overview"])
    return _completed(of_broker, standard, set(of_broker.get(OFF, ()))) if of_broker else standard


def layout_of(
    viewer: Viewer, view: str, own: dict[str, Any] | None, of_broker: dict[str, Any] | None = None
) -> Layout:
    """Where a person's widgets are. What he put somewhere holds as long as the view is the one he did it in, the widget is
    not off, and the broker has locked nothing."""
    standard = standard_of(view, of_broker)
    is_his = own and own.get("view") == view and not is_locked(of_broker)
    there = {key for keys in standard.values() for key in keys}
    found = _completed(own if own and is_his else {}, standard, WIDGETS.keys() - there)
    return {place: [key for key in keys if WIDGETS[key].is_for(viewer)] for place, keys in found.items()}


def is_locked(of_broker: dict[str, Any] | None) -> bool:
    return bool(of_broker and of_broker.get(LOCKED))


def _completed(chosen: dict[str, Any], standard: Layout, without: Iterable[str]) -> Layout:
    """What is put somewhere, and everything else at its standard place."""
    known = {key for place in standard for key in chosen.get(place, ())} | set(without)
    return {
        place: [
            *(key for key in chosen.get(place, ()) if key in WIDGETS and key not in without),
            *(key for key in keys if key not in known),
        ]
        for place, keys in standard.items()
    }


def lines_of(placed: Layout, standard: Layout) -> dict[str, list[tuple[str, LazyText, bool]]]:
    """The editor's lines by place: a widget, its name, and whether it is shown. What is hidden waits where it would be."""
    home = {key: place if place != HIDDEN else SIDE for place, keys in standard.items() for key in keys}
    return {
        place: [
            *((key, WIDGETS[key].label, True) for key in placed[place]),
            *((key, WIDGETS[key].label, False) for key in placed[HIDDEN] if home.get(key, SIDE) == place),
        ]
        for place in PLACES
    }


def moved(lines: list[str], move: str) -> list[str]:
    """The lines, one of them further up or down if a button such as `tasks-down` says so."""
    key, _sign, way = move.rpartition("-")
    if key in lines:
        at = lines.index(key)
        to = min(max(at + (1 if way == "down" else -1), 0), len(lines) - 1)
        lines[at], lines[to] = lines[to], lines[at]
    return lines


def told(order: Iterable[str], shown: Iterable[str], move: str, offered: Layout) -> Layout:
    """A layout from a form: its lines in their order, in which a place begins with its own name; those that are
    ticked; and the line that is moved up or down. Unacceptable where it names nothing that is his."""
    his = {key for keys in offered.values() for key in keys}
    lines = [line for line in dict.fromkeys(order) if line in his or line in (MAIN, SIDE)]
    if not his & set(lines):
        raise Unacceptable({"order": _("This form is not complete. Open the page again and repeat it.")})
    for place in (MAIN, SIDE):
        if place not in lines:
            lines.append(place)
    if move.rpartition("-")[0] in his:
        moved(lines, move)
    ticked = set(shown)
    found: Layout = {place: [] for place in (TOP, MAIN, SIDE, HIDDEN)}
    place = TOP
    for line in lines:
        if line in (MAIN, SIDE):
            place = line
        else:
            found[place if line in ticked else HIDDEN].append(line)
    found[HIDDEN] += [key for key in his if key not in lines]
    return found
