"""An overview as an Excel file, against what xlsxwriter takes for the same rows in its mode of constant memory."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from sqlalchemy import Engine

from app.core.db import db, drop, transaction
from app.core.text import set_language
from app.reports.columns import columns_of
from app.reports.excel.overview import workbook
from app.reports.reading import Problems, read
from app.reports.source import SOURCES
from permissions.arrival import arrive
from tenants import current
from tests.benchmarks.bench_files import COLUMNS
from tests.benchmarks.measure import Finding
from tests.benchmarks.world import House

ROUNDS = 3
NAMES = COLUMNS.split(",")


def run(portal: Any, house: House, web: Engine) -> list[Finding]:
    """Rows per second of both, in turns, the worst turn for us; and how much more memory ours holds."""
    with (
        portal.app_context(),
        current.acting_for(house.tenant_id),
        tempfile.TemporaryDirectory(prefix="portico-bench-") as folder,
    ):
        viewer = arrive(transaction(), house.tokens["staff"])
        drop()
        assert viewer is not None
        set_language("de")
        source = SOURCES["contract"]
        ours, theirs = Path(folder, "ours.xlsx"), Path(folder, "theirs.xlsx")

        def write(*words: tuple[str, str]) -> int:
            asked = [("columns", COLUMNS), *words]
            state = read(asked, columns_of(source, viewer.rights), source.sort, (), Problems())
            made = workbook(transaction(), viewer, source, state, None)
            drop()
            with ours.open("wb") as file:
                file.writelines(made.pieces(db.engine))
            return made.rows

        write(("number", "P-00000029"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rows = write()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert rows >= 200_000
        ratios = [
            _seconds(lambda: _by_xlsxwriter(web, house, theirs)) / _seconds(lambda: write())
            for _ in range(ROUNDS)
        ]
        assert _first_rows(ours) == _first_rows(theirs)
        weight = ours.stat().st_size / theirs.stat().st_size
    return [
        Finding("Excel of 200,000 rows, rows/s / of xlsxwriter", min(ratios), 15, is_least=True),
        Finding("   memory it takes more, MB", grown, 10),
        Finding("   size of the file / of xlsxwriter’s", weight, None),
    ]


def _by_xlsxwriter(engine: Engine, house: House, path: Path) -> None:
    fields = SOURCES["contract"].schema.declared()
    stored, said = [], []
    for name in NAMES:
        kind = fields[name].kind
        words = {code: fields[name].words(code) for code in fields[name].codes} if kind == "code" else {}
        stored += [name, "currency"] if kind == "money" else [name]
        # Beside an amount stands its currency.
        said += [(kind, words), ("currency", {})] if kind == "money" else [(kind, words)]
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Verträge")
    day, amount, whole = (book.add_format({"num_format": number}) for number in (14, 4, 3))
    with engine.begin() as connection, connection.connection.cursor(name="rows") as cursor:
        cursor.itersize = 2000
        cursor.execute(
            f"select {', '.join(stored)} from contracts where tenant_id = '{house.tenant_id}' order by number_key, id"
        )
        for number, row in enumerate(cursor, 1):
            for place, (value, (kind, words)) in enumerate(zip(row, said, strict=True)):
                if value is None:
                    continue
                if kind == "day":
                    sheet.write_datetime(number, place, value, day)
                elif kind == "money":
                    sheet.write_number(number, place, value, amount)
                elif kind == "whole":
                    sheet.write_number(number, place, value, whole)
                elif kind == "code":
                    sheet.write_string(number, place, words[value])
                else:
                    sheet.write_string(number, place, value)
    book.close()


def _first_rows(path: Path) -> list[Any]:
    sheet = load_workbook(path, read_only=True).worksheets[0]
    return list(sheet.iter_rows(min_row=2, max_row=500, values_only=True))


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
