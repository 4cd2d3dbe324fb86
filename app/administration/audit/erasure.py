"""Erasing a person from the log: what acts said of him goes, that they happened stays, and so does the chain."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from sqlalchemy import Connection, text

from app.core import audit, chain
from tenants import current

CALLED = """
    select x.said ->> w.word
      from (select to_jsonb(u) as said from users u where u.tenant_id = :tenant and u.id = :user
            union all select unnest(array[a.before, a.after]) from audit a
                       where a.tenant_id = :tenant and a.record = 'user' and a.record_id = :user) x,
           (values ('email'), ('name'), ('phone')) w (word)
     where x.said ->> w.word <> ''"""
"""What a person is called, and was."""
SAYING = """
    select a.id, a.record = 'user' and a.record_id = :user as is_own, lower(concat(a.before, ' ', a.after)) as said
      from audit a where a.tenant_id = :tenant and (a.before is not null or a.after is not null)"""


def erase_person(connection: Connection, user_id: uuid.UUID) -> list[int]:
    """Empty every row that speaks of a person, as the owner of the tables; the rows' numbers. His id stays."""
    tenant = current.tenant_id()
    numbers = chain.erase(connection, tenant, list(_rows_about(connection, user_id)))
    audit.write(connection, tenant, chain.ERASED, record="user", record_id=user_id, after={"rows": numbers})
    return numbers


def _rows_about(connection: Connection, user_id: uuid.UUID) -> Iterator[uuid.UUID]:
    values = {"tenant": current.tenant_id(), "user": user_id}
    words = {_as_kept(word) for word in connection.execute(text(CALLED), values).scalars()}
    of_him = re.compile(
        "|".join(rf"(?<![\w.+-]){re.escape(one)}(?![\w-])" for one in sorted(words)) or "(?!)"
    )
    for row in connection.execute(text(SAYING), values):
        if row.is_own or of_him.search(row.said):
            yield row.id


def _as_kept(word: str) -> str:
    """As it stands in a row: small, and as JSON writes what it has to write otherwise."""
    return word.lower().replace("\\", "\\\\").replace('"', '\\"')
