"""What a tenant's data needs every day: access that begins or ends by its date, and rows nobody needs any more."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection

from app.core import outbox
from app.core.outbox import Job
from tenants import arrangement, current

KEPT_DAYS = 30
"""How long the outbox remembers what was done or given up."""

EXPIRED = (
    "delete from sessions where tenant_id = %(tenant)s and expires_at < now()",
    "delete from sign_in_tries where tenant_id = %(tenant)s and until < now()",
)


def tidy(connection: Connection) -> None:
    """Delete sessions that ended, sign-in attempts whose count starts anew, and jobs of long ago."""
    for statement in EXPIRED:
        connection.exec_driver_sql(statement, {"tenant": current.tenant_id()})
    outbox.forget(connection, current.tenant_id(), KEPT_DAYS)


DAILY = [
    # Whoever comes first after midnight would otherwise wait for it (permissions.arrival).
    Job(arrangement.freshen, lease=15 * 60, daily=datetime.time(0, 1)),
    Job(tidy, lease=5 * 60, daily=datetime.time(3, 30)),
]
