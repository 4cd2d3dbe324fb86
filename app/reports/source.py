"""What a slice offers to reports: its schema, its table, and how its records are named and reached."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Date, Subquery, Table, Text, Uuid, bindparam, text

from app.core.db import Base
from app.core.history import history_of
from app.core.schema import Label, RecordSchema
from app.core.text import _l
from permissions import Area, Function
from tenants.scopes import VISIBLE

TENANT = bindparam("tenant", type_=Uuid())
USER = bindparam("user", type_=Uuid())
MANDATES = bindparam("mandates", type_=ARRAY(Uuid()))
TAGS = bindparam("tags", type_=ARRAY(Text()))
TODAY = bindparam("today", type_=Date())
"""Who looks, and when: bound for every query."""

Condition = Callable[[Any], ColumnElement[bool]]
"""Takes the source's table (an alias of it), gives a condition on its rows."""
Computed = Callable[[Callable[[str], Any]], ColumnElement[Any]]
"""Takes what gives the columns of a row by name, gives what is computed from them; may ask for TODAY."""


@dataclass(frozen=True)
class Note:
    """A sentence that a record's page opens with."""

    title: str
    text: str
    tone: str | None
    icon: str


@dataclass(frozen=True)
class Related:
    """Records of another type that belong to this one: shown on its page, and the way from there.

    `field` is the other record's reference to this one. Where both are tied by a table of links, `link` names
    it; it has a column for each.
    """

    record: str
    field: str
    link: str | None = None


DATA_SHEET = _l("Data sheet")


class Door(NamedTuple):
    """Something to do with a record: the function it needs, its words, the address below the record's, the icon.
    `of` names a record type that belongs to the record, which the viewer must be able to go to as well."""

    function: Function
    label: Label
    path: str
    icon: str
    of: str | None = None


@dataclass(frozen=True, eq=False)
class Source:
    """One record type as reports see it. Everything else is read off the schema.

    title       fields that name a record, in order; the first one is its heading
    sort        order of the overview, `-` for descending
    keys        stored sort keys by field, columns of the table and of its visible table
    computed    how each field that is derived from others is computed
    money       the amount that is converted into the profile currency
    valued_on   field of the day whose rate converts it when the organization chose the contract's start
    mine        column of the user who always sees the record, whatever his organization
    extra       further records a client sees beyond his scope
    mandated    what staff limited to mandates see
    seen        what clients see, for record types that no visible table knows
    related     what belongs to a record; `links` names the table behind each field of several references
    figures     amounts that stand large at the head of a record's page, in this order
    opening     the sentence its page opens with, if any: from the values the viewer may read, and today
    doors       what can be done with a record, besides printing its data sheet
    sheet       what that is called
    entrance    the way to a new record, beside the overview
    has_page    whether its records have the page that all records have, and a data sheet; else its slice has one
    rows        a query that stands in the table's place, with an id and columns of its own, if it is no table
    identity    the columns by which a row of that query is found, where finding it by its id would read them all
    """

    schema: type[RecordSchema]
    model: type[Base]
    area: Area
    title: tuple[str, ...]
    sort: str
    icon: str
    mandated: Condition
    keys: dict[str, str] = field(default_factory=dict)
    computed: dict[str, Computed] = field(default_factory=dict)
    money: str | None = None
    valued_on: str | None = None
    mine: str | None = None
    extra: Condition | None = None
    seen: Condition | None = None
    related: tuple[Related, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    doors: tuple[Door, ...] = ()
    sheet: Label = DATA_SHEET
    subtitle: str | None = None
    figures: tuple[str, ...] = ()
    opening: Callable[[Mapping[str, Any], datetime.date], Note | None] | None = None
    entrance: Door | None = None
    has_page: bool = True
    rows: Subquery | None = None
    identity: tuple[str, ...] = ("id",)

    @property
    def record(self) -> str:
        return self.schema.record

    @property
    def plural(self) -> str:
        return self.schema.plural

    @property
    def table(self) -> Table:
        return self.model.__table__ if self.rows is None else self.rows  # type: ignore[return-value]

    @property
    def past(self) -> Table | None:
        """The table of past states, if these records keep a history."""
        return history_of(self.table) if self.rows is None else None

    @property
    def visible(self) -> Table | None:
        """The stored answer of what a scope sees of this record type, if rules speak of it."""
        known = VISIBLE.get(self.record)
        return known.__table__ if known is not None else None  # type: ignore[attr-defined, no-any-return]


SOURCES: dict[str, Source] = {}
"""The sources of the running application by record type, filled once by the factory."""


def fill(sources: list[Source]) -> None:
    SOURCES.clear()
    SOURCES.update({source.record: source for source in sources})


def stored() -> dict[str, Source]:
    """Those that are records of their own, and no lists made of others."""
    return {record: source for record, source in SOURCES.items() if source.rows is None}


def rows_of(sql: str, name: str, /, **types: Any) -> Subquery:
    """A query as the rows of a source, with the types of its columns; `:tenant` and `:today` are at hand, and its rows
    have a tenant and an id."""
    binds = [bind for bind in (TENANT, TODAY) if f":{bind.key}" in sql]
    columns = {"tenant_id": Uuid(), "id": Uuid(), **types}
    return text(sql).bindparams(*binds).columns(**columns).subquery(name)
