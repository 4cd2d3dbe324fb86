"""Work for after the commit: written in the business transaction, done exactly once, whatever dies in between.

The table is the truth. That a row is due is also said through Valkey (`app.core.queue`), which only makes it quick.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Index, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base, TenantOwned, tenant_index

TRIES = 8
"""After so many attempts a job is given up; with the pauses between them that is ten hours."""
FIRST_PAUSE, LONGEST_PAUSE = 10, 6 * 60 * 60
"""Seconds from a failure to the next attempt: four times as many after each, up to the longest."""
LONGEST_ERROR = 1000
"""Characters."""
WAITING = "done_at is null and gave_up_at is null"


class OutboxRow(TenantOwned, Base):
    """One thing to do. It waits until it is done or given up."""

    __tablename__ = "outbox"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    job: Mapped[str]
    """The name of the function, as the registry knows it."""
    ids: Mapped[dict[str, str]] = mapped_column(JSONB)
    """What it is about. Ids only: the worker reads afresh."""
    once: Mapped[str | None]
    """Of rows of one job with the same word here, such as a day, only the first is written."""
    created_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    due_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    """How often it was taken; to whoever took it, the fence: only the latest attempt may finish."""
    lease_until: Mapped[datetime.datetime | None]
    """Until when nobody else takes it. Whoever took it may have died."""
    done_at: Mapped[datetime.datetime | None]
    gave_up_at: Mapped[datetime.datetime | None]
    error: Mapped[str | None]
    """Why the latest attempt that failed did."""

    __table_args__ = (
        tenant_index("outbox", "due_at", postgresql_where=text(WAITING)),
        Index("uq_outbox_once", "tenant_id", "job", "once", unique=True),
    )


@dataclass(frozen=True)
class Job:
    """A function that may be called later, as `run(connection, **ids)`, and what it needs."""

    run: Callable[..., None]
    lease: int = 60
    """Seconds it may take. The database ends a longer attempt, and somebody else takes the job."""
    daily: datetime.time | None = None
    """When it is done for each tenant every day, at the broker's clock."""

    @property
    def name(self) -> str:
        return self.run.__name__


JOBS: dict[str, Job] = {}
"""The jobs of the running application by name, filled once by the factory. What comes out of a queue is a name to
look up here, never something to import."""


def fill(jobs: list[Job]) -> None:
    JOBS.clear()
    JOBS.update({job.name: job for job in jobs})


class Taken(NamedTuple):
    """A row taken by lease, by this attempt."""

    id: uuid.UUID
    job: str
    ids: dict[str, uuid.UUID]
    attempt: int


class Overtaken(Exception):
    """The lease ran out and somebody else took the job: this attempt must leave no trace."""


WRITE = """
    insert into outbox (tenant_id, job, ids, once, due_at)
    values (%(tenant)s, %(job)s, cast(%(ids)s as jsonb), %(once)s, coalesce(%(due_at)s, now()))
    on conflict (tenant_id, job, once) do nothing
    returning id, due_at <= now()"""

DUE = f"""
    select id from outbox
     where tenant_id = %(tenant)s and {WAITING} and due_at <= now()
       and (lease_until is null or lease_until < now()) and job = any(%(known)s)
     order by due_at limit %(limit)s"""

# A job this release does not know stays for one that does.
TAKE = f"""
    update outbox
       set attempts = attempts + 1,
           lease_until = now() + make_interval(secs => cast(cast(%(leases)s as jsonb) ->> job as integer))
     where tenant_id = %(tenant)s and id = %(id)s and {WAITING} and due_at <= now()
       and (lease_until is null or lease_until < now()) and job = any(%(known)s)
    returning id, job, ids, attempts"""

FINISH = f"""
    update outbox set done_at = now(), lease_until = null
     where tenant_id = %(tenant)s and id = %(id)s and attempts = %(attempt)s and {WAITING}
    returning id"""

FAIL = f"""
    update outbox
       set error = %(error)s, lease_until = null,
           due_at = now() + make_interval(secs => least({FIRST_PAUSE} * 4.0 ^ (attempts - 1), {LONGEST_PAUSE})),
           gave_up_at = case when attempts >= {TRIES} then now() end
     where tenant_id = %(tenant)s and id = %(id)s and attempts = %(attempt)s and {WAITING}
    returning gave_up_at is not null"""

FORGET = """
    delete from outbox
     where tenant_id = %(tenant)s and coalesce(done_at, gave_up_at) < now() - make_interval(days => %(days)s)"""


