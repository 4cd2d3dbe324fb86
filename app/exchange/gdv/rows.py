"""The rows made of one package, kept out of memory: a delivery may be larger than that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

PLURALS = ("insurers", "policyholders", "contracts", "objects", "invoices", "claims")
"""In the order in which an import needs them."""

Row = dict[str, Any]


class Rows(Mapping[str, list[Row]]):
    """Rows by plural record type and key, in the order in which they came, each with the line it came from.

    They live in a temporary database of SQLite, which stays in memory while it is small and goes to a file that
    nobody else sees when it is not.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("pragma journal_mode = off")
        self._db.execute(
            "create table rows (id integer primary key, plural, key, line, row, unique (plural, key))"
        )

    def put(self, plural: str, row: Row, line: int) -> None:
        """Keep a row. One that replaces another of its key keeps that one's place and line."""
        self._db.execute(
            "insert into rows (plural, key, line, row) values (?, ?, ?, ?)"
            " on conflict do update set row = excluded.row",
            (plural, row["key"], line, orjson.dumps(row)),
        )

    def find(self, plural: str, key: str) -> Row | None:
        """The row with this key."""
        found = self._db.execute(
            "select row from rows where plural = ? and key = ?", (plural, key)
        ).fetchone()
        return orjson.loads(found[0]) if found else None

    def has(self, plural: str, key: str) -> bool:
        return bool(
            self._db.execute("select 1 from rows where plural = ? and key = ?", (plural, key)).fetchone()
        )

    def numbered(self, plural: str) -> Iterator[tuple[int, Row]]:
        """Each row with its number among all rows, one by one."""
        cursor = self._db.execute("select id, row from rows where plural = ? order by id", (plural,))
        return ((number, orjson.loads(row)) for number, row in cursor)

    def place(self, number: int) -> tuple[str, int]:
        """The key of a numbered row, and the line it came from."""
        return self._db.execute("select key, line from rows where id = ?", (number,)).fetchone()

    def counts(self) -> dict[str, int]:
        """How many rows there are, per plural record type."""
        found = dict(self._db.execute("select plural, count(*) from rows group by plural"))
        return {plural: found[plural] for plural in PLURALS if plural in found}

    def __del__(self) -> None:
        self._db.close()

    def __getitem__(self, plural: str) -> list[Row]:
        found = [row for _number, row in self.numbered(plural)]
        if not found:
            raise KeyError(plural)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts())

    def __len__(self) -> int:
        return len(self.counts())
