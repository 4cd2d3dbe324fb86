"""Two at once: the second is known to wait before the first goes on."""

from __future__ import annotations

import time

from sqlalchemy import Connection

WAITS = """
    select exists (select 1 from pg_locks held join pg_locks wanted using (locktype, database, classid, objid)
                    where held.pid = pg_backend_pid() and held.granted and not wanted.granted)"""


def until_somebody_waits(connection: Connection, seconds: float = 30) -> None:
    """Returns once another connection waits for an advisory lock of this one."""
    end = time.monotonic() + seconds
    while not connection.exec_driver_sql(WAITS).scalar_one():
        assert time.monotonic() < end, "nobody waits"
        time.sleep(0.05)
