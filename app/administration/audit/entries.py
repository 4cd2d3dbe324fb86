"""Rows of the audit as people read them: names as they are now, acts and fields in words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Row

from app.administration.audit.facts import Fact, facts_of, ids_in
from app.administration.audit.keyed import keyed_in, names_of_keys
from app.administration.audit.queries import Wanted, is_of_stock, names_of, rows_of
from app.administration.audit.words import PAGES, act_in_words, nobody, record_in_words
from app.core.formats import formats_for
from app.core.text import language
from app.reports.source import SOURCES

OF_A_RECORD = 50


@dataclass(frozen=True)
class Entry:
    """One act. Who is no more is called by his id."""

    id: uuid.UUID
    number: int | None
    moment: str
    actor_id: uuid.UUID | None
    who: str
    as_user_id: uuid.UUID | None
    as_whom: str | None
    code: str
    what: str
    kind: str | None
    record: str | None
    name: str | None
    url: str | None
    facts: list[Fact]


def entries_of(connection: Connection, rows: Iterable[Row[Any]], *, at_desk: bool = True) -> list[Entry]:
    """`at_desk` is for those who see all of the broker's stock: what acts name by key is called by its name."""
    rows = list(rows)
    ids = {row.record_id for row in rows if row.record_id is not None}
    for row in rows:
        ids.update(ids_in([row.before, row.after]))
    names: dict[Any, str] = {**names_of(connection, ids)}
    if at_desk:
        said = [one for row in rows for one in (row.before, row.after)]
        names |= names_of_keys(connection, keyed_in("", said))
    formats, pages = formats_for(language()), _pages()
    return [
        Entry(
            id=row.id,
            number=row.number,
            moment=formats.moment(row.at),
            actor_id=row.actor_id,
            who=row.actor or (str(row.actor_id) if row.actor_id else nobody()),
            as_user_id=row.as_user_id,
            as_whom=row.as_user or (str(row.as_user_id) if row.as_user_id else None),
            code=row.act,
            what=act_in_words(row.act),
            kind=row.record,
            record=record_in_words(row.record) if row.record else None,
            name=_name(row, names),
            url=_url(row, pages, names),
            facts=facts_of(row.before, row.after, names),
        )
        for row in rows
    ]


def of_record(connection: Connection, record: str, record_id: uuid.UUID) -> list[Entry]:
    """What was done to a thing, newest first, for the page that shows it."""
    return entries_of(connection, rows_of(connection, Wanted(record=record, ids=[record_id]), OF_A_RECORD))


def _name(row: Row[Any], names: dict[Any, str]) -> str | None:
    """What a thing is called; one that is no more, what it was called when the act was noted."""
    if row.record_id in names:
        return names[row.record_id]
    said = {**(row.before or {}), **(row.after or {})}
    for word in ("name", "key"):
        if not is_of_stock(row.record) and isinstance(said.get(word), str):
            return said[word]
    return str(row.record_id) if row.record_id and row.act != "import" else None


def _pages() -> set[str]:
    """The records of the desk that have a page in this portal."""
    rules = {
        re.sub(r"<uuid:\w+>", "<id>", rule.rule)
        for rule in current_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
    }
    return {record for record, path in PAGES.items() if f"/{path}/<id>" in rules}


def _url(row: Row[Any], pages: set[str], names: dict[Any, str]) -> str | None:
    if row.record_id is None or row.act == "import":
        return None
    if is_of_stock(row.record):
        return f"/{SOURCES[row.record].plural}/{row.record_id}"
    return f"/{PAGES[row.record]}/{row.record_id}" if row.record in pages and row.record_id in names else None
