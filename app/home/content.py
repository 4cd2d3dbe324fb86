"""What the home page shows: read through the same reports as everything else, so under the same rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.home import deadlines
from app.reports import contacts, query
from app.reports.asking import state_with, way_to
from app.reports.columns import columns_of
from app.reports.source import SOURCES, Source
from app.reports.table import plain_heads, rows_html, spots, table, words_of
from app.reports.totals import total
from permissions import Viewer

OPEN_CLAIMS = ("status", "reported,open,in_clarification")
OPEN_INVOICES = ("status", "open,overdue")
SHOWN = 5
CONTACTS = 4
TILES = ("contract", "object", "claim", "document", "policyholder", "invoice", "certificate", "case")


def greeting(viewer: Viewer) -> str:
    title = {"mr": _("Mr"), "ms": _("Ms")}.get(viewer.salutation or "")
    if title:
        *before, last = viewer.name.split()
        # Only German says both, Frau and Dr.
        degrees = [part for part in before if part.endswith(".")] if language() == "de" else []
        return _("Welcome, {name}", name=" ".join([title, *degrees, last]))
    return _("Welcome, {name}", name=viewer.name)


def counted(number: int) -> str:
    words = formats_for(language()).integer(min(number, query.COUNTED_UP_TO))
    return words + ("+" if number > query.COUNTED_UP_TO else "")


def overview(connection: Connection, viewer: Viewer) -> dict[str, Any]:
    return {
        "subline": _subline(connection, viewer),
        "figures": [figure for figure in _figures(connection, viewer) if figure],
        "deadlines": deadlines.next_deadlines(connection, viewer),
        "deadlines_within": deadlines.ways(viewer),
        "calendar_url": deadlines.calendar_url(viewer),
        "cards": [card for card in (_open_claims(connection, viewer),) if card],
        "rows_cards": [card for card in (_documents(connection, viewer),) if card],
        "team": contacts.of_stock(
            connection, viewer, SOURCES["contract"], ("account_manager", "clerk", "claims_handler"), CONTACTS
        ),
    }


def tiles(connection: Connection, viewer: Viewer) -> dict[str, Any]:
    shown = []
    for source in map(SOURCES.__getitem__, TILES):
        state = state_with(viewer, source)
        if state is not None and state.columns:
            number = query.count(connection, viewer, source, state)
            shown.append((source.icon, str(source.area.label), counted(number), f"/{source.plural}"))
    return {"subline": None, "tiles": shown}


def _subline(connection: Connection, viewer: Viewer) -> str:
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


def _figures(connection: Connection, viewer: Viewer) -> Iterable[tuple[Any, ...] | None]:
    yield _figure(connection, viewer, SOURCES["contract"], _("Contracts"))
    yield _sum(connection, viewer, SOURCES["contract"], "premium_net", _("Total annual premium"))
    yield _figure(connection, viewer, SOURCES["claim"], _("Open claims"), OPEN_CLAIMS)
    yield _figure(connection, viewer, SOURCES["invoice"], _("Outstanding invoices"), OPEN_INVOICES)
    yield _figure(connection, viewer, SOURCES["object"], _("Insured objects"))


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


def _open_claims(connection: Connection, viewer: Viewer) -> tuple[Any, ...] | None:
    source = SOURCES["claim"]
    state = state_with(viewer, source, OPEN_CLAIMS)
    columns = columns_of(source, viewer.rights)
    if state is None:
        return None
    chosen = tuple(
        key for key in ("broker_number", "claim_type", "occurred_on", "status", "reserve") if key in columns
    )
    if not chosen:
        return None
    page = query.page(
        connection, replace(viewer, profile_currency=None), source, replace(state, columns=chosen, size=SHOWN)
    )
    if not page.rows:
        return None
    placed = spots(columns, chosen)
    rows = rows_html(source, placed, None, page.rows, 1 + page.key_count)
    title = _("Open claims")
    return title, way_to(viewer, source, state), table(plain_heads(placed), rows, title)


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
