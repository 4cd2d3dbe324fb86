"""Whether somebody does the jobs that wait, for the doctor."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app.core.outbox import backlog
from app.core.servers.findings import Finding, bad, first_line, migrate_first, well
from app.core.text import _, _n

LONGEST_WAIT = datetime.timedelta(minutes=10)


def jobs(connection: Connection) -> Iterator[Finding]:
    # Without the table, the migrations are what is wrong.
    if connection.execute(text("select to_regclass('public.outbox')")).scalar_one() is None:
        return
    try:
        found = backlog(connection)
    except DBAPIError as error:
        connection.rollback()
        yield bad(
            _("Jobs"),
            _("The jobs cannot be read: {reason}", reason=first_line(error.orig)),
            migrate_first(),
        )
        return
    if found.oldest_at is None:
        yield well(_("Jobs"), _("No job is waiting."))
    else:
        since = found.oldest_at.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
        what = _n(
            "{n} job has been waiting since {since}.",
            "{n} jobs are waiting, the oldest since {since}.",
            found.waiting,
            since=since,
        )
        if datetime.datetime.now(datetime.UTC) - found.oldest_at > LONGEST_WAIT:
            yield bad(_("Jobs"), what, _("Start a worker: portico worker"))
        else:
            yield well(_("Jobs"), what)
    if found.gave_up:
        yield bad(
            _("Jobs"),
            _n("{n} job has been given up.", "{n} jobs have been given up.", found.gave_up),
            _("The log of the worker and the table outbox say why."),
        )
