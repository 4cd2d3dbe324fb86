"""The rows a report reads and the values of its columns, as SQL under the viewer's rights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)

from app.core.text import folded
from app.reports.columns import Column, columns_of
from app.reports.computed import Computed, ComputedField, columns_with
from app.reports.expressions.sql import currency_of, value_of
from app.reports.far import STEP, FarColumn
from app.reports.past import standing
from app.reports.reach import Reach, reachable_ids
from app.reports.source import SOURCES, TENANT, Source
from permissions import Rights
from tenants.models import User


class Rows:
    """A query under construction: the reachable rows, and whatever has to be joined to them on the way.

    With `is_each`, what is joined is looked up for each row by its key, for queries of few rows: without statistics
    of a young broker the server takes everything for one row, and goes through all of it for each row of a page.
    """

    def __init__(
        self,
        start: Reach,
        rights: Rights,
        how: str,
        *,
        is_each: bool = False,
        computed: tuple[Computed, ...] = (),
        valuation: str = "today",
    ) -> None:
        self.reach, self.source, self.t, self.how = start, start.source, start.t, how
        self.columns = columns_with(start.source, rights, computed)
        self.valuation = valuation
        self.rights, self.is_each = rights, is_each
        # Of past rows it is the table that says whether they existed.
        self.needs_table = start.v is None or start.is_past
        self.joins: dict[str, tuple[Any, ColumnElement[bool]]] = {}
        self.prefix = ""
        """Of rows that others refer to: the reference."""
        self.further: dict[str, Rows] = {}

    def far(self, reference: str) -> Rows:
        """The records that a reference leads to, as rows with rights of their own: nothing but empty values where the
        viewer does not reach that very record today. Joined when first asked for."""
        if reference in self.further:
            return self.further[reference]
        start, target = self.reach, SOURCES[self.columns[reference].field.to]
        name = f"far_{reference}"
        is_past = bool(start.moment) and target.past is not None
        table: Any = standing(target, name, start.moment) if is_past else target.table.alias(name)
        on = and_(table.c.tenant_id == TENANT, table.c.id == self.t.c[f"{reference}_id"])
        if is_past or self.how != "all":
            on = and_(on, table.c.id.in_(reachable_ids(target, self.how, f"{name}_seen")))
        # As with past rows themselves: a client's are looked up one by one.
        if self.is_each or (is_past and self.how == "scope"):
            table, on = each(table, on, self.t), true()
        self.needs_table = True
        self.joins[name] = (table, on)
        found = Rows(
            replace(start, source=target, t=table, v=None, conditions=[]),
            self.rights,
            self.how,
            is_each=self.is_each,
            valuation=self.valuation,
        )
        found.joins, found.prefix = self.joins, f"{reference}{STEP}"
        self.further[reference] = found
        return found

    def column(self, name: str) -> Any:
        """A stored column, from the visible table when it has it; or what is computed from such."""
        reference, step, name_there = name.partition(STEP)
        if step:
            return self.far(reference).column(name_there)
        if name in self.source.computed:
            return self.source.computed[name](self.column)
        if self.reach.v is not None and name in self.reach.v.c:
            return self.reach.v.c[name]
        self.needs_table = True
        return self.t.c[name]

    def from_clause(self) -> FromClause:
        start = self.reach.with_table() if self.needs_table or self.joins else self.reach.start
        for other, on in self.joins.values():
            start = start.outerjoin(other, on)
        return start

    def reference(self, column: Column) -> ColumnElement[str]:
        """The title of the record a column refers to; nothing where that record cannot be seen."""
        field, key = column.field, column.key
        target, name = SOURCES.get(field.to), f"{self.prefix}{key}"
        table: Any = (target.table if target else User.__table__).alias(f"r_{name}")
        self.needs_table = True
        if name not in self.joins:
            on = and_(table.c.tenant_id == TENANT, table.c.id == self.t.c[f"{key}_id"])
            if self.how == "scope" and target is not None and self._is_guarded(field.to):
                seen = table.c.id.in_(reachable_ids(target, "scope", f"g_{target.record}"))
                on = and_(on, seen if self._is_loose(field.to) else or_(seen, table.c.id == self._today(key)))
            if self.how == "mandates" and target is not None:
                on = and_(on, target.mandated(table))
            if self.is_each:
                table, on = each(table, on, self.t), true()
            self.joins[name] = (table, on)
        table = self.joins[name][0]
        return table.c.name if target is None else title_of(target, table, self.rights)

    def reference_id(self, column: Column) -> ColumnElement[Any]:
        """The id of the record a column refers to; empty where that record cannot be seen."""
        if isinstance(column, FarColumn):
            return self.far(column.near.key).reference_id(column.far)
        to = column.field.to
        if to not in SOURCES or self.how == "all" or (self.how == "scope" and not self._is_guarded(to)):
            return self.column(f"{column.key}_id")
        self.reference(column)
        return self.joins[f"{self.prefix}{column.key}"][0].c.id

    def _is_guarded(self, to: str) -> bool:
        # What a record pointed to once need not be the viewer's business; what it points to today he is shown.
        return self._is_loose(to) or (self.reach.is_past and SOURCES[to].visible is not None)

    def _today(self, key: str) -> Any:
        """What a past row's record points to today."""
        now = self.source.table.alias(f"now_{key}")
        today = select(now.c[f"{key}_id"]).where(now.c.tenant_id == TENANT, now.c.id == self.t.c.id)
        return today.correlate(self.t).scalar_subquery()

    def _is_loose(self, to: str) -> bool:
        # Whoever reported a claim sees it without its contract, and a case outlives it: what they point to
        # may lie outside the viewer's scope.
        return self.source.seen is not None or (self.source.mine is not None and to in ("contract", "object"))

    def value(self, column: Column) -> ColumnElement[Any]:
        """What a column shows, before any dressing; masked already here, so that the value never leaves."""
        if isinstance(column.field, ComputedField):
            return value_of(column.field.meaning, self)
        if isinstance(column, FarColumn):
            return self.far(column.near.key).value(column.far)
        if column.kind == "reference":
            shown = self.reference(column)
        else:
            shown = self.column(column.key)
        if not column.is_masked:
            return shown
        return masked(shown, has_tail=column.kind in ("text", "reference"))

    def shared(self, column: Column) -> ColumnElement[Any]:
        """What makes two rows the same in this column: a text in any spelling, a reference by its record."""
        if column.kind == "reference":
            return self.reference_id(column)
        value = self.value(column)
        return func.folded(value, type_=Text()) if column.kind == "text" else value

    def currency(self, column: Column) -> ColumnElement[str]:
        """The currency of an amount."""
        if isinstance(column.field, ComputedField):
            return currency_of(column.field.meaning, self)
        return self.column(column.field.currency)

    def sorting(self, key: str, *, is_heading: bool = False) -> ColumnElement[Any]:
        """What rows are ordered by. Under a heading stand those of one value, though others may be called the same."""
        column = self.columns[key]
        if isinstance(column, FarColumn):
            found = self.far(column.near.key).sorting(column.far.key, is_heading=is_heading)
            # What is never empty there is empty where there is no record.
            return type_coerce(found, found.type)
        if key in self.source.keys:
            return self.column(self.source.keys[key])
        value = self.value(column)
        if column.kind == "code":
            value = in_order_of_words(column, value)
        elif column.kind in ("text", "reference"):
            value = func.folded(value, type_=Text())
        if is_heading and column.kind in ("code", "reference"):
            value = value + literal("\x01") + cast(self.shared(column), Text())
        return value


