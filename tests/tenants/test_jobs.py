"""Jobs happen exactly once and for their tenant alone, whatever rolls back, fails or comes twice."""

from __future__ import annotations

import datetime
import threading
import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core import outbox
from tenants import current
from tenants.jobs import Runner, later
from tests.conftest import make_tenant
from tests.tenants.jobs import add_insurer, change, count_insurers, dawdle, insurers, note, rows, stumble

pytestmark = pytest.mark.usefixtures("of_tests")


def test_what_rolls_back_leaves_nothing_to_do(web, tenant_id):
    with Session(web) as session:
        later(session, add_insurer, insurer_id=uuid.uuid4())
        session.rollback()
    with web.connect() as connection:
        later(connection, add_insurer, insurer_id=uuid.uuid4())

    assert rows(web) == []


def test_what_commits_is_done_once(web, tenant_id, runner):
    row = note(web, insurer_id=uuid.uuid4())

    assert [runner.run(tenant_id, row), runner.run(tenant_id, row)] == [True, False]
    assert insurers(web) == 1
    assert rows(web, "attempts, done_at is not null, lease_until") == [(1, True, None)]


def test_only_what_the_registry_knows_can_be_done_later(web, tenant_id, runner):
    with web.begin() as connection, pytest.raises(LookupError):
        later(connection, make_tenant)
    row = note(web, insurer_id=uuid.uuid4())
    change(web, "job = 'os.system'")

    assert not runner.run(tenant_id, row)
    assert rows(web, "attempts") == [(0,)]


def test_nothing_is_done_before_its_time_and_once_means_once(web, tenant_id, runner):
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    for due_at in (tomorrow, None):
        with web.begin() as connection:
            later(connection, add_insurer, due_at=due_at, once="a day", insurer_id=uuid.uuid4())

    assert [runner.run(tenant_id, row.id) for row in rows(web, "id")] == [False]
    change(web, "due_at = now()")
    assert [runner.run(tenant_id, row.id) for row in rows(web, "id")] == [True]


def test_a_job_acts_for_its_tenant_and_sees_nothing_of_the_neighbour(make, neighbour, web, runner):
    make.insurer("Ours")
    neighbour.insurer("Theirs")
    with current.acting_for(make.tenant_id):
        row = note(web, count_insurers)

    assert not runner.run(neighbour.tenant_id, row)
    assert runner.run(make.tenant_id, row)
    with current.acting_for(make.tenant_id), web.begin() as connection:
        assert connection.scalar(text("select name from insurers where key = 'seen'")) == "1"


def test_what_fails_leaves_nothing_but_its_error_and_is_given_up_in_the_end(web, tenant_id, runner):
    row, pauses = note(web, stumble), []
    while runner.run(tenant_id, row):
        pauses.append(rows(web, "round(extract(epoch from due_at - now())) as s")[0].s)
        change(web, "due_at = now()")

    assert insurers(web) == 0
    assert len(pauses) == outbox.TRIES
    assert pauses == sorted(pauses)
    assert pauses[:3] == [10, 40, 160]
    assert rows(web, "attempts, error, done_at, gave_up_at is not null") == [
        (outbox.TRIES, "ValueError: a stone in the way", None, True)
    ]


def test_an_attempt_longer_than_its_lease_is_ended_by_the_database(web, tenant_id, runner, monkeypatch):
    monkeypatch.setenv("DAWDLE", "10")
    row = note(web, dawdle, insurer_id=uuid.uuid4())

    assert runner.run(tenant_id, row)
    assert insurers(web) == 0
    assert "timeout" in rows(web, "error")[0].error


def test_a_late_twin_leaves_no_trace(web, tenant_id, runner):
    row = note(web, insurer_id=uuid.uuid4())
    with web.begin() as connection:
        late = outbox.take(connection, tenant_id, row)
        assert outbox.take(connection, tenant_id, row) is None
    change(web, "lease_until = now() - interval '1 second'")
    with web.begin() as connection:
        second = outbox.take(connection, tenant_id, row)

    with pytest.raises(outbox.Overtaken):
        runner._do(tenant_id, late)
    with web.begin() as connection:
        outbox.fail(connection, tenant_id, late, ValueError("late"))
    assert insurers(web) == 0
    runner._do(tenant_id, second)
    with pytest.raises(outbox.Overtaken):
        runner._do(tenant_id, late)

    assert insurers(web) == 1
    assert rows(web, "attempts, error, done_at is not null") == [(2, None, True)]


def test_two_runners_at_once_have_one_effect(web, tenant_id):
    ids = [note(web, insurer_id=uuid.uuid4()) for _ in range(20)]
    done: list[bool] = []

    def work() -> None:
        runner = Runner(web)
        done.extend(runner.run(tenant_id, row) for row in ids)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done.count(True) == 20
    assert insurers(web) == 20


def test_how_the_jobs_stand_is_counted_over_all_tenants(make, neighbour, web):
    with web.begin() as connection:
        before = outbox.backlog(connection)
    long_ago = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
    make.row("outbox", job="freshen", ids={}, due_at=long_ago)
    neighbour.row("outbox", job="freshen", ids={})
    neighbour.row("outbox", job="freshen", ids={}, gave_up_at=long_ago)
    neighbour.row("outbox", job="freshen", ids={}, due_at=datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC))

    with web.begin() as connection:
        after = outbox.backlog(connection)

    assert after == (before.waiting + 2, long_ago, before.gave_up + 1)
