"""The broker's desk on the command line: tenants, users, organizations, profiles, and declaring them all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import create_engine

from app.administration import config, tenants
from app.administration.command_line import (
    PASSWORD,
    ask_password,
    say_plan,
    say_table,
    saying_why,
    transaction,
)
from app.administration.config.document import read_text, write_text
from app.core.db import db
from app.core.errors import Refusal
from app.core.text import _
from tenants import directory
from tenants.commands import of_tenant
from tenants.isolation import announce_tenant


class NoSuchUser(Refusal):
    """Nobody has this email address here."""


class PlanChanged(Refusal):
    """Somebody else changed the configuration between the plan and the yes."""

    def __str__(self) -> str:
        return _(
            "The configuration was changed by somebody else in the meantime. Look at the plan once more."
        )


def change_user(slug: str | None, email: str, **settings: Any) -> None:
    """Change somebody who is there, and say what changed."""
    with transaction(slug) as connection:
        if email.lower() not in {user["email"] for user in config.export(connection)["users"]}:
            raise NoSuchUser(_("There is no user with this email address."))
        done = config.apply(connection, {"users": [{"email": email, **settings}]}, None)
    say_plan(done)


@click.group("tenant", help="Brokers of this installation.")
def tenant_group() -> None:
    pass


@tenant_group.command("create", help="Make a broker with the ready profiles and a first administrator.")
@click.argument("slug")
@click.option("--name", required=True)
@click.option(
    "--host", help="Host name, with its port if it has one; else the short name before PORTICO_HOST."
)
@click.option("--theme", default="hanse", show_default=True)
@click.option("--language", default="de", show_default=True)
@click.option(
    "--admin-email", help=f"The first administrator; the password is asked for, or read from {PASSWORD}."
)
@click.option("--admin-name", default="Administrator")
@with_appcontext
def create_tenant(
    slug: str,
    name: str,
    host: str | None,
    theme: str,
    language: str,
    admin_email: str | None,
    admin_name: str,
) -> None:
    settings = current_app.extensions["settings"]
    host = host or f"{slug}.{settings.base_host or 'localhost'}"
    first = tenants.FirstUser(admin_email, admin_name, ask_password()) if admin_email else None
    owner = create_engine(settings.database_owner_url)
    announce_tenant(owner)
    try:
        with saying_why():
            tenants.create_tenant(
                owner, slug=slug, name=name, host=host, theme=theme, language=language, administrator=first
            )
    finally:
        owner.dispose()
    click.echo(_("{name} answers under {host}.", name=name, host=host))


@tenant_group.command("list", help="Every broker, with the hosts it answers under.")
@with_appcontext
def list_tenants() -> None:
    say_table(
        [
            (tenant.slug, tenant.name, tenant.theme, tenant.language, ", ".join(tenant.hosts))
            for tenant in directory.list_tenants(db.engine)
        ]
    )


@click.group("user", help="People who sign in.")
def user_group() -> None:
    pass


@user_group.command("create", help="Make a user. A client becomes a member by apply; staff need a profile.")
@click.argument("email")
@of_tenant
@click.option("--name", required=True)
@click.option("--staff", is_flag=True, help="One of the broker’s staff.")
@click.option("--profile", help="Key of the profile of a staff member.")
@click.option("--key", help="What the broker’s system calls a staff member.")
@click.option("--language", type=click.Choice(["de", "en", "fr", "es"]))
@click.option("--password", "has_password", is_flag=True, help=f"Ask for a password, or read {PASSWORD}.")
@with_appcontext
def create_user(
    email: str, slug: str | None, name: str, staff: bool, profile: str | None, key: str | None, language: str | None,
    has_password: bool,
) -> None:  # fmt: skip
    user = {
        "email": email, "name": name, "staff": staff, "profile": profile, "key": key, "language": language,
    }  # fmt: skip
    if has_password:
        user["password"] = ask_password()
    with transaction(slug) as connection:
        if email.lower() in {found["email"] for found in config.export(connection)["users"]}:
            raise tenants.AlreadyThere(_("There is already a user with this email address."))
        done = config.apply(connection, {"users": [user]}, None)
    say_plan(done)


@user_group.command("list", help="Every user: email, name, staff or client, active or not, profile.")
@of_tenant
@with_appcontext
def list_users(slug: str | None) -> None:
    with transaction(slug) as connection:
        users = config.export(connection)["users"]
    say_table(
        [
            (
                user["email"],
                user["name"],
                _("Staff") if user["staff"] else _("Client"),
                _("active") if user["active"] else _("inactive"),
                user["profile"],
            )
            for user in users
        ]
    )


@user_group.command(
    "password", help=f"Set a user's password, asked for or read from {PASSWORD}; ends sessions."
)
@click.argument("email")
@of_tenant
@with_appcontext
def set_password(email: str, slug: str | None) -> None:
    change_user(slug, email, password=ask_password())


@user_group.command("deactivate", help="Let a user sign in no longer, and end the sessions there are.")
@click.argument("email")
@of_tenant
@with_appcontext
def deactivate_user(email: str, slug: str | None) -> None:
    change_user(slug, email, active=False)


def _list(slug: str | None, part: str, *columns: str) -> None:
    with transaction(slug) as connection:
        entries = config.export(connection)[part]
    say_table([tuple(", ".join(e[c]) if isinstance(e[c], list) else e[c] for c in columns) for e in entries])


def _show(slug: str | None, part: str, key: str) -> None:
    with transaction(slug) as connection:
        entries = config.export(connection)[part]
    found = [entry for entry in entries if entry["key"] == key]
    if not found:
        raise click.ClickException(_("There is nothing with the key {key}.", key=key))
    click.echo(write_text({part: found}), nl=False)


@click.group("organization", help="Clients' organisations: what they see and who belongs to them.")
def organization_group() -> None:
    pass


@organization_group.command("list", help="Every organisation: key, name, the one above, last day.")
@of_tenant
@with_appcontext
def list_organizations(slug: str | None) -> None:
    _list(slug, "organizations", "key", "name", "parent", "ends_on")


@organization_group.command("show", help="One organisation with all settings and members, as apply takes it.")
@click.argument("key")
@of_tenant
@with_appcontext
def show_organization(key: str, slug: str | None) -> None:
    _show(slug, "organizations", key)


@click.group("profile", help="Permission profiles.")
def profile_group() -> None:
    pass


@profile_group.command("list", help="Every profile: key, name, and those it inherits from.")
@of_tenant
@with_appcontext
def list_profiles(slug: str | None) -> None:
    _list(slug, "profiles", "key", "name", "inherits")


@profile_group.command("show", help="One profile with all it grants, as apply takes it.")
@click.argument("key")
@of_tenant
@with_appcontext
def show_profile(key: str, slug: str | None) -> None:
    _show(slug, "profiles", key)


@click.command(
    "apply", help="Declare organisations, profiles and users of a broker from a YAML or JSON file."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@of_tenant
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@with_appcontext
def apply_command(file: Path, slug: str | None, yes: bool, dry_run: bool) -> None:
    with saying_why():
        media_type = "application/json" if file.suffix.lower() == ".json" else "application/yaml"
        document = read_text(file.read_bytes(), media_type)
    with transaction(slug) as connection:
        planned = config.plan(connection, document, folder=file.parent)
    say_plan(planned)
    if dry_run or not planned:
        return
    if not yes:
        click.confirm(_("Apply these changes?"), abort=True)
    storage = current_app.extensions["storage"]
    with transaction(slug) as connection:
        # Asked for in a transaction of its own, so that nobody waits for an answer on the keyboard.
        if config.apply(connection, document, None, folder=file.parent, storage=storage) != planned:
            raise PlanChanged
    click.echo(_("Done."))


@click.group("config", help="The declared configuration.")
def config_group() -> None:
    pass


@config_group.command("export", help="Write everything that is declared as YAML; passwords are left out.")
@of_tenant
@with_appcontext
def export_command(slug: str | None) -> None:
    with transaction(slug) as connection:
        click.echo(write_text(config.export(connection)), nl=False)


COMMANDS = (
    tenant_group, user_group, organization_group, profile_group, apply_command, config_group,
)  # fmt: skip
