"""What happens every day: planned once, access settled when the day changes, and what nobody needs any more deleted."""

from __future__ import annotations

import datetime
import os

import pytest
from sqlalchemy import text

from app.core.outbox import JOBS
from app.factory import declare
from tenants import current, visibility
from tenants.jobs import Runner
from tests.tenants.jobs import change, rows


@pytest.fixture(autouse=True)
def _declared() -> None:
    declare()


def test_each_day_is_planned_once_however_many_workers_look(web, tenant_id):
    late_evening = datetime.datetime(2025, 3, 6, 22, 59, tzinfo=datetime.UTC)
    midnight = late_evening + datetime.timedelta(minutes=1)
    for runner in (Runner(web), Runner(web)):
        for moment in (late_evening, midnight, midnight):
            runner.plan(tenant_id, moment)

    # Midnight in Berlin, where it is an hour later in winter.
    assert sorted((row.job, row.once, row.due_at.astimezone(datetime.UTC).isoformat(" ", "minutes"))
                  for row in rows(web, "job, once, due_at")) == [
        ("drop_exports", "2025-03-06", "2025-03-06 02:40+00:00"),
        ("drop_exports", "2025-03-07", "2025-03-07 02:40+00:00"),
        ("forget_old", "2025-03-06", "2025-03-06 02:40+00:00"),
        ("forget_old", "2025-03-07", "2025-03-07 02:40+00:00"),
        ("freshen", "2025-03-06", "2025-03-05 23:01+00:00"),
        ("freshen", "2025-03-07", "2025-03-06 23:01+00:00"),
        ("plan_notices", "2025-03-06", "2025-03-06 05:20+00:00"),
        ("plan_notices", "2025-03-07", "2025-03-07 05:20+00:00"),
        ("plan_reminders", "2025-03-06", "2025-03-06 05:15+00:00"),
        ("plan_reminders", "2025-03-07", "2025-03-07 05:15+00:00"),
        ("plan_reports", "2025-03-06", "2025-03-06 05:00+00:00"),
        ("plan_reports", "2025-03-07", "2025-03-07 05:00+00:00"),
        ("tidy", "2025-03-06", "2025-03-06 02:30+00:00"),
        ("tidy", "2025-03-07", "2025-03-07 02:30+00:00"),
    ]  # fmt: skip


def test_access_that_ends_is_settled_at_the_change_of_day(portal, make, web, monkeypatch):
    today = visibility.today()
    holder = make.policyholder()
    parent = make.organization(make.policyholder("Parent"))
    make.organization(holder, parent_id=parent, ends_on=today)
    make.contract(holder)
    seen = text(
        """select count(*) from visible_contracts v join scopes s on s.tenant_id = v.tenant_id and s.id = v.scope_id
            where v.tenant_id = :tenant and s.kind = 'tree'"""
    )

    def visible() -> int:
        with web.begin() as connection:
            return connection.execute(seen, {"tenant": make.tenant_id}).scalar_one()

    with portal.app_context(), current.acting_for(make.tenant_id):
        assert visible() == 1
        monkeypatch.setattr(visibility, "today", lambda: today + datetime.timedelta(days=1))
        runner = Runner(web)
        runner.plan(make.tenant_id, datetime.datetime.now(datetime.UTC))
        change(web, "due_at = now()")
        for row in rows(web, "id"):
            assert runner.run(make.tenant_id, row.id)

        assert visible() == 0
        known = [("freshen", None), ("tidy", None), ("plan_reports", None), ("drop_exports", None)]
        known += [(job, None) for job in ("plan_reminders", "forget_old", "plan_notices")]
        assert rows(web, "job, error") == known


def test_what_nobody_needs_any_more_is_tidied_away(make, neighbour, web):
    for house in (make, neighbour):
        user = house.user()
        for days in (-1, 1):
            moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
            house.row("sessions", token_hash=os.urandom(8), user_id=user, expires_at=moment)
            house.row("sign_in_tries", subject=f"account {days}", tries=1, until=moment)
        for days in (1, 31):
            moment = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
            house.row("outbox", job="freshen", ids={}, done_at=moment)
            house.row("outbox", job="freshen", ids={}, gave_up_at=moment)
            house.row("outbox", job="freshen", ids={}, due_at=moment)

    with current.acting_for(make.tenant_id), web.begin() as connection:
        JOBS["tidy"].run(connection)
        kept = [
            connection.execute(text(f"select count(*) from {name}")).scalar_one()
            for name in ("sessions", "sign_in_tries", "outbox")
        ]
    with current.acting_for(neighbour.tenant_id):
        assert len(rows(web)) == 6
    # The outbox keeps what was done or given up lately, and whatever still waits.
    assert kept == [1, 1, 4]
