"""What can be insured in the demonstration: lines of business with their names, prices and usual losses."""

from __future__ import annotations

from dataclasses import dataclass

from app.demo.tables import table

TAX = {"DE": 19, "CH": 5, "GB": 12, "FR": 9, "ES": 8}
"""Insurance premium tax, per cent, as these countries levy it on most property and liability business."""
UNTAXED = {"cargo", "hull", "life", "health", "pension", "credit"}


@dataclass(frozen=True)
class Cover:
    """A kind of cover. `rate` is the yearly premium in per mille of the sum insured, `sums` the usual sum in
    thousands where no objects make one, `losses` are pairs of claim type and cause."""

    key: str
    line: str
    names: dict[str, str]
    rate: tuple[float, float]
    sums: tuple[int, int]
    deductibles: tuple[int, ...]
    contract_type: str
    commission: float
    losses: tuple[tuple[str, str], ...]


def _cover(row: dict[str, str]) -> Cover:
    low, high = map(float, row["rate"].split())
    least, most = map(int, row["sums"].split())
    losses = [loss.split("/") for loss in row["losses"].split()]
    return Cover(
        row["cover"],
        row["line"],
        {language: row[language] for language in ("de", "en", "fr")},
        (low, high),
        (least, most),
        tuple(map(int, row["deductibles"].split())),
        row["contract_type"],
        float(row["commission"]),
        tuple((kind, cause) for kind, cause in losses),
    )


COVERS = {row["cover"]: _cover(row) for row in table("covers")}
