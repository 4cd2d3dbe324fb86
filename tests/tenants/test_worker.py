"""A worker that is killed, stopped or left without Valkey loses no job, and a queue can tell it nothing but a row."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.core import outbox
from app.core.outbox import JOBS
from app.core.queue import NAME, Hints, Worker
from app.core.servers.valkey import Valkey
from app.factory import declare
from tenants import current
from tenants.isolation import announce_tenant
from tenants.jobs import later
from tests.tenants.jobs import CONFESSIONS, add_insurer, dawdle, insurers, note, rows

pytestmark = pytest.mark.usefixtures("of_tests")
ROOT = Path(__file__).resolve().parents[2]


WORKER = """
import os, sys
from app.core import outbox
from app.core.queue import Worker
from sqlalchemy import create_engine
from tenants.isolation import announce_tenant
from tenants.jobs import Runner
from tests.tenants.jobs import OF_TESTS
outbox.fill(OF_TESTS)
engine = create_engine(os.environ["DATABASE_URL"])
announce_tenant(engine)
runner = Runner(engine)
print("begins", flush=True)
Worker(os.environ.get("REDIS_URL", ""), runner.sweep, runner.run, pause=1).work(burst="burst" in sys.argv)
"""


def start(servers: dict[str, str], *arguments: str, **variables: str) -> subprocess.Popen[str]:
    """A worker of its own, at the point where it begins."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments],
        cwd=ROOT, env={**os.environ, **servers, **variables}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "begins\n"
    return process


def in_the_middle(worker: subprocess.Popen[str]) -> bool:
    """Waits until it is, for the tenant of this test: a worker also does what other tests left behind."""
    return any(line == f"in the middle for {current.tenant_id()}\n" for line in worker.stdout)


def test_a_worker_killed_in_the_middle_and_its_successor_do_it_once(servers, web, tenant_id):
    note(web, dawdle, insurer_id=uuid.uuid4())
    first = start(servers, DAWDLE="60")
    assert in_the_middle(first)
    first.kill()
    first.wait()
    assert insurers(web) == 0

    second = start(servers)
    # Once its predecessor's lease has run out.
    assert in_the_middle(second)
    second.terminate()
    assert second.wait(20) == 0

    assert insurers(web) == 1
    assert rows(web, "attempts, done_at is not null") == [(2, True)]


def test_a_worker_asked_to_end_finishes_the_job_at_hand(servers, web, tenant_id):
    note(web, dawdle, insurer_id=uuid.uuid4())
    worker = start(servers, DAWDLE="1")
    assert in_the_middle(worker)
    worker.send_signal(signal.SIGINT)
    assert worker.wait(20) == 0

    assert insurers(web) == 1
    assert rows(web, "attempts, done_at is not null") == [(1, True)]


def test_without_valkey_the_outbox_is_found_by_looking(servers, web, tenant_id):
    note(web, dawdle, insurer_id=uuid.uuid4())
    worker = start(servers, REDIS_URL="unix:///nowhere/valkey.sock")
    assert in_the_middle(worker)
    note(web, dawdle, insurer_id=uuid.uuid4())
    assert in_the_middle(worker)
    worker.terminate()
    assert worker.wait(20) == 0

    assert insurers(web) == 2


def test_a_valkey_that_comes_and_goes_takes_no_worker_along(servers, web, tenant_id, tmp_path):
    valkey = Valkey(tmp_path / "valkey", fast=True)
    valkey.launch()
    valkey.wait(20)
    worker = start(servers, REDIS_URL=valkey.url)
    try:
        for is_there in (True, False, True):
            note(web, dawdle, insurer_id=uuid.uuid4())
            assert in_the_middle(worker)
            if is_there:
                valkey.stop()
            else:
                valkey.launch()
                valkey.wait(20)
        worker.terminate()
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        valkey.stop()

    assert insurers(web) == 3


def test_the_command_does_what_is_due_and_ends(servers, web, tenant_id):
    declare()
    with web.begin() as connection:
        later(connection, JOBS["tidy"].run)

    subprocess.run(
        [sys.executable, "-m", "app.cli", "worker", "--burst"],
        cwd=ROOT,
        env={**os.environ, **servers},
        check=True,
    )

    assert rows(web, "once, error, done_at is not null")[0] == (None, None, True)
    assert {row.job for row in rows(web, "job")} == {
        "freshen",
        "tidy",
        "drop_exports",
        "plan_reports",
        "plan_reminders",
        "plan_notices",
        "forget_old",
    }


