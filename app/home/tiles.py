"""The tiles of a home page: ways into the portal, those of its areas and some that lead to what is asked for most."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.core.formats import formats_for
from app.core.text import LazyText, _l, language
from app.home.deadlines import LAST_DAY, WITHIN
from app.reports import query
from app.reports.asking import state_with, way_to
from app.reports.source import SOURCES
from permissions import Viewer

Conditions = tuple[tuple[str, str], ...]
OPEN_CLAIMS: Conditions = (("status", "reported,open,in_clarification"),)
OPEN_INVOICES: Conditions = (("status", "open,overdue"),)


@dataclass(frozen=True)
class Tile:
    """A way to the records of a type, or to some of them."""

    record: str
    label: LazyText
    conditions: Callable[[Viewer], Conditions] = lambda viewer: ()


def _near(viewer: Viewer) -> Conditions:
    until = viewer.today + datetime.timedelta(days=WITHIN[-1])
    return ((f"{LAST_DAY}.ge", str(viewer.today)), (f"{LAST_DAY}.le", str(until)))


TILES = {
    "contracts": Tile("contract", _l("Contracts")),
    "objects": Tile("object", _l("Insured objects")),
    "claims": Tile("claim", _l("Claims")),
    "open_claims": Tile("claim", _l("Open claims"), lambda viewer: OPEN_CLAIMS),
    "documents": Tile("document", _l("Documents")),
    "policyholders": Tile("policyholder", _l("Policyholders")),
    "invoices": Tile("invoice", _l("Invoices")),
    "open_invoices": Tile("invoice", _l("Outstanding invoices"), lambda viewer: OPEN_INVOICES),
    "certificates": Tile("certificate", _l("Certificates")),
    "cases": Tile("case", _l("Cases")),
    "deadlines": Tile("contract", _l("Last days to give notice"), _near),
}
"""Those that a broker can choose from, by their keys."""
AREAS = (
    "contracts", "objects", "claims", "documents", "policyholders", "invoices", "certificates", "cases",
)  # fmt: skip
"""Those of a home page with all areas."""


def counted(number: int) -> str:
    words = formats_for(language()).integer(min(number, query.COUNTED_UP_TO))
    return words + ("+" if number > query.COUNTED_UP_TO else "")


def tiles(connection: Connection, viewer: Viewer, keys: Iterable[str]) -> list[tuple[Any, ...]]:
    """Symbol, name, number and address of each tile that the viewer's profile has something behind."""
    shown = []
    for tile in (TILES[key] for key in keys if key in TILES):
        source = SOURCES[tile.record]
        state = state_with(viewer, source, *tile.conditions(viewer))
        if state is not None and state.columns:
            number = query.count(connection, viewer, source, state)
            label = str(tile.label) if tile.conditions(viewer) else str(source.area.label)
            shown.append((source.icon, label, counted(number), way_to(viewer, source, state)))
    return shown
