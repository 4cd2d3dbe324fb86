"""Imports on the command line: `portico import gdv|json|csv`, a report in words or as JSON, exit code 1 on errors.

Every command needs the application's context around it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import orjson
from flask import current_app

from app.core.db import db
from app.core.text import LANGUAGES, _, _n, set_language
from app.exchange.files import storing
from app.exchange.gdv_import import take_gdv
from app.exchange.kinds import RECORD_TYPES
from app.exchange.lines import csv_rows, lines_of
from app.exchange.problems import Problems
from app.exchange.records import Report, take
from tenants import current
from tenants.directory import find_tenant

MOST_SAID = 50
"""Errors a report in words names; --json has all that were kept."""


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """What every import can be told."""
    for option in (
        click.option("--language", type=click.Choice(sorted(LANGUAGES)), help="The language of the report."),
        click.option("--json", "as_json", is_flag=True, help="Print the report as JSON."),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
        click.option("--tenant", "slug", required=True, help="The broker’s short name."),
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
@click.option("--mandate", required=True, help="Key of the broker unit the policyholders belong to.")
@click.option(
    "--accept-mismatch", is_flag=True, help="Take packages whose footer does not tally; it is recorded."
)
@_shared
def import_gdv(
    file: Path,
    mandate: str,
    accept_mismatch: bool,
    slug: str,
    dry_run: bool,
    as_json: bool,
    language: str | None,
) -> None:
    if language:
        set_language(language)
    with current.acting_for(_tenant(slug)), file.open("rb") as stream:
        report = take_gdv(
            db.engine,
            stream,
            mandate=mandate,
            accept_mismatch=accept_mismatch,
            dry_run=dry_run,
            file_name=file.name,
        )
    if as_json:
        _print_json(report.summary)
    else:
        _say_gdv(report.summary)
    _leave(report.is_good)


@import_.command("json", help="Take in records of one type, one JSON object a line.")
@TYPE
@FILE
@_shared
def import_json(
    record_type: str, file: Path, slug: str, dry_run: bool, as_json: bool, language: str | None
) -> None:
    _import(record_type, file, slug, dry_run, as_json, language, "json")


@import_.command("csv", help="Take in records of one type from a CSV file whose first line names the fields.")
@TYPE
@FILE
@_shared
def import_csv(
    record_type: str, file: Path, slug: str, dry_run: bool, as_json: bool, language: str | None
) -> None:
    _import(record_type, file, slug, dry_run, as_json, language, "csv")


def _import(
    record_type: str, file: Path, slug: str, dry_run: bool, as_json: bool, language: str | None, source: str
) -> None:
    if language:
        set_language(language)
    problems = Problems()
    prepare = storing(current_app.extensions["storage"], file.parent) if record_type == "document" else None
    with current.acting_for(_tenant(slug)), file.open("rb") as stream:
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
    if as_json:
        _print_json(report.as_dict())
    else:
        _say(report)
    _leave(report.is_good)


def _tenant(slug: str) -> uuid.UUID:
    found = find_tenant(db.engine, slug)
    if found is None:
        raise click.ClickException(_("There is no broker called {name}.", name=slug))
    return found.tenant_id


def _print_json(report: dict[str, Any]) -> None:
    click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())


def _leave(is_good: bool) -> None:
    if not is_good:
        raise SystemExit(1)


def _say(report: Report) -> None:
    if report.dry_run:
        click.echo(_("This was a trial: nothing was changed."))
    click.echo(_("New: {n}", n=report.new))
    click.echo(_("Changed: {n}", n=report.changed))
    click.echo(_("Unchanged: {n}", n=report.unchanged))
    if report.refused:
        click.echo(_("Refused: {n}", n=report.refused))
    for field, found in report.differences.items():
        click.echo(
            _n("{field}: {n} value differs", "{field}: {n} values differ", found["count"], field=field)
        )
        for example in found["examples"]:
            click.echo(f"  {example['key']}: {example['old'] or '–'} → {example['new'] or '–'}")
    _say_errors([problem.as_dict() for problem in report.errors], report.problems.count)


def _say_gdv(summary: dict[str, Any]) -> None:
    if summary["dry_run"]:
        click.echo(_("This was a trial: nothing was changed."))
    click.echo(_n("{n} package", "{n} packages", summary["packages"]))
    if summary["refused"]:
        click.echo(_n("{n} package refused", "{n} packages refused", summary["refused"]))
    click.echo(_n("{n} record", "{n} records", summary["records"]))
    click.echo(_n("{n} contract", "{n} contracts", summary["contracts"]))
    click.echo(_("Total premium: {amount}", amount=summary["premium_total"]))
    for record_type, counts in summary["taken"].items():
        name = RECORD_TYPES[record_type].schema.nouns
        click.echo(
            _("{records}: {new} new, {changed} changed, {unchanged} unchanged", records=name, **counts)
        )
    for note in summary["notes"][:MOST_SAID]:
        click.echo(_in_words(note))
    _say_errors(summary["errors"], summary["errors_total"])


def _say_errors(errors: list[dict[str, Any]], count: int) -> None:
    if not count:
        return
    click.echo(_n("{n} error:", "{n} errors:", count))
    for error in errors[:MOST_SAID]:
        click.echo(_in_words(error))
    if count > MOST_SAID:
        click.echo(_("and {n} more", n=count - min(len(errors), MOST_SAID)))


def _in_words(error: dict[str, Any]) -> str:
    """One line of a report: where, which field and value, and why."""
    where = [_("line {n}", n=error["line"])] if error["line"] else []
    where += [error[name] for name in ("record", "field") if error.get(name)]
    value = f" „{error['value']}“" if error["value"] else ""
    return f"  {', '.join(where)}{value}: {error['text']}"
