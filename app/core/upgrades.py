"""Bringing the database to this release's shape."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(owner_url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    return settings


def upgrade(owner_url: str) -> None:
    """Run every migration that has not run yet, as the owner of the tables."""
    command.upgrade(config(owner_url), "head")


def versions(engine: Engine) -> tuple[str | None, str | None]:
    """The version the database has and the one this release needs."""
    with engine.connect() as connection:
        has = MigrationContext.configure(connection).get_current_revision()
    return has, ScriptDirectory.from_config(config("")).get_current_head()
