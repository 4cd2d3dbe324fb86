"""Jobs that show how often they happened and for whom, and a look at what the outbox says of them."""

from __future__ import annotations

import os
import uuid
from typing import Any

from sqlalchemy import Connection, Engine, text

from app.core.outbox import Job
from tenants import current
from tenants.jobs import later


def add_insurer(connection: Connection, insurer_id: uuid.UUID) -> None:
    """A job's effect that shows how often it happened: an insurer more."""
    connection.execute(
        text("insert into insurers (tenant_id, key, name) values (:tenant, uuidv7(), :name)"),
        {"tenant": current.tenant_id(), "name": str(insurer_id)},
    )


def dawdle(connection: Connection, insurer_id: uuid.UUID) -> None:
    """The same, and then as long as the environment says."""
    add_insurer(connection, insurer_id)
    print(f"in the middle for {current.tenant_id()}", flush=True)
    connection.execute(text("select pg_sleep(:seconds)"), {"seconds": float(os.environ.get("DAWDLE", "0"))})


def stumble(connection: Connection) -> None:
    add_insurer(connection, uuid.uuid4())
    raise ValueError("a stone in the way")


def count_insurers(connection: Connection) -> None:
    """Writes down how many insurers a job sees that does not say whose."""
    seen = connection.scalar(text("select count(*) from insurers"))
    connection.execute(
        text("insert into insurers (tenant_id, key, name) values (:tenant, 'seen', :seen)"),
        {"tenant": current.tenant_id(), "seen": str(seen)},
    )


OF_TESTS = [Job(add_insurer), Job(dawdle, lease=2), Job(stumble), Job(count_insurers)]


CONFESSIONS: list[str] = []


def confess(job: Any, *whatever: Any) -> None:
    CONFESSIONS.append(job.id)


def rows(web: Engine, columns: str = "*") -> list[Any]:
    with web.begin() as connection:
        statement = text(f"select {columns} from outbox where tenant_id = :tenant order by id")
        return connection.execute(statement, {"tenant": current.tenant_id()}).all()


def insurers(web: Engine) -> int:
    with web.begin() as connection:
        statement = text("select count(*) from insurers where tenant_id = :tenant")
        return connection.execute(statement, {"tenant": current.tenant_id()}).scalar_one()


def change(web: Engine, values: str) -> None:
    with web.begin() as connection:
        connection.execute(
            text(f"update outbox set {values} where tenant_id = :tenant"), {"tenant": current.tenant_id()}
        )


def note(web: Engine, job: Any = add_insurer, **ids: uuid.UUID) -> uuid.UUID:
    with web.begin() as connection:
        later(connection, job, **ids)
    return rows(web, "id")[-1].id
