"""Who sees what, on the command line: whoever works there sees everything of a broker."""

from __future__ import annotations

import uuid

import click
from flask.cli import with_appcontext

from app.administration.command_line import transaction
from app.administration.seen.question import read
from app.administration.seen.verdicts import verdict
from app.administration.seen.words import Speaker, field_words
from app.core.errors import NotFound
from app.core.text import _, labelled
from app.reports.source import stored
from permissions import Level, Rights, Viewer
from permissions.catalogue import catalogue
from tenants import current, visibility
from tenants.commands import of_tenant


@click.command("why", help="Why a user sees a record or does not: EMAIL, record type, and its key or id.")
@of_tenant
@click.argument("email")
@click.argument("kind")
@click.argument("key")
@click.option("--field", help="Name of one field of the record, and how far the user reads it.")
@with_appcontext
def why(slug: str | None, email: str, kind: str, key: str, field: str | None) -> None:
    with transaction(slug) as connection:
        if kind not in stored():
            raise click.ClickException(_("There is no record type {kind}.", kind=kind))
        asker = _everything()
        words = {"person": email, "record": f"{kind}:{key}", "field": field or ""}
        try:
            question = read(connection, asker, words)
        except NotFound:
            raise click.ClickException(_("There is no such user, record or field at this broker.")) from None
        speaker = Speaker(connection, asker)
        for answer in question.answers:
            click.echo(verdict(speaker, question, answer).title)
            for one in speaker.all_said(answer.reasons, answer.place):
                mark = "ok  " if one.is_met else "NO  "
                click.echo(f"  {mark}{labelled(one.title, one.detail) if one.detail else one.title}")
            for seen in question.fields(answer) if field else ():
                level, _tone, because = field_words(seen, answer.place)
                click.echo(f"  {labelled(seen.label, level)} ({because})")


def _everything() -> Viewer:
    """Somebody of the broker whose profile grants everything there is."""
    fields = {(schema.record, name): Level.EDIT for schema, name in catalogue.fields()}
    rights = Rights(
        frozenset(area.key for area in catalogue.areas()),
        frozenset(function.key for function in catalogue.functions()),
        fields,
        {schema.record: frozenset(schema.declared()) for schema in catalogue.schemas()},
    )
    return Viewer(current.tenant_id(), uuid.UUID(int=0), "", "", True, rights, today=visibility.today())
