"""The chain through a broker's audit: each row has a number and a hash that follows from all rows before it, so that
whoever edits, deletes, inserts or moves one by hand is found."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, TenantOwned

ERASED = "audit.erased"
"""The act that names the rows whose values were taken out, by their numbers."""


class AuditSeal(TenantOwned, Base):
    """A row's place in the chain. The web role may insert and read, nothing else."""

    __tablename__ = "audit_seals"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """From 1, without a gap."""
    row_id: Mapped[uuid.UUID]
    digest: Mapped[bytes]
    """Of what the row said before and after. It stays when they are erased."""
    hash: Mapped[bytes]

    __table_args__ = (Index("uq_audit_seals_row_id", "tenant_id", "row_id", unique=True),)


DIGEST = "sha256(a.salt || convert_to(jsonb_build_array(a.before, a.after)::text, 'UTF8'))"
TOLD = """jsonb_build_array(
    a.id, (extract(epoch from a.at) * 1000000)::bigint, a.actor_id, a.as_user_id, a.act, a.record, a.record_id)::text"""
"""A row as it is hashed: no names, only ids; what stood in it comes in by its digest."""

LOCK = "select pg_advisory_xact_lock(hashtextextended(%(tenant)s, 13))"
UNSEALED = f"""
    select a.id, {DIGEST}, {TOLD}, head.number, head.hash
      from audit a
      left join (select s.number, s.hash from audit_seals s
                  where s.tenant_id = %(tenant)s order by s.number desc limit 1) head on true
     where a.tenant_id = %(tenant)s and a.id = any(%(ids)s)
     order by a.id"""
SEAL = """
    insert into audit_seals (tenant_id, number, row_id, digest, hash)
    select %(tenant)s, * from unnest(
        %(numbers)s::bigint[], %(rows)s::uuid[], %(digests)s::bytea[], %(hashes)s::bytea[])"""
WAITING = "unsealed rows of the audit"


def linked(head: bytes, number: int, digest: bytes, told: str) -> bytes:
    """The hash of a row, which follows from the one before it."""
    return hashlib.sha256(head + f"{number} {digest.hex()} {told}".encode()).digest()


def seal_at_commit(connection: Connection, tenant_id: uuid.UUID, row_id: uuid.UUID) -> None:
    """Chain a row of this transaction with its last statements, just before the commit.

    Whoever comes next waits for that moment only, and for no long transaction that wrote a row early on."""
    connection.info.setdefault(WAITING, {}).setdefault(tenant_id, []).append(row_id)
    if not event.contains(connection, "commit", _seal):
        event.listen(connection, "commit", _seal)
        event.listen(connection, "rollback", _forget)


def _forget(connection: Connection) -> None:
    connection.info.pop(WAITING, None)


def _seal(connection: Connection) -> None:
    for tenant_id, ids in connection.info.pop(WAITING, {}).items():
        connection.exec_driver_sql(LOCK, {"tenant": str(tenant_id)})
        # What a savepoint took back is not among them any more.
        found = connection.exec_driver_sql(UNSEALED, {"tenant": tenant_id, "ids": ids}).all()
        sealed: dict[str, list[Any]] = {"numbers": [], "rows": [], "digests": [], "hashes": []}
        number, head = (found[0][3] or 0, found[0][4] or b"") if found else (0, b"")
        for row_id, digest, told, *_head in found:
            number, head = number + 1, linked(head, number + 1, digest, told)
            for column, value in zip(sealed.values(), (number, row_id, digest, head), strict=True):
                column.append(value)
        connection.exec_driver_sql(SEAL, {"tenant": tenant_id, **sealed})


OUTSIDE = """
    select a.id from audit a
     where a.tenant_id = %(tenant)s and not exists (
           select 1 from audit_seals s where s.tenant_id = %(tenant)s and s.row_id = a.id)
     order by a.id"""


def take_in(connection: Connection, tenant_id: uuid.UUID) -> list[uuid.UUID]:
    """Chain the rows that stand outside, as those a release before the chain wrote while it was replaced; their ids,
    which the caller has to note."""
    ids = list(connection.exec_driver_sql(OUTSIDE, {"tenant": tenant_id}).scalars())
    for row_id in ids:
        seal_at_commit(connection, tenant_id, row_id)
    return ids


@dataclass(frozen=True)
class Verdict:
    """What looking through a chain came to."""

    rows: int
    head: bytes
    """The last row's hash. Kept elsewhere, it proves later that nothing before it was written anew."""
    fault: str | None = None
    """What is wrong with the first row that is: missing, changed, unchained, emptied or added."""
    number: int | None = None
    row_id: uuid.UUID | None = None


EVERYTHING = f"""
    select s.number, s.row_id, s.digest, s.hash, a.id, a.salt is null, {DIGEST}, {TOLD},
           case when a.act = '{ERASED}' then a.after -> 'rows' end,
           a.before is null and a.after is null
      from (select * from audit_seals where tenant_id = %(tenant)s) s
      full join (select * from audit where tenant_id = %(tenant)s) a on a.id = s.row_id
     order by s.number nulls last, a.id"""


def verify(connection: Connection, tenant_id: uuid.UUID, noted: dict[int, bytes] | None = None) -> Verdict:
    """Look through a broker's whole chain; `noted` are hashes, by number, that were kept elsewhere."""
    count, head, noted = 0, b"", noted or {}
    emptied: dict[int, uuid.UUID] = {}
    named: set[int] = set()
    streamed = connection.execution_options(stream_results=True, yield_per=2000)
    for (number, sealed_id, digest, sealed, row_id, is_erased, now, told, rows, is_empty) in streamed.exec_driver_sql(
        EVERYTHING, {"tenant": tenant_id}
    ):  # fmt: skip
        if number is None:
            return Verdict(count, head, "added", None, row_id)
        if number != count + 1 or row_id is None:
            return Verdict(count, head, "missing", count + 1, sealed_id if number == count + 1 else None)
        if (not is_empty) if is_erased else now != digest:
            return Verdict(count, head, "changed", number, row_id)
        follows = linked(head, number, digest, told)
        if follows != sealed:
            return Verdict(count, head, "unchained", number, row_id)
        if noted.get(number, sealed) != sealed:
            return Verdict(count, head, "rewritten", number, row_id)
        count, head = number, sealed
        if is_erased:
            emptied[number] = row_id
        named.update(rows or ())
    for number, row_id in emptied.items():
        if number not in named:
            return Verdict(count, head, "emptied", number, row_id)
    if noted and max(noted) > count:
        return Verdict(count, head, "missing", count + 1)
    return Verdict(count, head)


ERASE = """
    update audit set before = null, after = null, salt = null
     where tenant_id = %(tenant)s and id = any(%(ids)s) and salt is not null"""
NUMBERS = (
    "select number from audit_seals where tenant_id = %(tenant)s and row_id = any(%(ids)s) order by number"
)


def erase(connection: Connection, tenant_id: uuid.UUID, ids: list[uuid.UUID]) -> list[int]:
    """Take out what rows say before and after, as the owner of the tables; their numbers, which the caller has to
    note as ERASED. Ids and digests stay, and with them the chain."""
    connection.exec_driver_sql(ERASE, {"tenant": tenant_id, "ids": ids})
    return list(connection.exec_driver_sql(NUMBERS, {"tenant": tenant_id, "ids": ids}).scalars())
