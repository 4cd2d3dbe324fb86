"""What a report can be about: the contracts somebody sees, their objects, and where those stand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from app.core.db import Base
from app.core.errors import NotFound
from app.core.formats import formats_for
from app.core.text import language
from app.objects import OBJECT_SOURCE
from app.reports import query
from app.reports.columns import columns_of
from app.reports.reach import bound, manner, reach
from app.reports.reading import Problems, read
from app.reports.record import one_row
from app.reports.source import TENANT, Source
from app.reports.table import words_of
from permissions import Viewer

SHOWN = 20
"""Contracts or objects found at once; more are found by further letters."""
MOST_PLACES = 6
LONGEST_SEARCH = 100
SAID = {
    "contract": ("number", "line_of_business", "product", "policyholder", "insurer"),
    "object": ("label", "kind", "street", "city", "policyholder"),
}
"""What tells one from another, its name first."""
ADDRESS = ("street", "postal_code", "city", "country")
PROPERTY = ("000", "08", "09", "10", "11", "12", "13", "14", "17", "21", "23", "291", "650")
"""Beginnings of the lines of business whose losses happen where the risk stands: fire, burglary, water, glass, storm,
household, buildings, engineering, what extends them, and packages of them."""

GROUND = """
    select k.policyholder_id, k.line_of_business, k.currency, k.claims_handler_id,
           coalesce(o.four_eyes_claims, false) as four_eyes, coalesce(o.reference_addresses, false) as has_addresses
      from contracts k
      left join organizations o on o.tenant_id = :tenant and o.id = :organization
     where k.tenant_id = :tenant and k.id = :contract"""


@dataclass(frozen=True)
class Found:
    """A contract or an object to choose."""

    id: uuid.UUID
    title: str
    sub: str


def ground_of(connection: Connection, viewer: Viewer, contract_id: uuid.UUID) -> Any:
    """What of a contract decides how a report on it goes; for no eyes but the portal's own."""
    values = {"tenant": viewer.tenant_id, "organization": viewer.organization_id, "contract": contract_id}
    return connection.execute(text(GROUND), values).one()


def find(
    connection: Connection,
    viewer: Viewer,
    source: Source,
    search: str = "",
    of: tuple[Source, uuid.UUID] | None = None,
    size: int = SHOWN,
) -> tuple[list[Found], bool]:
    """Those he sees with these letters in what he reads of them, and whether there are more; of another record only
    those that belong to it, which he must see himself."""
    if not viewer.may(source.area):
        return [], False
    columns = columns_of(source, viewer.rights)
    chosen = tuple(key for key in SAID[source.record] if key in columns and not columns[key].is_masked)
    if not chosen:
        return [], False
    words = [("q", search)] if search else []
    if of:
        words.append(("of", f"{of[0].record}:{of[1]}"))
    state = read(words, columns, source.sort, [of[0].record] if of else (), Problems())
    state = replace(state, columns=chosen, size=size)
    page = query.page(connection, replace(viewer, profile_currency=None), source, state)
    formats, found = formats_for(language()), []
    for row in page.rows:
        said = [
            words_of(columns[key], value, None, formats)
            for key, value in zip(chosen, page.values(row), strict=True)
            if value
        ]
        found.append(Found(row[0], said[0] if said else str(source.schema.noun), ", ".join(said[1:])))
    return found, bool(page.has_next)


def name_of(connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID) -> Found | None:
    """What he calls one; None where it is out of his sight."""
    columns = columns_of(source, viewer.rights)
    chosen = [key for key in SAID[source.record] if key in columns and not columns[key].is_masked]
    try:
        row = _row(connection, viewer, source, record_id)
    except NotFound:
        return None
    formats = formats_for(language())
    said = [words_of(columns[key], row[key], None, formats) for key in chosen if row.get(key)]
    return Found(record_id, said[0] if said else str(source.schema.noun), ", ".join(said[1:]))


def _row(connection: Connection, viewer: Viewer, source: Source, record_id: uuid.UUID) -> dict[str, Any]:
    if not viewer.may(source.area):
        raise NotFound
    return one_row(connection, viewer, source, record_id)


def risk_addresses(
    connection: Connection, viewer: Viewer, contract_id: uuid.UUID, ground: Any
) -> dict[str, Found]:
    """Where the objects of a contract stand that he sees, by their ids, for the lines of business that have such a
    place. Whoever does not read addresses of objects is offered them where his organization shows them for
    reference."""
    line = ground.line_of_business or ""
    parts = [name for name in ADDRESS if ground.has_addresses or viewer.may_read("object", name)]
    may_look = ground.has_addresses or viewer.may(OBJECT_SOURCE.area)
    if not (may_look and line.startswith(PROPERTY) and {"street", "city"} <= set(parts)):
        return {}
    found = reach(OBJECT_SOURCE, manner(viewer))
    links = Base.metadata.tables["contract_objects"].alias("links")
    t = found.t
    statement = (
        select(t.c.id, t.c.label, *(t.c[name] for name in parts))
        .select_from(found.with_table())
        .join(links, (links.c.tenant_id == TENANT) & (links.c.object_id == found.id))
        .where(*found.conditions, links.c.contract_id == bindparam("contract"), t.c.street.is_not(None))
        .order_by(t.c.label_key, t.c.id)
        .limit(MOST_PLACES)
    )
    places = {}
    for row in connection.execute(statement, {**bound(viewer), "contract": contract_id}).mappings():
        town = " ".join(str(row[name]) for name in ("postal_code", "city") if row.get(name))
        label = row["label"] if viewer.may_read("object", "label") else ""
        places[str(row["id"])] = Found(row["id"], ", ".join(filter(None, (row["street"], town))), label)
    return places
