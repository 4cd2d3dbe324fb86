"""What the widgets of the home page show: read through the same reports as everything else, so under the same rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.core.formats import NO_BREAK, formats_for
from app.core.text import _, _n, language
from app.home import deadlines
from app.home.layout import CARETAKERS, CLAIM, CONTRACT, HIDDEN, Layout
from app.home.mailbox.parts import ways
from app.home.tiles import OPEN_CLAIMS, OPEN_INVOICES, counted
from app.reports import contacts, query
from app.reports.asking import state_with, way_to
from app.reports.columns import columns_of
from app.reports.source import SOURCES, Source
from app.reports.table import plain_heads, rows_html, spots, table, words_of
from app.reports.totals import total
from permissions import Viewer

SHOWN = 5
CONTACTS = 4


def greeting(viewer: Viewer) -> str:
    title = {"mr": _("Mr"), "ms": _("Ms")}.get(viewer.salutation or "")
    if title:
        *before, last = viewer.name.split()
        # Only German says both, Frau and Dr.
        degrees = [part for part in before if part.endswith(".")] if language() == "de" else []
        # A line does not end between a title and its name.
        return _("Welcome, {name}", name=NO_BREAK.join([title, *degrees, last]))
    return _("Welcome, {name}", name=viewer.name)


def overview(connection: Connection, viewer: Viewer, layout: Layout) -> dict[str, list[tuple[str, Any]]]:
    """By place, the widgets that have something to show, each with what it shows. What is hidden is not read."""
    return {
        place: [
            (key, shown)
            for key in keys
            if key in CONTENT and (shown := CONTENT[key](connection, viewer)) is not None
        ]
        for place, keys in layout.items()
        if place != HIDDEN
    }


def subline(connection: Connection, viewer: Viewer) -> str:
    """The day, and how many deadlines are near: days to cancel by; for who does not see those, expiry dates."""
    today, days = formats_for(language()).day_long(viewer.today), deadlines.WITHIN[-1]
    to_cancel = deadlines.within(viewer, deadlines.LAST_DAY, days)
    found = to_cancel or deadlines.within(viewer, "ends_on", days, ("status", "own"))
    number = query.count(connection, viewer, SOURCES["contract"], found) if found else 0
    if not number:
        return today
    if to_cancel:
        return f"{today}. " + _n(
            "{n} contract reaches its last day to give notice within {days} days.",
            "{n} contracts reach their last day to give notice within {days} days.",
            number,
            n=counted(number),
            days=days,
        )
    return f"{today}. " + _n(
        "{n} contract expires within {days} days.",
        "{n} contracts expire within {days} days.",
        number,
        n=counted(number),
        days=days,
    )


def _figures(connection: Connection, viewer: Viewer) -> list[tuple[Any, ...]] | None:
    found = (
        _figure(connection, viewer, SOURCES["contract"], _("Contracts")),
        _sum(connection, viewer, SOURCES["contract"], "premium_net", _("Total annual premium")),
        _figure(connection, viewer, SOURCES["claim"], _("Open claims"), *OPEN_CLAIMS),
        _figure(connection, viewer, SOURCES["invoice"], _("Outstanding invoices"), *OPEN_INVOICES),
        _figure(connection, viewer, SOURCES["object"], _("Insured objects")),
    )
    return [figure for figure in found if figure] or None


def _deadlines(connection: Connection, viewer: Viewer) -> dict[str, Any] | None:
    found = deadlines.next_deadlines(connection, viewer)
    if not found:
        return None
    return {
        "next": found,
        "within": deadlines.ways(viewer),
        "calendar_url": deadlines.calendar_url(viewer),
    }


def _figure(
    connection: Connection, viewer: Viewer, source: Source, label: str, *words: tuple[str, str]
) -> tuple[Any, ...] | None:
    state = state_with(viewer, source, *words)
    if state is None or not state.columns:
        return None
    number = query.count(connection, viewer, source, state)
    return label, counted(number), None, None, way_to(viewer, source, state), None


def _sum(
    connection: Connection, viewer: Viewer, source: Source, key: str, label: str
) -> tuple[Any, ...] | None:
    state = state_with(viewer, source)
    column = columns_of(source, viewer.rights).get(key)
    if state is None or column is None or column.is_masked:
        return None
    found = total(connection, viewer, source, state, key)
    if found is None:
        return None
    without = (
        _("without {currencies}: no rate", currencies=", ".join(found.missing)) if found.missing else None
    )
    return (
        label,
        formats_for(language()).number(found.amount, 0),
        found.currency,
        without,
        f"/{source.plural}",
        None,
    )


def _table(
    connection: Connection,
    viewer: Viewer,
    record: str,
    title: str,
    keys: Iterable[str],
    *words: tuple[str, str],
    nothing: str | None = None,
) -> tuple[Any, ...] | None:
    """Title, address, table, and what is said instead of an empty one: without that there is none."""
    source = SOURCES[record]
    state = state_with(viewer, source, *words)
    columns = columns_of(source, viewer.rights)
    chosen = tuple(key for key in keys if key in columns)
    if state is None or not chosen:
        return None
    page = query.page(
        connection, replace(viewer, profile_currency=None), source, replace(state, columns=chosen, size=SHOWN)
    )
    way = way_to(viewer, source, state)
    if not page.rows:
        return (title, way, None, nothing) if nothing else None
    placed = spots(columns, chosen)
    rows = rows_html(source, placed, None, page.rows, 1 + page.key_count)
    return title, way, table(plain_heads(placed), rows, title), None


def _open_claims(connection: Connection, viewer: Viewer) -> tuple[Any, ...] | None:
    return _table(connection, viewer, "claim", _("Open claims"), CLAIM, *OPEN_CLAIMS)


def _own_claims(connection: Connection, viewer: Viewer) -> tuple[Any, ...] | None:
    """What he reported last comes first, however long ago it happened."""
    words = [("reported_by", str(viewer.user_id))]
    if viewer.may_read("claim", "reported_on"):
        words.append(("sort", "-reported_on"))
    nothing = _("You have not reported a claim yet.")
    return _table(connection, viewer, "claim", _("Claims you reported"), CLAIM, *words, nothing=nothing)


def _contracts(connection: Connection, viewer: Viewer) -> tuple[Any, ...] | None:
    return _table(connection, viewer, "contract", _("Your contracts"), CONTRACT)


def _contacts(connection: Connection, viewer: Viewer) -> list[contacts.Contact] | None:
    return contacts.of_stock(connection, viewer, SOURCES["contract"], CARETAKERS, CONTACTS) or None


def _documents(connection: Connection, viewer: Viewer) -> tuple[Any, ...] | None:
    source = SOURCES["document"]
    state = state_with(viewer, source)
    columns = columns_of(source, viewer.rights)
    if state is None or "title" not in columns:
        return None
    chosen = tuple(key for key in ("title", "document_type", "dated_on") if key in columns)
    page = query.page(connection, viewer, source, replace(state, columns=chosen, size=SHOWN))
    if not page.rows:
        return None
    formats, items = formats_for(language()), []
    for row in page.rows:
        values = dict(zip(chosen, page.values(row), strict=True))
        kind = (
            words_of(columns["document_type"], values["document_type"], None, formats)
            if "document_type" in values
            else None
        )
        day = (
            words_of(columns["dated_on"], values["dated_on"], None, formats) if "dated_on" in values else None
        )
        items.append((values["title"], kind, day, f"/documents/{row[0]}"))
    return _("New documents"), "/documents", items


CONTENT: dict[str, Callable[[Connection, Viewer], Any]] = {
    "figures": _figures,
    "deadlines": _deadlines,
    "own_claims": _own_claims,
    "claims": _open_claims,
    "contracts": _contracts,
    "mailbox": ways,
    "documents": _documents,
    "contacts": _contacts,
}
"""Of each widget that shows records, what it shows; None where there is nothing."""
