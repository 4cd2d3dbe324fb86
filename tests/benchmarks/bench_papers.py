"""A data sheet and a long overview as PDFs: CPU time of the whole request."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from tests.benchmarks.bench_pages import SHOWN, getter
from tests.benchmarks.measure import Finding, Meter
from tests.benchmarks.world import House


def run(portal: Any, house: House, meter: Meter) -> list[Finding]:
    """`house` has an organization, narrow, that sees 999 contracts."""
    client = portal.test_client()
    client.set_cookie("portico", house.tokens["narrow"], domain=house.host)
    found = client.get("/api/v1/contracts?limit=60", base_url=f"http://{house.host}").json["contracts"]
    # Each another one: typst would remember the last.
    sheets = cycle([getter(portal, house, "narrow", f"/contracts/{one['id']}/sheet.pdf") for one in found])
    page = getter(portal, house, "narrow", f"/contracts/{found[0]['id']}")
    rows = getter(portal, house, "narrow", f"/contracts.pdf?columns={','.join(SHOWN.split(',')[:8])}")
    return [
        Finding("data sheet of a contract as PDF, ms", meter.milliseconds(lambda: next(sheets)(), 50), 50),
        Finding("   its page, ms", meter.milliseconds(page, 50), None),
        Finding("999 rows of 8 columns as PDF, ms", meter.milliseconds(rows, 3), 3000),
    ]
