"""Two values for every field of the catalogue, so that one can be exchanged for the other and nothing must show it.

Both look alike behind a mask: short ones show nothing, long ones end in the same four characters. A second record
of each type holds a value between the two, so that an order by the field would turn around.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from app.core.db import Base
from app.reports.source import Source
from tenants import current, visibility
from tests.factories import Make
from tests.factories.past import at, lived
from tests.security.stock import TAG
from tests.sources import SOURCES

SOON = visibility.today() + datetime.timedelta(days=10)
SOON = SOON if SOON.day <= 28 else SOON + datetime.timedelta(days=4)
"""A day that the home page warns of, and that exists in every year."""
WHILE_AGO, LATER, IN_BETWEEN, LATELY = "2026-01-10", "2026-02-10", "2026-02-20", "2026-03-10"
"""When the first records' states began; the third only exists while values are exchanged."""
CURRENCIES = ("EUR", "XTS", "CHF")
LINKS = {
    ("contract", "co_policyholders"): ("contract_policyholders", "contract_id", "policyholder_id"),
    ("object", "contracts"): ("contract_objects", "object_id", "contract_id"),
    ("case", "participants"): ("case_participants", "case_id", "user_id"),
}
"""Fields that are tables of links: the table, its column for this record and for the other."""
NUMBERS = {"latitude": (11, 19, 15), "longitude": (11, 19, 15), "year_built": (1911, 1999, 1955)}
STATES = {
    "contract": ("own", "dormant", "blocked"),
    "claim": ("open", "closed", "settled"),
    "invoice": ("open", "paid", "overdue"),
    "case": ("new", "done", "open"),
    "certificate": ("draft", "issued", "draft"),
}


@dataclass(frozen=True)
class Field:
    """One field of the catalogue."""

    record: str
    name: str

    def __str__(self) -> str:
        return f"{self.record}.{self.name}"

    @property
    def source(self) -> Source:
        return SOURCES[self.record]

    @property
    def declared(self) -> Any:
        return self.source.schema.field(self.name)

    @property
    def subject(self) -> str:
        return f"field:{self.record}.{self.name}"


def all_fields() -> list[Field]:
    return [Field(record, name) for record, source in SOURCES.items() for name in source.schema.declared()]


class Stage(Make):
    """A broker whose link tables can be rewritten, too."""

    def remove(self, name: str, **values: Any) -> None:
        rows = Base.metadata.tables[name]
        with current.acting_for(self.tenant_id), self.engine.begin() as connection:
            connection.execute(
                rows.delete().where(
                    rows.c.tenant_id == self.tenant_id,
                    *(rows.c[key] == value for key, value in values.items()),
                )
            )

    def settle(self, record: str, record_id: uuid.UUID) -> None:
        if record != "case":
            with current.acting_for(self.tenant_id), self.engine.begin() as connection:
                visibility.follow(connection, {record: [record_id]})


