"""The table of journeys names journeys that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_journey_that_the_table_names_is_told() -> None:
    told = "".join(one.read_text() for one in (ROOT / "tests/journeys").glob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs/journeys.md").read_text())

    assert named
    assert [name for name in named if f"def {name}(" not in told] == []
