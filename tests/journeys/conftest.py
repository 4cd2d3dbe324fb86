"""The demonstration's portal, served as it is served to people, and a real browser to look at it with."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from playwright.sync_api import Browser, Cookie
from sqlalchemy import Engine, text

from app.core.settings import Settings
from app.core.storage import Storage
from app.demo import loading
from app.demo.command import BROKERS
from app.demo.serving import WebServer
from app.factory import declare
from tenants import current, visibility
from tests.journeys.people import Demo, Hand, Person

ADDRESS = "127.0.0.1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them need Chromium, and share what is slow to make: better in one process than in each."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("journeys"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def loaded_demo(
    browser: Browser,
    servers: dict[str, str],
    owner: Engine,
    web: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Demo]:
    """The three brokers of the demonstration in the tests' database, served by a process of its own."""
    port = free_port()
    environment = {
        **servers,
        "PORTICO_HOST": loading.host_ending(port),
        "SECRET_KEY": secrets.token_urlsafe(32),
    }
    with mock.patch.dict(os.environ, environment):
        declare()
        storage, demo = Storage(Settings.from_environment()), Demo(port, web)
        loading.seed_rates(owner)
        for make in BROKERS:
            broker = make(visibility.today())
            tenant = loading.tenant_of(owner, broker.slug, broker.name, broker.theme, broker.language, port)
            with current.acting_for(tenant):
                if loading.loaded(web) is None:
                    loading.load(web, storage, broker, lambda _words: None)
            demo.add(broker, tenant)
        loading.point_hosts(owner, port)
        server = WebServer(ADDRESS, port, 1)
        try:
            server.wait_ready(demo.host("hansen"))
            yield demo
        finally:
            server.stop()


@pytest.fixture
def demo(loaded_demo: Demo, owner: Engine) -> Demo:
    """Tests of the demonstration move every broker below localhost to their ports, and hundreds sign in from here."""
    loading.point_hosts(owner, loaded_demo.port)
    for tenant in loaded_demo.tenants.values():
        with current.acting_for(tenant), owner.begin() as connection:
            connection.execute(
                text("delete from sign_in_tries where tenant_id = :tenant"), {"tenant": tenant}
            )
    return loaded_demo


@pytest.fixture
def visit(browser: Browser, demo: Demo) -> Iterator[Callable[..., Person]]:
    """Somebody new before a broker's portal, in a browser of his own that is closed when the test ends."""
    people: list[Person] = []

    def visit(slug: str = "hansen", *, language: str = "en", width: int = 1440, **options: object) -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 844}, locale=language, **options
        )
        people.append(Person(demo, slug, context, language))
        return people[-1]

    yield visit
    for person in people:
        person.context.close()


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], list[Cookie]]:
    """Who has signed in already, by broker and address: signing in takes as long as a journey."""
    return {}


@pytest.fixture
def arrive(
    visit: Callable[..., Person], sessions: dict[tuple[str, str], list[Cookie]]
) -> Callable[..., Person]:
    """Somebody who is signed in, at a page."""

    def arrive(
        email: str, path: str, slug: str = "hansen", *, language: str = "en", **options: object
    ) -> Person:
        person = visit(slug, language=language, **options)
        if (slug, email) in sessions:
            person.context.add_cookies(sessions[slug, email])  # type: ignore[arg-type]
        else:
            person.sign_in(email)
            sessions[slug, email] = person.context.cookies()
        person.open(path)
        return person.speak(language)

    return arrive


@pytest.fixture(params=["mouse", "keyboard"])
def hand(request: pytest.FixtureRequest) -> Hand:
    """Told twice: everything can be done with a mouse, and everything with the keyboard alone."""
    return Hand(request.param == "keyboard")
