"""What the home page shows: read through the same reports as everything else, so under the same rights."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import _, _n, language
from app.reports import contacts, query
from app.reports.columns import columns_of
from app.reports.source import SOURCES, Source
from app.reports.state import Problems, State, read
from app.reports.table import plain_heads, rows_html, spots, table, words_of
from app.reports.totals import total
from permissions import Viewer

OPEN_CLAIMS = ("status", "reported,open,in_clarification")
OPEN_INVOICES = ("status", "open,overdue")
DEADLINE_DAYS = 90
SHOWN = 5
CONTACTS = 4
TILES = ("contract", "object", "claim", "document", "policyholder", "invoice", "certificate", "case")


def state_with(viewer: Viewer, source: Source, *words: tuple[str, str]) -> State | None:
    """The state of an overview with these words; None when the viewer's profile does not reach that far."""
    if not viewer.may(source.area):
        return None
    problems = Problems()
    state = read(words, columns_of(source, viewer.rights), source.sort, (), problems)
    return None if problems else state


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
    expiring = _expiring(viewer)
    return {
        "subline": _subline(connection, viewer, expiring),
        "figures": [figure for figure in _figures(connection, viewer) if figure],
        "deadlines": _deadlines(connection, viewer, expiring) if expiring else [],
        "deadlines_url": expiring.address("/contracts") if expiring else None,
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


def _subline(connection: Connection, viewer: Viewer, expiring: State | None) -> str:
    today = formats_for(language()).day_long(viewer.today)
    number = query.count(connection, viewer, SOURCES["contract"], expiring) if expiring else 0
    if not number:
        return today
    return f"{today}. " + _n(
        "{n} contract expires within {days} days.",
        "{n} contracts expire within {days} days.",
        number,
        n=counted(number),
        days=DEADLINE_DAYS,
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
    return label, counted(number), None, None, state.address(f"/{source.plural}"), None


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


def _expiring(viewer: Viewer) -> State | None:
    """The contracts in force that end soon, the next one first."""
    until = viewer.today + datetime.timedelta(days=DEADLINE_DAYS)
    state = state_with(
        viewer,
        SOURCES["contract"],
        ("ends_on.ge", str(viewer.today)),
        ("ends_on.le", str(until)),
        ("status", "own"),
        ("sort", "ends_on"),
    )
    return state if state and "number" in columns_of(SOURCES["contract"], viewer.rights) else None


def _deadlines(connection: Connection, viewer: Viewer, expiring: State) -> list[tuple[Any, ...]]:
    source = SOURCES["contract"]
    columns = columns_of(source, viewer.rights)
    chosen = [key for key in ("ends_on", "number", "line_of_business", "policyholder") if key in columns]
    page = query.page(
        connection,
        replace(viewer, profile_currency=None),
        source,
        replace(expiring, columns=tuple(chosen), size=SHOWN),
    )
    formats, found = formats_for(language()), []
    for row in page.rows:
        values = dict(zip(chosen, page.values(row), strict=True))
        day, month = formats.day_and_month(values["ends_on"])
        left = (values["ends_on"] - viewer.today).days
        words = [words_of(columns[key], values[key], None, formats) for key in chosen[1:] if values.get(key)]
        name = (
            words_of(columns["line_of_business"], values["line_of_business"], None, formats)
            if values.get("line_of_business")
            else words[0]
        )
        tone = "critical" if left <= 14 else "warning" if left <= 30 else None
        found.append(
            (
                day,
                month,
                tone,
                name,
                " · ".join(word for word in words if word != name),
                _n("in {n} day", "in {n} days", left),
                f"/contracts/{row[0]}",
            )
        )
    return found


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
    return title, state.address(f"/{source.plural}"), table(plain_heads(placed), rows, title)


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
