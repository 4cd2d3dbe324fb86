"""The stage every test stands on: the real servers, a migrated database, and brokers made on demand."""

from __future__ import annotations

import datetime
import os
import secrets
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser as RealBrowser
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine, create_engine, text

from app.core import upgrades
from app.core.db import db
from app.core.servers.launcher import Launcher
from app.core.settings import Settings
from permissions.arrival import hashed
from tenants import current
from tenants.isolation import announce_tenant
from tests.chromium import chromium
from tests.factories import Make


def pytest_unconfigure(config: pytest.Config) -> None:
    """The very last line of a run: that the browser tests were left out, and why."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    left_out = [report for report in reporter.stats.get("skipped", []) if "browser" in report.keywords]
    if left_out:
        reporter.write_line(f"{len(left_out)} browser tests were left out. {chromium()[1]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[RealBrowser]:
    """A real browser, one per process: Playwright's synchronous face cannot be put on twice."""
    program, reason = chromium()
    if program is None:
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, str]]:
    """Addresses of real servers: those of the environment, else embedded ones that end with the tests."""
    # Not pytest's own folder: it is closed to the account that PostgreSQL runs under when we are root.
    with (
        tempfile.TemporaryDirectory(prefix="portico-") as state,
        Launcher(Path(os.environ.get("PORTICO_TEST_STATE", state)), fast=True) as launcher,
    ):
        environment = launcher.environment()
        upgrades.upgrade(environment["DATABASE_OWNER_URL"])
        yield environment


@pytest.fixture(scope="session")
def owner(servers: dict[str, str]) -> Iterator[Engine]:
    """The owner of the tables. Behind the wall like everybody; may write the directory and the rates."""
    engine = create_engine(servers["DATABASE_OWNER_URL"])
    announce_tenant(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def web(servers: dict[str, str]) -> Iterator[Engine]:
    """The database as the portal sees it."""
    engine = create_engine(servers["DATABASE_URL"])
    announce_tenant(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def tenant_id(owner: Engine) -> Iterator[uuid.UUID]:
    """A broker of this test's own, acted for until it ends."""
    tenant = make_tenant(owner)
    with current.acting_for(tenant):
        yield tenant


def make_tenant(owner: Engine) -> uuid.UUID:
    """A broker with nothing in it."""
    tenant = uuid.uuid4()
    with current.acting_for(tenant), owner.begin() as connection:
        connection.execute(
            text("insert into tenants (tenant_id, slug, name) values (:id, :slug, 'Test')"),
            {"id": tenant, "slug": tenant.hex},
        )
        connection.execute(
            text("insert into hosts (host, tenant_id) values (:host, :id)"),
            {"host": f"{tenant.hex}.test", "id": tenant},
        )
    return tenant


@pytest.fixture(scope="session")
def portal(servers: dict[str, str]) -> Iterator[Flask]:
    """The application as it is served, on the test's servers."""
    from app.factory import create_app

    settings = Settings(
        database_url=servers["DATABASE_URL"],
        database_owner_url=servers["DATABASE_OWNER_URL"],
        redis_url=servers["REDIS_URL"],
        s3_endpoint_url=servers["S3_ENDPOINT_URL"],
        s3_access_key_id=servers["S3_ACCESS_KEY_ID"],
        s3_secret_access_key=servers["S3_SECRET_ACCESS_KEY"],
        s3_bucket=servers["S3_BUCKET"],
        secret_key="a secret of the tests",
        is_strict=True,
    )
    portal = create_app(settings)
    # A test wants to see what broke, not the page that hides it.
    portal.error_handler_spec[None][None].pop(Exception, None)
    portal.testing = True
    yield portal
    with portal.app_context():
        db.engine.dispose()


@pytest.fixture
def make(portal: Flask, owner: Engine, web: Engine) -> Make:
    """The broker of this test."""
    return Make(web, make_tenant(owner))


@pytest.fixture
def neighbour(portal: Flask, owner: Engine, web: Engine) -> Make:
    """The other broker, always in the room."""
    return Make(web, make_tenant(owner))


class Browser:
    """Somebody at a broker's portal: signed in with a token of one membership, or nobody yet."""

    def __init__(self, portal: Flask, make: Make, token: str | None) -> None:
        self.client = portal.test_client()
        self.base = f"http://{make.tenant_id.hex}.test"
        if token:
            self.client.set_cookie("portico", token, domain=f"{make.tenant_id.hex}.test")

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, base_url=self.base, **options)

    def post(self, path: str, **options: Any) -> Any:
        return self.client.post(path, base_url=self.base, **options)


@pytest.fixture
def sign_in(portal: Flask, make: Make) -> Callable[..., Browser]:
    """Sign a membership (or a staff user) in, without the password page."""

    def sign_in(
        membership: uuid.UUID | None = None, *, user: uuid.UUID | None = None, at: Make | None = None
    ) -> Browser:
        house = at or make
        token = secrets.token_urlsafe(16)
        house.row(
            "sessions",
            token_hash=hashed(token),
            user_id=user or house.user_of(membership),  # type: ignore[arg-type]
            membership_id=membership,
            expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1),
        )
        return Browser(portal, house, token)

    return sign_in


@pytest.fixture
def nobody(portal: Flask, make: Make) -> Browser:
    return Browser(portal, make, None)
