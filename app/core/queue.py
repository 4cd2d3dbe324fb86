"""Hints through Valkey, carried by RQ: which row of the outbox is due. One that is lost or doubled does no harm."""

from __future__ import annotations

import logging
import signal
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import as_text
from rq.worker.base import WorkerStatus
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

NAME = "portico"
HINT_LIVES = 3600
"""Seconds. By then a look into the outbox has found the row, or nobody works at all."""
LONGEST_JOB = 3600
"""Seconds until RQ interrupts whatever a hint led to; the lease of a job is shorter."""
PATIENCE = 0.5
"""Seconds a request waits for Valkey. The hint can be done without."""
QUIET = 5.0
"""Seconds in which no hint is sent after one could not be."""
PAUSE = 10
"""Seconds between two looks into the outbox, and so what a job waits for while Valkey is away."""
KNOWN = frozenset(
    {"data", "created_at", "enqueued_at", "origin", "status", "timeout", "result_ttl", "failure_ttl", "ttl"}
)
"""What is read of a hint. RQ would also follow names of functions and addresses to call from there."""

Answer = Callable[[uuid.UUID, uuid.UUID], object]
"""What to do about a hint: tenant and row."""


def connect(url: str, patience: float) -> Redis:
    return Redis.from_url(
        url, socket_timeout=patience, socket_connect_timeout=patience, retry=Retry(NoBackoff(), 0)
    )


class Hints:
    """Sends hints for a process that serves. A Valkey that is away costs it one short wait now and then."""

    def __init__(self, url: str) -> None:
        self._queue = Queue(NAME, connection=connect(url, PATIENCE), serializer=JSONSerializer)
        self._quiet_until = 0.0

    def send(self, rows: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
        """Never raises for a Valkey that is away: a worker finds the rows by itself."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            self._queue.enqueue_many(
                Queue.prepare_data(
                    "hint", (str(tenant), str(row)), description="", timeout=LONGEST_JOB,
                    result_ttl=0, failure_ttl=HINT_LIVES, ttl=HINT_LIVES,
                )
                for tenant, row in rows
            )  # fmt: skip
        except (RedisError, OSError) as error:
            self._quiet_until = time.monotonic() + QUIET
            log.warning("Valkey is away, jobs wait for the next look into the outbox: %s", error)


def hint_answered_by(answer: Answer) -> type[Job]:
    """RQ's job, as one that can say a tenant and a row and nothing else: whoever can write to Valkey
    must not be able to run code here by it."""

    class Hint(Job):
        @property
        def func(self) -> Callable[[str, str], None]:
            def take(tenant: str, row: str) -> None:
                answer(uuid.UUID(tenant), uuid.UUID(row))

            return take

        def restore(self, raw_data: Any) -> Any:
            return super().restore(
                {name: value for name, value in raw_data.items() if as_text(name) in KNOWN}
            )

    return Hint


class Worker:
    """Looks into the outbox now and then, and in between waits for hints, one job at a time, until it is told
    to end. A signal lets the job at hand finish; kill -9 is safe too."""

    def __init__(
        self, url: str, sweep: Callable[[Callable[[], bool]], int], answer: Answer, pause: int = PAUSE
    ) -> None:
        self._url, self._sweep, self._answer, self._pause = url, sweep, answer, pause
        self._listener: Listener | None = None
        self._is_away = False
        self._is_idle = False
        self.is_stopping = False

    def work(self, *, burst: bool = False) -> None:
        """Until a signal comes, or with `burst` until nothing is due."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        try:
            while not self.is_stopping:
                done = self._look()
                if burst and not done:
                    break
                if not burst:
                    self._listen()
        except StopRequested:
            log.debug("stopped while idle")

    def stop(self, number: int, frame: Any) -> None:
        self.is_stopping = True
        if self._is_idle:
            raise StopRequested

    @contextmanager
    def idle(self) -> Iterator[None]:
        """The part in which a signal may break off."""
        self._is_idle = True
        try:
            if self.is_stopping:
                raise StopRequested
            yield
        finally:
            self._is_idle = False

    def _look(self) -> int:
        try:
            return self._sweep(lambda: self.is_stopping)
        except OperationalError as error:
            log.warning("The database is away, trying again: %s", error.orig)
            self._wait()
            return 0

    def _listen(self) -> None:
        if not self._url:
            self._wait()
            return
        try:
            # RQ hangs up on an answer later than this.
            self._listener = self._listener or Listener(self, connect(self._url, self._pause + 10))
            self._listener.work(logging_level="CRITICAL", max_jobs=100)
            self._is_away = False
        except (RedisError, OSError) as error:
            self._listener = None
            if not self._is_away:
                log.warning("Valkey is away, going on without: %s", error)
            self._is_away = True
            self._wait()

    def _wait(self) -> None:
        with self.idle():
            time.sleep(self._pause)


class Listener(SimpleWorker):
    """RQ's worker, answering hints in its own process: a fork for each would leave behind the connections, the
    prepared statements and the compiled rights, and outlive a worker that is killed."""

    def __init__(self, boss: Worker, connection: Redis) -> None:
        self._boss = boss
        super().__init__(
            [NAME],
            connection=connection,
            serializer=JSONSerializer,
            job_class=hint_answered_by(boss._answer),
            worker_ttl=boss._pause + 60,
        )

    def dequeue_job_and_maintain_ttl(self, timeout: int | None, max_idle_time: int | None = None) -> Any:
        """The next hint. None after a while without, and when Valkey went away: RQ would wait for it."""
        try:
            self.set_state(WorkerStatus.IDLE)
            self.heartbeat()
            with self._boss.idle():
                return self.queue_class.dequeue_any(
                    self._ordered_queues, self._boss._pause, connection=self.connection,
                    job_class=self.job_class, serializer=self.serializer,
                )  # fmt: skip
        except (DequeueTimeout, RedisError, OSError):
            return None

    def request_stop(self, signum: int, frame: Any) -> None:
        self._stop_requested = True
        self._boss.stop(signum, frame)

    def subscribe(self) -> None:
        """To nothing: a worker takes no orders from the queue."""
