"""Jobs for a tenant: noting them in his transaction, and doing them in a transaction of their own as him."""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from app.core import outbox
from app.core.errors import NotSetUp
from tenants import current
from tenants.visibility import BERLIN

log = logging.getLogger(__name__)

AT_ONCE = 100
"""How many jobs of one tenant a sweep does before it turns to the next tenant."""


def later(
    where: Session | Connection,
    job: Callable[..., None],
    *,
    due_at: datetime.datetime | None = None,
    once: str | None = None,
    **ids: uuid.UUID,
) -> None:
    """Have a job done for the tenant acted for, after this transaction commits and not before `due_at`.

    `job` is one of the functions listed in `app.factory`; the worker calls it as `job(connection, **ids)` and it
    reads afresh. Of the same job with the same `once`, such as a day, only the first is done. What a job does in
    the database happens exactly once; what it does elsewhere, such as sending, may happen again after a crash.
    """
    outbox.write(where, current.tenant_id(), job, ids, due_at=due_at, once=once)


class Runner:
    """Does what waits in the outboxes of all tenants. Any number of runners may share the work."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._planned: dict[uuid.UUID, datetime.date] = {}

    def run(self, tenant: uuid.UUID, row_id: uuid.UUID) -> bool:
        """Do one job, if it is due and free; whether it was. A job that fails raises nothing: its row tells."""
        with current.acting_for(tenant):
            with self._engine.begin() as connection:
                taken = outbox.take(connection, tenant, row_id)
            if taken is None:
                return False
            try:
                if taken.attempt > outbox.TRIES:
                    raise WorkerEnded
                self._do(tenant, taken)
            except outbox.Overtaken:
                log.warning("%s %s was overtaken by a later attempt", taken.job, taken.id)
            except Exception as error:
                with self._engine.begin() as connection:
                    is_given_up = outbox.fail(connection, tenant, taken, error)
                what = "given up" if is_given_up else "failed"
                is_known = isinstance(error, NotSetUp)
                said = f": {error}" if is_known else ""
                log.warning(
                    "%s %s %s, attempt %s%s",
                    taken.job, taken.id, what, taken.attempt, said, exc_info=None if is_known else error,
                )  # fmt: skip
            return True

    def _do(self, tenant: uuid.UUID, taken: outbox.Taken) -> None:
        job = outbox.JOBS[taken.job]
        with self._engine.begin() as connection:
            # Longer than its lease no attempt lives, not even one whose process hangs: the database ends it.
            connection.exec_driver_sql(f"SET LOCAL transaction_timeout = '{job.lease}s'")
            job.run(connection, **taken.ids)
            outbox.finish(connection, tenant, taken)

    def sweep(self, is_stopping: Callable[[], bool] = lambda: False) -> int:
        """Plan what the day brings and do whatever is due, tenant by tenant; how many jobs that were."""
        done, now = 0, datetime.datetime.now(datetime.UTC)
        with self._engine.begin() as connection:
            tenants = connection.exec_driver_sql("select distinct tenant_id from hosts").scalars().all()
        for tenant in tenants:
            self.plan(tenant, now)
            with current.acting_for(tenant), self._engine.begin() as connection:
                rows = outbox.due(connection, tenant, AT_ONCE)
            for row_id in rows:
                if is_stopping():
                    return done
                done += self.run(tenant, row_id)
        return done

    def plan(self, tenant: uuid.UUID, now: datetime.datetime) -> None:
        """Note the daily jobs of the broker's day, unless somebody already did."""
        today = now.astimezone(BERLIN).date()
        if self._planned.get(tenant) == today:
            return
        with current.acting_for(tenant), self._engine.begin() as connection:
            for job in outbox.JOBS.values():
                if job.daily is not None:
                    due_at = datetime.datetime.combine(today, job.daily, BERLIN)
                    later(connection, job.run, due_at=due_at, once=today.isoformat())
        self._planned[tenant] = today


class WorkerEnded(Exception):
    """Every attempt at a job ended with the process that made it."""

    def __str__(self) -> str:
        return "each attempt was cut short: the worker ended, or lost the database, in the middle of it"