@dataclass
class World:
    """Two records of every type, both in view of one member who sees everything."""

    make: Stage
    organization: uuid.UUID
    """Sees both, and converts amounts by the day each contract began."""
    first: dict[str, uuid.UUID]
    second: dict[str, uuid.UUID]

    def values(self, field: Field) -> tuple[Any, Any, Any]:
        """The value the first record has, the one it gets instead, and the second record's between them."""
        declared, name = field.declared, field.name
        match declared.kind:
            case "text" | "long_text":
                return tuple(f"{word}-{field}-0001" for word in ("alpha", "zulu", "mike"))  # type: ignore[return-value]
            case "money" | "number" | "percent" | "whole" | "size":
                small = declared.kind in ("percent", "whole")
                return NUMBERS.get(name, (11, 99, 55) if small else (1111, 9999, 5555))
            case "day":
                # Beginnings lie in the past, so that they decide which day's rate converts an amount.
                start = datetime.date(SOON.year - (3 if name == "starts_on" else 0), SOON.month, 15)
                start = SOON if name == "ends_on" else start
                days = datetime.timedelta(days=180)
                return start, start.replace(year=start.year + 1), start + days
            case "moment":
                return tuple(datetime.datetime(y, 5, 5, tzinfo=datetime.UTC) for y in (2024, 2026, 2025))  # type: ignore[return-value]
            case "flag":
                return False, True, False
            case "currency":
                return CURRENCIES
            case "country":
                return "DE", "AT", "CH"
            case "code":
                if name == "status":
                    return STATES[field.record]
                short = [code for code in declared.codes if len(code) < 8] or list(declared.codes)
                short.sort(key=declared.words)
                return short[0], short[-1], short[len(short) // 2]
            case "words":
                return tuple([TAG, f"{word}-0001"] for word in ("alpha", "zulu", "mike"))  # type: ignore[return-value]
            case "details":
                return tuple({"area": f"{word} 0001"} for word in ("alpha", "zulu", "mike"))  # type: ignore[return-value]
            case "reference":
                ids = (self.first[self._kind(declared.to, 0)], self.second[self._kind(declared.to, 1)])
                return *ids, ids[1]
            case "references":
                one, two = self.first[self._kind(declared.to, 0)], self.second[self._kind(declared.to, 1)]
                return {one}, {one, two}, {two}
        raise AssertionError(f"no values for {field}")

    @staticmethod
    def _kind(to: str, number: int) -> str:
        return "user" if to in ("staff", "user") else to

    def put(self, record: str, record_id: uuid.UUID, values: dict[Field, Any]) -> None:
        """Store values of a record's fields, past every rule of the portal."""
        stored = {}
        for field, value in values.items():
            if field.declared.derived_from:
                continue  # It follows from the others.
            if (record, field.name) in LINKS:
                link, own, other = LINKS[record, field.name]
                # Whoever else takes part in a case goes on doing so.
                for one in self.values(field)[1]:
                    self.make.remove(link, **{own: record_id, other: one})
                for one in value:
                    self.make.row(link, **{own: record_id, other: one})
            else:
                stored[f"{field.name}_id" if field.declared.kind == "reference" else field.name] = value
        if stored:
            self.make.change(SOURCES[record].table.name, record_id, **stored)
        if any((record, field.name) in LINKS for field in values):
            self.make.settle(record, record_id)

    def exchange(self, fields: list[Field], which: int, records: dict[str, uuid.UUID] | None = None) -> None:
        """Give the first records their first (0) or their other (1) value of these fields; 2 is the second's."""
        for record, record_id in (records or self.first).items():
            if values := {field: self.values(field)[which] for field in fields if field.record == record}:
                self.put(record, record_id, values)
                if records is None and SOURCES[record].past is not None:
                    self._exchange_past(record, record_id, fields, bool(which))

    def give_past(self) -> None:
        """Let the first records have been otherwise in all that they are, a while ago."""
        for record, record_id in self.first.items():
            if record in SOURCES and SOURCES[record].past is not None:
                then = self._stored(record, all_fields(), 2)
                lived(
                    self.make,
                    SOURCES[record].table.name,
                    record_id,
                    (WHILE_AGO, then),
                    (LATER, {}),
                    since=LATELY,
                )

    def _stored(self, record: str, fields: list[Field], which: int) -> dict[str, Any]:
        """What the columns of a record hold for the values of fields."""
        return {
            f"{field.name}_id" if field.declared.kind == "reference" else field.name: self.values(field)[
                which
            ]
            for field in fields
            if field.record == record
            and (record, field.name) not in LINKS
            and not field.declared.derived_from
        }

    def _exchange_past(self, record: str, record_id: uuid.UUID, fields: list[Field], is_other: bool) -> None:
        """Let the fields have been otherwise a while ago, and have changed once more in between: a state of its own,
        from an import of its own. Or take both back."""
        past: Any = SOURCES[record].past
        own = (past.c.tenant_id == self.make.tenant_id, past.c.id == record_id)
        then = self._stored(record, fields, 1 if is_other else 2)
        if "number" in then and "number_key" in past.c:
            then["number_key"] = then["number"]
        between = self._stored(record, fields, 2)
        imported = self.make.row("imports", source="json", file_name="once-more.json", summary={})
        with current.acting_for(self.make.tenant_id), self.make.engine.begin() as connection:
            if then:
                connection.execute(past.update().where(*own, past.c.valid_from == at(WHILE_AGO)).values(then))
            connection.execute(past.delete().where(*own, past.c.valid_from == at(IN_BETWEEN)))
            later = (*own, past.c.valid_from == at(LATER))
            state = dict(connection.execute(past.select().where(*later)).mappings().one())
            connection.execute(
                past.update().where(*later).values(valid_to=at(IN_BETWEEN if is_other else LATELY))
            )
            if is_other:
                state |= {
                    **between,
                    "import_id": imported,
                    "valid_from": at(IN_BETWEEN),
                    "valid_to": at(LATELY),
                }
                connection.execute(past.insert().values(state))
