"""The audit log on the command line: whether its chain holds, and erasing a person from it."""

from __future__ import annotations

import uuid

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine, text

from app.administration.audit.erasure import erase_person
from app.core import audit, chain
from app.core.db import db
from app.core.text import _, _n
from tenants import current
from tenants.commands import asked_for, of_tenant
from tenants.isolation import announce_tenant


@click.group("audit", help="The audit log.")
def audit_group() -> None:
    pass


@audit_group.command("verify", help="Look through the whole log; ends with code 1 if it was changed by hand.")
@of_tenant
@click.option(
    "--noted",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A row's hash that was kept elsewhere, as printed here or exported.",
)
@with_appcontext
def verify(slug: str | None, noted: tuple[str, ...]) -> None:
    kept = dict(map(_noted, noted))
    tenant = asked_for(slug)
    with current.acting_for(tenant.tenant_id), db.engine.connect() as connection:
        verdict = chain.verify(connection, tenant.tenant_id, kept)
    if verdict.fault is None:
        click.echo(_n("The log is intact: {n} row.", "The log is intact: {n} rows.", verdict.rows))
        click.echo(f"{verdict.rows}:{verdict.head.hex()}")
        return
    raise click.ClickException(_said(verdict))


def _noted(said: str) -> tuple[int, bytes]:
    number, _colon, value = said.partition(":")
    try:
        return int(number), bytes.fromhex(value)
    except ValueError:
        raise click.BadParameter(_("Enter number and hash of a row: {form}", form="NUMBER:HASH")) from None


def _said(verdict: chain.Verdict) -> str:
    row = {"n": verdict.number, "id": verdict.row_id}
    match verdict.fault:
        case "missing":
            return _("Row {n} is missing.", n=verdict.number)
        case "added":
            return _("A row was added past the portal: {id}", id=verdict.row_id)
        case "changed":
            return _("What row {n} says before and after was changed: {id}", **row)
        case "emptied":
            return _("What row {n} says before and after was taken out, and no erasure names it: {id}", **row)
        case "rewritten":
            return _("Row {n} has another hash than the one kept elsewhere: {id}", **row)
        case _:
            return _("Row {n} was changed, or does not follow from the rows before it: {id}", **row)


@audit_group.command(
    "seal", help="Take rows into the chain that a former release wrote during an upgrade; which, is noted."
)
@of_tenant
@with_appcontext
def seal(slug: str | None) -> None:
    tenant = asked_for(slug)
    with current.acting_for(tenant.tenant_id), db.engine.begin() as connection:
        ids = chain.take_in(connection, tenant.tenant_id)
        if ids:
            audit.write(
                connection, tenant.tenant_id, "audit.sealed", after={"rows": [str(one) for one in ids]}
            )
    click.echo(_n("{n} row was taken in.", "{n} rows were taken in.", len(ids)))


@audit_group.command(
    "erase", help="Take what the log says of a person out of it, for good. That he acted, and when, stays."
)
@click.argument("user")
@of_tenant
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def erase(user: str, slug: str | None, yes: bool) -> None:
    """`user` is an e-mail address, or the id of somebody who is no more."""
    tenant = asked_for(slug)
    # The portal itself may change nothing in the log.
    owner = create_engine(current_app.extensions["settings"].database_owner_url)
    announce_tenant(owner)
    try:
        with current.acting_for(tenant.tenant_id), owner.begin() as connection:
            found = connection.execute(
                text("select id from users where tenant_id = :tenant and email = lower(:email)"),
                {"tenant": tenant.tenant_id, "email": user},
            ).scalar()
            user_id = found or _id(user)
            if not yes:
                click.confirm(_("Erase what the log says of {user}, for good?", user=user), abort=True)
            numbers = erase_person(connection, user_id)
    finally:
        owner.dispose()
    click.echo(_n("{n} row was emptied.", "{n} rows were emptied.", len(numbers)))


def _id(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        raise click.ClickException(_("There is no user with this email address.")) from None
