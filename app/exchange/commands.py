"""Imports on the command line: `portico import gdv|json|csv`, a report in words or as JSON, exit code 1 on errors.

Every command needs the application's context around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app
from sqlalchemy import text

from app.core.db import db
from app.core.text import LANGUAGES, _, set_language
from app.exchange.files import storing
from app.exchange.gdv_import import take_gdv
from app.exchange.kinds import RECORD_TYPES
from app.exchange.lines import csv_rows, lines_of
from app.exchange.problems import Problems
from app.exchange.records import take
from app.exchange.saying import said, said_of_gdv
from tenants import current
from tenants.commands import asked_for, of_tenant


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """What every import can be told."""
    for option in (
        click.option("--language", type=click.Choice(sorted(LANGUAGES)), help="The language of the report."),
        click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
        of_tenant,
    ):
        command = option(command)
    return command


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
TYPE = click.argument("record_type", metavar="TYPE", type=click.Choice(list(RECORD_TYPES)))


@click.group("import", help="Take records in from files.")
def import_() -> None:
    pass


@import_.command("gdv", help="Take in the good packages of a GDV file.")
@FILE
@click.option(
    "--mandate", help="Key of the broker unit the policyholders belong to; the only one by default."
)
@click.option(
    "--accept-mismatch", is_flag=True, help="Take packages whose footer does not tally; it is recorded."
)
@_shared
def import_gdv(
    file: Path,
    mandate: str | None,
    accept_mismatch: bool,
    slug: str | None,
    dry_run: bool,
    as_json: bool,
    language: str | None,
) -> None:
    if language:
        set_language(language)
    with current.acting_for(asked_for(slug).tenant_id), file.open("rb") as stream:
        report = take_gdv(
            db.engine,
            stream,
            mandate=_mandate(mandate),
            accept_mismatch=accept_mismatch,
            dry_run=dry_run,
            file_name=file.name,
        )
    _tell(report.summary if as_json else said_of_gdv(report.summary), report.is_good)


@import_.command("json", help="Take in records of one type, one JSON object a line.")
@TYPE
@FILE
@_shared
def import_json(
    record_type: str, file: Path, slug: str | None, dry_run: bool, as_json: bool, language: str | None
) -> None:
    _import(record_type, file, slug, dry_run, as_json, language, "json")


@import_.command("csv", help="Take in records of one type from a CSV file whose first line names the fields.")
@TYPE
@FILE
@_shared
def import_csv(
    record_type: str, file: Path, slug: str | None, dry_run: bool, as_json: bool, language: str | None
) -> None:
    _import(record_type, file, slug, dry_run, as_json, language, "csv")


def _import(
    record_type: str,
    file: Path,
    slug: str | None,
    dry_run: bool,
    as_json: bool,
    language: str | None,
    source: str,
) -> None:
    if language:
        set_language(language)
    problems = Problems()
    prepare = storing(current_app.extensions["storage"], file.parent) if record_type == "document" else None
    with current.acting_for(asked_for(slug).tenant_id), file.open("rb") as stream:
        given: Any = lines_of(stream)
        if source == "csv":
            given = csv_rows(stream, RECORD_TYPES[record_type], problems)
        report = take(
            db.engine,
            record_type,
            given,
            dry_run=dry_run,
            source=source,
            file_name=file.name,
            prepare=prepare,
            problems=problems,
        )
    _tell(report.as_dict() if as_json else said(report), report.is_good)


def _mandate(key: str | None) -> str:
    """The broker unit asked for, or the only one there is."""
    with db.engine.begin() as connection:
        known = (
            connection.execute(
                text("select key from mandates where tenant_id = :tenant order by key"),
                {"tenant": current.tenant_id()},
            )
            .scalars()
            .all()
        )
    if key is None and len(known) == 1:
        return known[0]
    if key in known:
        return key
    units = ", ".join(known)
    if key is not None:
        raise click.ClickException(
            _("There is no broker unit {key}. There are: {units}.", key=key, units=units or "–")
        )
    raise click.ClickException(
        _("Say with --mandate which broker unit the file is for: {units}.", units=units or "–")
    )


def _tell(report: dict[str, Any] | Iterator[str], is_good: bool) -> None:
    """Print a report as JSON or line by line, and end with 1 when something was refused."""
    if isinstance(report, dict):
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        for line in report:
            click.echo(line)
    if not is_good:
        raise SystemExit(1)
