"""Reading the tables of invented names, places and texts the demonstration is made of."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).with_name("data")


def table(name: str) -> list[dict[str, str]]:
    """The rows of one table, by the names in its first line."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
