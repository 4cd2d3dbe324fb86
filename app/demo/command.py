"""`portico demo`: from an empty folder to a portal with three brokers in it, in one command."""

from __future__ import annotations

import datetime
import os
import secrets
import signal
import socket
import time
from pathlib import Path

import click
from sqlalchemy import Engine, create_engine

from app.core import upgrades
from app.core.errors import Away
from app.core.servers import AlreadyRunning, Launcher, ServerFailed
from app.core.settings import Settings
from app.core.storage import Storage
from app.core.text import _
from app.demo import loading
from app.demo.broker import PASSWORD, Broker
from app.demo.hansen import hansen
from app.demo.neighbours import atelier, limmat
from app.demo.serving import WebServer, WebServerEnded, Worker
from app.demo.volume import Volume, load_volume, volumes
from app.factory import declare
from tenants import current
from tenants.isolation import announce_tenant

ADDRESS = "127.0.0.1"
BROKERS = (hansen, limmat, atelier)
MAILS = "mails"
"""The folder of mails in the folder of all data."""


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8080, show_default=True)
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".state"),
    show_default=True,
    help="Folder for all data.",
)
@click.option(
    "--contracts",
    type=click.IntRange(1, 5_000_000),
    help="Add a stock of so many contracts for measuring, and one of 4,000 to compare with.",
)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True)
def demo(port: int, state: Path, contracts: int | None, workers: int) -> None:
    """Start a portal with invented brokers. Ctrl-C stops everything, the next start goes on from there."""
    began = time.monotonic()
    # A shell that starts it in the background lets it ignore Ctrl-C, and whoever sends that signal means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    refuse_taken(port)
    try:
        with Launcher(state) as launcher:
            os.environ.update(launcher.environment())
            os.environ["PORTICO_HOST"] = loading.host_ending(port)
            os.environ["SECRET_KEY"] = os.environ.get("SECRET_KEY") or secret_key(state)
            os.environ["SMTP_URL"] = os.environ.get("SMTP_URL") or (state / MAILS).absolute().as_uri()
            brokers = prepare(port, contracts, began)
            serve(port, workers, brokers, state)
    except (AlreadyRunning, ServerFailed, loading.LoadFailed) as problem:
        raise click.ClickException(str(problem)) from None
    except Away as problem:
        raise click.ClickException(
            _("A server does not answer: {server}. Start again.", server=problem)
        ) from None
    except WebServerEnded:
        raise click.ClickException(_("The web server ended. What it said stands above.")) from None
    except KeyboardInterrupt:
        click.echo(_("Stopped. The next start goes on from here."))


def serve(port: int, workers: int, brokers: list[Broker | Volume], state: Path) -> None:
    """Serve until somebody stops us. A web server that is killed is started again, one that cannot start is not."""
    worker: Worker | None = None
    try:
        while True:
            web = WebServer(ADDRESS, port, workers)
            try:
                web.wait_ready(f"{brokers[0].slug}.{loading.host_ending(port)}")
                if worker is None:
                    announce(brokers, port, state)
                    worker = Worker()
                web.wait()
            finally:
                web.stop()
    finally:
        if worker is not None:
            worker.stop()


def refuse_taken(port: int) -> None:
    """Say so now, before minutes of loading end in an address nobody can have."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise click.ClickException(
                _(
                    "Port {port} cannot be used: {reason}. Choose another: --port",
                    port=port,
                    reason=error.strerror,
                )
            ) from None


def secret_key(state: Path) -> str:
    """The key of the portal's secrets, made once per folder and readable by its owner only."""
    path = state / "secret.key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def prepare(port: int, contracts: int | None, began: float) -> list[Broker | Volume]:
    """Bring the tables to this release and load the brokers that are not complete yet."""

    def say(what: str) -> None:
        click.echo(f"{time.monotonic() - began:5.1f} s  {what}")

    settings = Settings.from_environment()
    say(_("The servers answer."))
    upgrades.upgrade(settings.database_owner_url)
    declare()
    owner, web = engine(settings.database_owner_url), engine(settings.database_url)
    try:
        loading.seed_rates(owner)
        brokers = [make(datetime.date.today()) for make in BROKERS]  # noqa: DTZ011 - the day on the wall
        for broker in brokers:
            tenant = loading.tenant_of(owner, broker.slug, broker.name, broker.theme, broker.language, port)
            with current.acting_for(tenant):
                if loading.loaded(web) is None:
                    say(_("Loading {broker}.", broker=broker.name))
                    loading.load(web, Storage(settings), broker, say)
        large = volumes(contracts) if contracts else []
        for volume in large:
            tenant = loading.tenant_of(owner, volume.slug, volume.name, "hanse", "de", port)
            with current.acting_for(tenant):
                say(_("Loading {broker}.", broker=volume.name))
                load_volume(web, volume, say)
        loading.point_hosts(owner, port)
    finally:
        owner.dispose()
        web.dispose()
    return [*brokers, *large]


def engine(url: str) -> Engine:
    made = create_engine(url)
    announce_tenant(made)
    return made


def announce(brokers: list[Broker | Volume], port: int, state: Path) -> None:
    """The address, who can sign in there, and where mails are found."""
    rows = [
        (account.email, account.who, str(account.sees), f"http://{broker.slug}.{loading.host_ending(port)}/")
        for broker in brokers
        for account in broker.accounts
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    click.echo()
    click.echo(f"ready: {rows[0][3]}")
    click.echo()
    click.echo(_("Everybody’s password: {password}", password=PASSWORD))
    before = ""
    for row in rows:
        if row[3] != before:
            click.echo(f"\n{row[3]}")
            before = row[3]
        click.echo(
            "  " + "  ".join(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=False)).rstrip()
        )
    click.echo()
    if os.environ["SMTP_URL"].startswith("file:"):
        click.echo(_("Mails, such as invitations, are written to {folder}", folder=state / MAILS))
    click.echo(_("Ctrl-C stops everything."))
