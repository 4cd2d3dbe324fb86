"""The insurers of the demonstration: invented houses, where they work, what they cover, how they number policies."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.tables import table


@dataclass(frozen=True)
class House:
    """An insurer; `covers` are names of covers.COVERS, `pattern` takes year and n."""

    key: str
    name: str
    countries: tuple[str, ...]
    covers: tuple[str, ...]
    pattern: str


HOUSES = tuple(
    House(
        row["key"],
        row["name"],
        tuple(row["countries"].split()),
        tuple(row["covers"].split()),
        row["pattern"],
    )
    for row in table("insurers")
)


def houses_for(country: str, cover: str) -> list[House]:
    """Who covers this there; if nobody does, who covers it anywhere."""
    anywhere = [house for house in HOUSES if cover in house.covers]
    return [house for house in anywhere if country in house.countries] or anywhere
