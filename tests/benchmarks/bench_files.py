"""An overview as a CSV file, against what PostgreSQL's own COPY of the same columns takes."""

from __future__ import annotations

import resource
import statistics
import time
from typing import Any

from sqlalchemy import Engine

from app.core.db import db, drop, transaction
from app.core.text import set_language
from app.reports.columns import columns_of
from app.reports.files import csv_pieces
from app.reports.reading import Problems, read
from app.reports.source import SOURCES
from permissions.arrival import arrive
from tenants import current
from tests.benchmarks.measure import Finding
from tests.benchmarks.world import House

COLUMNS = (
    "number,line_of_business,contract_type,status,product,starts_on,ends_on,annual_due_on,notice_period_months,"
    "payment_frequency,premium_net,insurance_tax,premium_gross,sum_insured,deductible"
)
RAW = """
    copy (select {columns} from contracts where tenant_id = '{tenant}' and id in
            (select contract_id from visible_contracts where tenant_id = '{tenant}' and scope_id = '{scope}')
          order by number_key, id) to stdout (format csv)"""


def run(portal: Any, house: House, backup: Engine) -> list[Finding]:
    """Rows per second of the file beside the raw copy's, in turns, and how much more memory it holds."""
    with portal.app_context(), current.acting_for(house.tenant_id):
        viewer = arrive(transaction(), house.tokens["wide"])
        drop()
        assert viewer is not None
        set_language("de")
        source = SOURCES["contract"]
        state = read([("columns", COLUMNS)], columns_of(source, viewer.rights), source.sort, (), Problems())

        def file() -> int:
            return sum(piece.count(b"\n") for piece in csv_pieces(db.engine, viewer, source, state)) - 1

        # The file says an amount's currency beside it; so does the copy, to be as long.
        stored = [
            f"{name}, currency" if SOURCES["contract"].schema.declared()[name].kind == "money" else name
            for name in COLUMNS.split(",")
        ]
        raw = RAW.format(columns=", ".join(stored), tenant=house.tenant_id, scope=house.scopes["wide"])
        assert file() == _copied(backup, raw) > 100_000
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ratios = [_seconds(lambda: _copied(backup, raw)) / _seconds(file) for _ in range(5)]
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return [
        Finding("CSV of 112,000 rows, rows/s / of a raw COPY", statistics.median(ratios), 0.9, is_least=True),
        Finding("   memory it takes more, MB", grown, 10),
    ]


def _copied(engine: Engine, sql: str) -> int:
    with engine.begin() as connection, connection.connection.cursor() as cursor, cursor.copy(sql) as copy:
        return sum(bytes(piece).count(b"\n") for piece in copy)


def _seconds(act: Any) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
