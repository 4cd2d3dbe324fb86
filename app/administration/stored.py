"""Whether rows and files agree: each file that a row names is in storage, and what lies there is named by some row."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection, text

from app.administration.config import STORED
from app.core import audit
from app.core.db import db
from app.core.formats import formats_for
from app.core.storage import Storage
from app.core.text import _, _n, language
from app.reports.exports.job import FOLDER
from tenants import current
from tenants.commands import asked_for, of_tenant

DAY = 24
"""Hours. A file is stored before its row is written, so a young one may still get it."""

NEEDED = """
    select sha256, 'document', key from documents where tenant_id = :tenant
    union all select file, 'export', id::text from exports where tenant_id = :tenant and state = 'finished'
    union all select logo, 'tenant', slug from tenants where tenant_id = :tenant
    union all select logo_dark, 'tenant', slug from tenants where tenant_id = :tenant
    union all select video ->> 'file', 'tenant', slug from tenants where tenant_id = :tenant
    union all select logo, 'organization', key from organizations where tenant_id = :tenant"""
FORMER = """
    select distinct replace(said.value #>> '{}', :stored, '')
      from audit a
     cross join lateral (values (a.before), (a.after)) side (words)
     cross join lateral (
         values (side.words -> 'logo'), (side.words -> 'logo_dark'), (side.words -> 'video' -> 'file')) said (value)
     where a.tenant_id = :tenant and a.record in ('tenant', 'organization') and jsonb_typeof(said.value) = 'string'"""
"""Logos and videos that a change took away: whoever undoes it gets them back."""


@dataclass(frozen=True)
class Verdict:
    files: int
    missing: list[tuple[str, str]]
    """Record type and key of what names a file that is not there."""
    unneeded: list[str]
    """Names of files that no row needs, and that are old enough to be sure of it."""


def compare(connection: Connection, storage: Storage, older_than: datetime.timedelta) -> Verdict:
    """What rows name against what lies in storage. Rows are read first, since a file is there before its row."""
    until = datetime.datetime.now(datetime.UTC) - older_than
    needed = _needed(connection)
    kept = needed.keys() | _former(connection)
    files = dict(storage.files(current.tenant_id()))
    return Verdict(
        len(files),
        [place for name, places in needed.items() if name not in files for place in places],
        [
            name
            for name, stored_at in files.items()
            # Prepared files are looked after where they are made.
            if name not in kept and stored_at <= until and not name.startswith(FOLDER)
        ],
    )


def _needed(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, record, key in connection.execute(text(NEEDED), {"tenant": current.tenant_id()}):
        if name:
            found.setdefault(name, []).append((record, key))
    return found


def _former(connection: Connection) -> set[str]:
    values = {"tenant": current.tenant_id(), "stored": STORED}
    return set(connection.scalars(text(FORMER), values))


def remove(connection: Connection, storage: Storage, names: list[str]) -> int:
    """Delete files that no row needs by now, either; how many."""
    kept = _needed(connection).keys() | _former(connection)
    gone = [name for name in names if name not in kept]
    if gone:
        audit.write(connection, current.tenant_id(), "storage.cleaned", after={"files": len(gone)})
    for name in gone:
        storage.remove(current.tenant_id(), name)
    return len(gone)


@click.group("storage", help="Files in S3.")
def storage_group() -> None:
    pass


@storage_group.command(
    "reconcile", help="Compare files with what needs them; ends with code 1 if one is missing."
)
@of_tenant
@click.option("--remove", "is_removed", is_flag=True, help="Delete files that nothing needs.")
@click.option(
    "--older-than",
    type=click.IntRange(0),
    default=DAY,
    show_default=True,
    metavar="HOURS",
    help="Only files that lie there for so long count as not needed.",
)
@with_appcontext
def reconcile(slug: str | None, is_removed: bool, older_than: int) -> None:
    tenant, storage = asked_for(slug), current_app.extensions["storage"]
    number = formats_for(language()).integer
    with current.acting_for(tenant.tenant_id), db.engine.begin() as connection:
        verdict = compare(connection, storage, datetime.timedelta(hours=older_than))
        click.echo(
            _n("{n} file in storage.", "{n} files in storage.", verdict.files, n=number(verdict.files))
        )
        found = len(verdict.unneeded)
        click.echo(_n("Nothing needs {n} file.", "Nothing needs {n} files.", found, n=number(found)))
        if is_removed:
            gone = remove(connection, storage, verdict.unneeded)
            click.echo(_n("{n} file removed.", "{n} files removed.", gone, n=number(gone)))
    if verdict.missing:
        lines = [f"{record} {key}" for record, key in verdict.missing]
        raise click.ClickException("\n".join([_("These name a file that is not there:"), *lines]))
