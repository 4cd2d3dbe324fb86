"""A broker's desk, a client of his, and the other broker with the same."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from tenants import current, directory
from tests.conftest import Browser

OWN = {"accent": "#6b3fa0", "tint": "#6d6a85", "heading": "classic", "radius": "12", "density": "80"}
TERMS = {"terms_version": "2026-11", "terms_required": "1"}
LINKS = {"links.terms": "https://haus.example/terms"}


def png(colour: str = "teal", size: tuple[int, int] = (60, 20)) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", size, colour).save(held, "PNG")
    return held.getvalue()


@pytest.fixture(autouse=True)
def _house_afresh() -> None:
    """Brokers are remembered for seconds, which tests do not wait."""
    directory._known.clear()


@pytest.fixture
def house(make: Any, sign_in: Callable[..., Browser]) -> SimpleNamespace:
    """Aylin keeps the desk, Klara is a client."""
    organization = make.organization(name="Nordwerk")
    klara = make.member(organization, user=make.user("Klara Muster"), is_main=True)
    aylin = make.user("Aylin Kaya", is_staff=True, profile_id=make.profile(is_staff=True))
    return SimpleNamespace(
        organization=organization, membership=klara, klara=make.user_of(klara), aylin=aylin,
        desk=sign_in(user=aylin), client=sign_in(klara),
    )  # fmt: skip


@pytest.fixture
def next_door(neighbour: Any, sign_in: Callable[..., Browser]) -> Browser:
    """The desk of the other broker."""
    clerk = neighbour.user(is_staff=True, profile_id=neighbour.profile(is_staff=True))
    return sign_in(user=clerk, at=neighbour)


@pytest.fixture
def run(make: Any) -> Callable[..., Any]:
    """A statement for this broker: its rows, if it has any."""

    def run(statement: str, **values: uuid.UUID | str) -> Any:
        with current.acting_for(make.tenant_id), make.engine.begin() as connection:
            found = connection.execute(text(statement), {"tenant": make.tenant_id, **values})
            return found.all() if found.returns_rows else None

    return run
