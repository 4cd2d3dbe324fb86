"""What the commands of the desk do alike: act for a broker, ask for a password, and say what was done or refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import Connection

from app.administration import config
from app.administration.config.changes import tell
from app.core.db import db
from app.core.errors import Refusal, Unacceptable
from app.core.text import _, _n
from tenants import current
from tenants.commands import asked_for

PASSWORD = "PORTICO_PASSWORD"
"""Where a password may stand instead of being asked for. Never an option: those show in the list of processes."""


@contextmanager
def transaction(slug: str | None) -> Iterator[Connection]:
    """Act for a broker in one transaction. What is refused is said, place by place, and ends with code 1."""
    tenant = asked_for(slug)
    with saying_why(), current.acting_for(tenant.tenant_id), db.engine.begin() as connection:
        yield connection


@contextmanager
def saying_why() -> Iterator[None]:
    try:
        yield
    except Unacceptable as refused:
        lines = [f"{place}: {sentence}" for place, sentence in refused.problems.items()]
        raise click.ClickException("\n".join([_("Nothing was changed."), *lines])) from None
    except Refusal as refused:
        raise click.ClickException(str(refused)) from None


def ask_password() -> str:
    return os.environ.get(PASSWORD) or click.prompt(_("Password"), hide_input=True, confirmation_prompt=True)


def say_plan(planned: config.Plan) -> None:
    for change in planned.changes:
        click.echo(tell(change))
    if planned:
        click.echo(_n("{n} change.", "{n} changes.", len(planned.changes)))
    else:
        click.echo(_("Nothing to change."))


def say_table(rows: list[tuple[Any, ...]]) -> None:
    """Rows in columns wide enough for each; nothing when there are none."""
    texts = [["–" if value in (None, "") else str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    for row in texts:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
