"""What the demonstration says is read in English here, and a command's choice of language ends with its test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.core.text import speaking


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield
