"""Taking a GDV file in: each good package in one transaction, a refused one not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine

from app.exchange import gdv
from app.exchange.kinds import RECORD_TYPES
from app.exchange.records import Report, settle, take_in
from app.exchange.runs import Run

COUNTED = ("new", "changed", "unchanged")


@dataclass
class GdvReport:
    """What a file held and what it did: `summary` is the JSON output, words in the reader's language."""

    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.summary["errors"]


def take_gdv(
    engine: Engine,
    stream: BinaryIO,
    *,
    mandate: str,
    accept_mismatch: bool = False,
    dry_run: bool = False,
    actor_id: uuid.UUID | None = None,
    file_name: str | None = None,
) -> GdvReport:
    """Read a GDV file and upsert its good packages, for the tenant acted for.

    The standard knows no broker unit, so every policyholder goes into the mandate with this key. A package whose
    rows cannot be taken, for want of a required field or the mandate, is refused as one with a wrong footer is.
    """
    taking = _Taking(engine, mandate, dry_run, Run("gdv", "gdv", file_name, actor_id))
    summary = gdv.summary(taking.each(gdv.read(stream, accept_mismatch=accept_mismatch)))
    summary["dry_run"] = dry_run
    summary["taken"] = taking.counts
    summary["errors"] += taking.errors
    summary["errors_total"] = len(summary["errors"]) + taking.errors_left_out
    if not dry_run:
        taking.run.finish(engine, taking.counts)
    return GdvReport(summary)


class _Taking:
    """The packages of one file on their way in."""

    def __init__(self, engine: Engine, mandate: str, dry_run: bool, run: Run) -> None:
        self.engine, self.mandate, self.dry_run, self.run = engine, mandate, dry_run, run
        self.counts: dict[str, dict[str, int]] = {}
        self.errors: list[dict[str, Any]] = []
        self.errors_left_out = 0

    def each(self, packages: Iterator[gdv.Package]) -> Iterator[gdv.Package]:
        """Take each package and hand it on, its rows let go, so that only one is in memory."""
        for package in packages:
            if not package.refused:
                self._take(package)
            yield package

    def _take(self, package: gdv.Package) -> None:
        with self.engine.connect() as connection, connection.begin() as transaction:
            reports = list(self._reports(connection, package))
            package.refused = not all(report.is_good for report in reports)
            if not package.refused:
                for report in reports:
                    counts = self.counts.setdefault(report.record_type, dict.fromkeys(COUNTED, 0))
                    for name in COUNTED:
                        counts[name] += getattr(report, name)
            if package.refused or self.dry_run:
                transaction.rollback()
                return
            settle(connection, *reports)
            self.run.note(
                connection,
                {
                    "package": package.number,
                    "mismatch_accepted": package.mismatch_accepted,
                    "taken": self.counts,
                },
            )

    def _reports(self, connection: Connection, package: gdv.Package) -> Iterator[Report]:
        for kind in RECORD_TYPES.values():
            rows = package.rows.get(kind.schema.plural, [])
            if kind.name == "policyholder":
                rows = [{**row, "mandate": self.mandate} for row in rows]
            if not rows:
                continue
            report = Report(kind.name)
            if not take_in(connection, report, rows):
                self._tell(package, report, rows)
                yield report
                # Whatever names these records would only be reported for that.
                return
            yield report

    def _tell(self, package: gdv.Package, report: Report, rows: list[dict[str, Any]]) -> None:
        for problem in report.errors:
            key = rows[problem.line - 1].get("key", "") if problem.line else ""
            self.errors.append(
                {
                    "package": package.number,
                    "line": package.first_line,
                    "record": f"{report.record_type} {key}",
                    "field": problem.field,
                    "value": problem.value,
                    "reason": problem.reason.value,
                    "text": problem.text(),
                    "fatal": True,
                }
            )
        self.errors_left_out += report.problems.count - len(report.errors)
