"""The `portico` command: starting and serving a portal, looking after its database, and what the slices offer."""

from __future__ import annotations

import ctypes
import importlib
import locale
import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, text

from app.core.servers import environment_of
from app.core.settings import Settings
from app.core.text import _, set_language
from tenants.commands import asked_for, of_tenant

OFFERED = {
    "import": "app.exchange.commands:import_",
    "rates": "app.exchange.rates:rates",
    "tenant": "app.administration.commands:tenant_group",
    "user": "app.administration.commands:user_group",
    "organization": "app.administration.commands:organization_group",
    "profile": "app.administration.commands:profile_group",
    "apply": "app.administration.commands:apply_command",
    "config": "app.administration.commands:config_group",
    "audit": "app.administration.audit.commands:audit_group",
    "storage": "app.administration.stored:storage_group",
    "why": "app.administration.seen.commands:why",
    "demo": "app.demo.command:demo",
}
"""Commands that live with what they are about. Looked up when called, so that no command waits for the others."""
WITHOUT_SERVERS = {"demo", "doctor", "text"}
WITH_APPLICATION = {
    "import",
    "tenant",
    "user",
    "organization",
    "profile",
    "apply",
    "config",
    "audit",
    "storage",
    "token",
    "why",
    "worker",
}
"""Commands that work inside the application, as a request does."""
THREADS = 4
"""Per worker. A request waits for the database most of its time, and the wait lets another one run."""
GIVES_WAY = 10
"""How much a worker stands back: somebody waits for a page, and nobody sits and waits for a job."""
PR_SET_PDEATHSIG = 1  # From linux/prctl.h.
HELP = {"-h", "--help"}
ASKS_FOR_HELP = "portico.asks_for_help"


class Commands(click.Group):
    """The commands of this module, and those offered elsewhere."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *OFFERED])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in OFFERED:
            return super().get_command(ctx, name)
        module, _colon, command = OFFERED[name].partition(":")
        return getattr(importlib.import_module(module), command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        ctx.meta[ASKS_FOR_HELP] = not HELP.isdisjoint(args)
        return super().resolve_command(ctx, args)


def _speak() -> None:
    """The language of the person at the terminal; English where it is none of ours."""
    # The variables themselves: Python reports en_US for a locale that is not installed, as in most containers.
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), None)
    code = (said or locale.getlocale()[0] or "").partition("_")[0].lower()
    set_language(
        {"de": "de", "german": "de", "fr": "fr", "french": "fr", "es": "es", "spanish": "es"}.get(code, "en")
    )


def find_servers(state: Path) -> None:
    """Without a database in the environment, use the servers of the demo that runs on this folder."""
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(environment_of(state) or {})


@click.group(cls=Commands, context_settings={"help_option_names": sorted(HELP)})
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".state"),
    envvar="PORTICO_STATE",
    show_default=True,
    help="Data folder of a running demo, used where the environment names no servers.",
)
@click.pass_context
def main(ctx: click.Context, state: Path) -> None:
    """Portico, the client portal for insurance brokers."""
    _speak()
    find_servers(state)
    if ctx.meta[ASKS_FOR_HELP] or ctx.invoked_subcommand in WITHOUT_SERVERS:
        return
    if not os.environ.get("DATABASE_URL"):
        raise click.ClickException(
            _(
                "No database is known. Set DATABASE_URL, or name the folder of a running demo: portico --state FOLDER"
            )
        )
    if ctx.invoked_subcommand in WITH_APPLICATION:
        from app.factory import create_app

        ctx.with_resource(create_app().app_context())


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8080, show_default=True)
@click.option("--workers", default=1, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the portal, with the servers the environment names."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    if not os.environ.get("SECRET_KEY"):
        raise click.ClickException(_("Set SECRET_KEY to a long random text and keep it."))
    Granian(
        "wsgi:app",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve(target_loader=load_portal)


def load_portal(_target: str) -> Any:
    """The application, in a worker that ends with the process that started it, however that one ends: a worker
    left over would go on answering on the port with what it once loaded."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        starter = multiprocessing.parent_process()
        if starter is not None and os.getppid() != starter.pid:
            raise SystemExit
    from wsgi import app

    return app