def each(table: Any, on: ColumnElement[bool], of: FromClause) -> Any:
    """The one row of a table that belongs to a row of another, looked up for each."""
    return select(table).where(on).correlate(of).limit(literal_column("1")).lateral(table.name)


def title_of(source: Source, table: Any, rights: Rights) -> ColumnElement[str]:
    """A record's name: its title fields, as far as this profile reads them."""
    columns = columns_of(source, rights)
    first = columns.get(source.title[0])
    if first is None:
        return literal(None, Text())
    name = masked(table.c[first.key]) if first.is_masked else table.c[first.key]
    for more in source.title[1:]:
        if more in columns and not columns[more].is_masked:
            # Nothing of nothing: a record that is out of reach has no name, not an empty one.
            name = func.nullif(func.concat_ws(", ", name, table.c[more]), "")
    return name


def masked(value: ColumnElement[Any], *, has_tail: bool = True) -> ColumnElement[str]:
    """That there is a value, and of a long text its last four characters. Of an amount or a day, a code or a list,
    they would tell too much."""
    if not has_tail:
        return case((value.is_(None), None), else_=literal("•••"))
    text = cast(value, Text())
    return case(
        (value.is_(None), None),
        (func.length(text) >= 8, literal("••• ") + func.right(text, 4)),
        else_=literal("•••"),
    )


def in_order_of_words(column: Column, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A code by the word people read, in their language; one that has none by itself."""
    words = {code: literal(folded(column.field.words(code)), Text()) for code in column.field.codes}
    return case(words, value=value, else_=func.folded(value, type_=Text()))