@pytest.fixture
def queue(servers) -> Iterator[Redis]:
    """The queue, empty."""
    client = Redis.from_url(servers["REDIS_URL"])
    client.flushdb()
    yield client
    client.flushdb()


@pytest.fixture
def hinting(servers, queue) -> Iterator[Engine]:
    """The database as the portal has it, sending hints."""
    engine = create_engine(servers["DATABASE_URL"])
    announce_tenant(engine)
    outbox.carry_hints(engine, Hints(servers["REDIS_URL"]).send)
    yield engine
    engine.dispose()


def hints(queue: Redis) -> int:
    return queue.llen(f"rq:queue:{NAME}")


def test_a_hint_is_sent_after_the_commit_and_only_then(hinting, queue, tenant_id):
    with Session(hinting) as session:
        later(session, add_insurer, insurer_id=uuid.uuid4())
        session.rollback()
    with hinting.begin() as connection:
        later(connection, add_insurer, due_at=datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC))
    assert hints(queue) == 0

    with Session(hinting) as session:
        later(session, add_insurer, insurer_id=uuid.uuid4())
        assert hints(queue) == 0
        session.commit()
        assert hints(queue) == 1
    with hinting.begin() as connection:
        later(connection, add_insurer, insurer_id=uuid.uuid4())
        assert hints(queue) == 1
    assert hints(queue) == 2


def test_whoever_gets_a_hint_finds_the_row(servers, web, tenant_id):
    engine, found = create_engine(servers["DATABASE_URL"]), []
    announce_tenant(engine)
    outbox.carry_hints(engine, lambda sent: found.extend([*sent, *rows(web, "tenant_id, id")]))
    with engine.begin() as connection:
        later(connection, add_insurer, insurer_id=uuid.uuid4())
    engine.dispose()

    assert len(found) == 2
    assert found[0] == found[1]


def test_a_hint_wakes_a_worker_that_has_just_looked(hinting, queue, tenant_id, web, runner):
    looks: list[bool] = []

    def look(is_stopping: Any) -> int:
        looks.append(True)
        if len(looks) == 1:
            with hinting.begin() as connection:
                later(connection, add_insurer, insurer_id=uuid.uuid4())
        return 0

    worker = answering(queue, look, runner.run)

    assert insurers(web) == 1
    assert len(looks) == 1
    assert worker.is_stopping


def test_a_queue_can_name_a_row_and_nothing_else(servers, queue, tmp_path):
    crime, said = tmp_path / "crime", []
    told = {
        "on_success": Callback("tests.tenants.jobs.confess"),
        "on_failure": Callback("tests.tenants.jobs.confess"),
    }
    foreign = Queue(NAME, connection=queue, serializer=JSONSerializer)
    foreign.enqueue("os.mkdir", str(crime), **told)
    foreign.enqueue("os.mkdir", str(crime), str(uuid.uuid4()), **told)
    foreign.enqueue("os.mkdir", str(uuid.uuid4()), str(uuid.uuid4()), **told)
    answering(queue, lambda is_stopping: 0, lambda tenant, row: said.append(row))

    assert not crime.exists()
    assert CONFESSIONS == []
    assert len(said) == 1


def answering(queue: Redis, look: Any, answer: Any) -> Worker:
    """A worker that ends after the first hint it could answer."""

    def once(tenant: uuid.UUID, row: uuid.UUID) -> None:
        answer(tenant, row)
        worker.is_stopping = True

    kwargs = queue.connection_pool.connection_kwargs
    worker = Worker(f"unix://{kwargs['path']}?db=0", look, once, pause=5)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    try:
        worker.work()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return worker


def test_a_request_does_not_wait_for_a_valkey_that_is_away(web, tenant_id, caplog):
    gone = Hints("unix:///nowhere/valkey.sock")
    gone.send([(tenant_id, uuid.uuid4())])
    gone.send([(tenant_id, uuid.uuid4())])

    assert len(caplog.records) == 1