def write(
    where: Session | Connection,
    tenant_id: uuid.UUID,
    job: Callable[..., None],
    ids: dict[str, uuid.UUID],
    *,
    due_at: datetime.datetime | None = None,
    once: str | None = None,
) -> None:
    """Note in the transaction that makes it necessary what is to be done after it; if that rolls back, nothing is."""
    known = JOBS.get(job.__name__)
    if known is None or known.run is not job:
        raise LookupError(f"{job.__name__} is not among the jobs of app.factory")
    connection = where.connection() if isinstance(where, Session) else where
    written = connection.exec_driver_sql(
        WRITE,
        {
            "tenant": tenant_id,
            "job": job.__name__,
            "ids": json.dumps({name: str(value) for name, value in ids.items()}),
            "once": once,
            "due_at": due_at,
        },
    ).one_or_none()
    if written is not None and written[1]:
        connection.info.setdefault(HINTS, []).append((tenant_id, written[0]))


def due(connection: Connection, tenant_id: uuid.UUID, limit: int) -> list[uuid.UUID]:
    """What of a tenant waits for somebody to take it, longest first."""
    values = {"tenant": tenant_id, "limit": limit, "known": list(JOBS)}
    return list(connection.exec_driver_sql(DUE, values).scalars())


def take(connection: Connection, tenant_id: uuid.UUID, row_id: uuid.UUID) -> Taken | None:
    """The row for one attempt, or None when it is done, not due or somebody else's. Commit before working on it."""
    values = {
        "tenant": tenant_id,
        "id": row_id,
        "known": list(JOBS),
        "leases": json.dumps({name: job.lease for name, job in JOBS.items()}),
    }
    row = connection.exec_driver_sql(TAKE, values).one_or_none()
    if row is None:
        return None
    return Taken(row[0], row[1], {name: uuid.UUID(value) for name, value in row[2].items()}, row[3])


def finish(connection: Connection, tenant_id: uuid.UUID, taken: Taken) -> None:
    """Mark it done, in the transaction that does it; Overtaken when it is no longer ours to do."""
    values = {"tenant": tenant_id, "id": taken.id, "attempt": taken.attempt}
    if connection.exec_driver_sql(FINISH, values).one_or_none() is None:
        raise Overtaken


def fail(connection: Connection, tenant_id: uuid.UUID, taken: Taken, error: BaseException) -> bool:
    """Keep the error and try again after a pause, or give up; whether it was given up."""
    values = {"tenant": tenant_id, "id": taken.id, "attempt": taken.attempt, "error": in_words(error)}
    return bool(connection.exec_driver_sql(FAIL, values).scalar())


def forget(connection: Connection, tenant_id: uuid.UUID, days: int) -> None:
    """Delete what was done or given up so long ago."""
    connection.exec_driver_sql(FORGET, {"tenant": tenant_id, "days": days})


def in_words(error: BaseException) -> str:
    """An error as it is kept: without the values of a statement, which may be about people."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"{type(cause).__name__}: {cause}".replace("\0", "")[:LONGEST_ERROR]


HINTS, COMMITTED = "outbox hints", "outbox hints committed"


def carry_hints(engine: Engine, send: Callable[[Iterable[tuple[uuid.UUID, uuid.UUID]]], None]) -> None:
    """After each commit on this engine, send tenant and id of the rows it wrote that are due.

    SQLAlchemy tells of a commit just before it happens, so what is to be said waits with the connection
    until that goes back to its pool."""

    @event.listens_for(engine, "commit")
    def committed(connection: Connection) -> None:
        if written := connection.info.pop(HINTS, None):
            connection.info.setdefault(COMMITTED, []).extend(written)

    @event.listens_for(engine, "rollback")
    def rolled_back(connection: Connection) -> None:
        connection.info.pop(HINTS, None)

    @event.listens_for(engine, "checkin")
    def given_back(driver: Any, record: Any) -> None:
        record.info.pop(HINTS, None)
        if written := record.info.pop(COMMITTED, None):
            send(written)


class Backlog(NamedTuple):
    """How the jobs of all tenants stand: due and not done, the oldest of them, and given up."""

    waiting: int
    oldest_at: datetime.datetime | None
    gave_up: int


def backlog(connection: Connection) -> Backlog:
    """Asked for tenant by tenant, since the wall stands for the doctor too. Leaves the transaction with the last one."""
    waiting, oldest, gave_up = 0, None, 0
    for tenant in connection.exec_driver_sql("select distinct tenant_id from hosts").scalars().all():
        connection.exec_driver_sql(f"SET LOCAL app.tenant_id = '{tenant}'")
        row = connection.exec_driver_sql(
            """select count(*) filter (where gave_up_at is null), min(due_at) filter (where gave_up_at is null),
                      count(gave_up_at)
                 from outbox where tenant_id = %(tenant)s and done_at is null and due_at <= now()""",
            {"tenant": tenant},
        ).one()
        waiting, gave_up = waiting + row[0], gave_up + row[2]
        oldest = min(filter(None, (oldest, row[1])), default=None)
    return Backlog(waiting, oldest, gave_up)