@main.command()
@click.option("--burst", is_flag=True, help="End when nothing is left to do.")
def worker(burst: bool) -> None:
    """Do the jobs that wait: those of the day, and those that requests leave behind."""
    from app.core.db import db as database
    from app.core.queue import Worker
    from tenants.jobs import Runner

    os.nice(GIVES_WAY)
    runner = Runner(database.engine)
    Worker(Settings.from_environment().redis_url, runner.sweep, runner.run).work(burst=burst)


@main.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this release, as their owner."""
    from app.core import upgrades

    upgrades.upgrade(Settings.from_environment().database_owner_url)
    _tell_version()


@db.command()
def version() -> None:
    """Say which version the tables have."""
    _tell_version()


def _tell_version() -> None:
    from app.core import upgrades

    engine = create_engine(Settings.from_environment().database_owner_url)
    has, wanted = upgrades.versions(engine)
    engine.dispose()
    if has == wanted:
        click.echo(_("The tables belong to this release: {version}.", version=has))
    else:
        click.echo(_("The tables are at {has}, this release needs {wanted}.", has=has or "–", wanted=wanted))
        raise SystemExit(1)


@main.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look at database, Valkey, storage and disk, and say what is wrong with them."""
    from app.core.servers.doctor import examine

    state: Path = ctx.parent.params["state"] if ctx.parent else Path()
    findings = examine(Settings.from_environment(), state if state.exists() else None)
    for finding in findings:
        mark = "ok  " if finding.is_ok else "BAD "
        click.echo(f"{mark}{finding.server}: {finding.what}")
        if finding.advice:
            click.echo(f"      {finding.advice}")
    if not all(finding.is_ok for finding in findings):
        raise SystemExit(1)


@main.group("text")
def words() -> None:
    """The words people read."""


@words.command()
def collect() -> None:
    """Bring the catalogues up to the texts in the code, and say how many await translation."""
    from app.core.catalogues import collect as bring_up

    for code, empty in bring_up().items():
        click.echo(f"{code}: {empty}")


@main.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@of_tenant
@click.option("--user", "email", required=True, help="Whose rights the token has, by e-mail address.")
@click.option("--organization", help="In which organization; the user's main one by default.")
@click.option("--name", default="command line", show_default=True)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it lasts; for ever by default.")
def create_token(slug: str | None, email: str, organization: str | None, name: str, days: int | None) -> None:
    """Make a token and print it; it is never shown again."""
    from app.accounts import actions
    from app.core.db import db as database
    from permissions.arrival import API_TOKENS, viewer_of
    from tenants import current

    found = asked_for(slug)
    with current.acting_for(found.tenant_id), database.engine.begin() as connection:
        owner = connection.execute(
            text(OWNER), {"tenant": found.tenant_id, "email": email.lower(), "organization": organization}
        ).first()
        if owner is None or not (owner.is_staff or owner.membership_id):
            raise click.ClickException(_("There is no active user {email} there.", email=email))
        person = viewer_of(connection, owner.id, owner.membership_id)
        if person is None or not person.may(API_TOKENS):
            raise click.ClickException(_("The profile of {email} does not include API tokens.", email=email))
        made = actions.create_token(connection, owner.id, owner.membership_id, name, days, actor_id=None)
    click.echo(made)


OWNER = """
    select u.id, u.is_staff, m.id as membership_id from users u
      left join (memberships m join organizations o on o.tenant_id = m.tenant_id and o.id = m.organization_id)
             on m.tenant_id = u.tenant_id and m.user_id = u.id and not u.is_staff
            and (cast(:organization as text) is null or o.key = :organization)
     where u.tenant_id = :tenant and u.email = :email and u.is_active
     order by m.is_main desc nulls last limit 1"""


if __name__ == "__main__":
    main()
