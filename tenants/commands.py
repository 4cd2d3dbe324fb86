"""Which broker a command acts for."""

from __future__ import annotations

import click

from app.core.db import db
from app.core.text import _
from tenants.directory import TenantEntry, find_tenant, list_tenants

of_tenant = click.option(
    "--tenant",
    "slug",
    metavar="NAME",
    envvar="PORTICO_TENANT",
    help="The broker’s short name; the only broker's by default.",
)


def asked_for(slug: str | None) -> TenantEntry:
    """The broker of this name, or the only one there is; else the command ends and says which there are."""
    if slug:
        if found := find_tenant(db.engine, slug):
            return found
        raise click.ClickException(_("There is no broker called {name}.", name=slug))
    known = list(list_tenants(db.engine))
    if len(known) == 1:
        return known[0]
    names = ", ".join(sorted(tenant.slug for tenant in known))
    raise click.UsageError(_("Say which broker is meant, with --tenant: {names}.", names=names or "–"))
