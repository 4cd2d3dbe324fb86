"""Taking a GDV file in: each good package in one transaction, a refused one not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, text

from app.exchange import gdv
from app.exchange.gdv.rows import Row
from app.exchange.kinds import RECORD_TYPES, RecordType
from app.exchange.problems import MOST_KEPT, Problem
from app.exchange.records import Report, settle, take_in
from app.exchange.runs import Run
from tenants import current

COUNTED = ("new", "changed", "unchanged")


@dataclass
class GdvReport:
    """What a file held and what it did: `summary` is the JSON output, words in the reader's language."""

    summary: dict[str, Any] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.summary["errors_total"]


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
    if not dry_run:
        done = {"taken": taking.counts, "mismatches_accepted": taking.mismatches}
        taking.run.finish(engine, done)
    return GdvReport(summary)


class _Taking:
    """The packages of one file on their way in."""

    def __init__(self, engine: Engine, mandate: str, dry_run: bool, run: Run) -> None:
        self.engine, self.mandate, self.dry_run, self.run = engine, mandate, dry_run, run
        self.counts: dict[str, dict[str, int]] = {}
        self.mismatches: list[dict[str, Any]] = []

    def each(self, packages: Iterator[gdv.Package]) -> Iterator[gdv.Package]:
        """Take each package and hand it on; its rows are let go with it, so that one file has one in memory."""
        for package in packages:
            if not package.refused:
                self._take(package)
            yield package

    def _take(self, package: gdv.Package) -> None:
        with self.engine.connect() as connection, connection.begin() as transaction:
            reports = list(self._reports(connection, package))
            package.refused = not all(report.is_good for report in reports)
            if not package.refused:
                self._count(reports)
            if package.refused or self.dry_run:
                transaction.rollback()
                return
            settle(connection, *reports)
            mismatch = _mismatch(package)
            self.run.note(
                connection, {"package": package.number, "taken": self.counts, "mismatch_accepted": mismatch}
            )
            if mismatch and len(self.mismatches) < MOST_KEPT:
                self.mismatches.append({"package": package.number, "footer": mismatch})

    def _count(self, reports: list[Report]) -> None:
        for report in reports:
            counts = self.counts.setdefault(report.record_type, dict.fromkeys(COUNTED, 0))
            for name in COUNTED:
                counts[name] += getattr(report, name)

    def _reports(self, connection: Connection, package: gdv.Package) -> Iterator[Report]:
        for kind in RECORD_TYPES.values():
            numbered: Iterator[tuple[int, Row]] = package.rows.numbered(kind.schema.plural)
            if kind.name == "policyholder":
                numbered = ((number, {**row, "mandate": self.mandate}) for number, row in numbered)
            elif kind.name == "insurer":
                numbered = _named(connection, package, numbered)
            first = next(numbered, None)
            if first is None:
                continue
            report = Report(kind.name)
            if not take_in(connection, report, chain([first], numbered), self.run.id):
                self._tell(package, report, kind)
                yield report
                # Whatever names these records would only be reported for that.
                return
            yield report

    @staticmethod
    def _tell(package: gdv.Package, report: Report, kind: RecordType) -> None:
        """Say of each refused row from which line of the file it was made."""
        for problem in report.errors:
            key, line = package.rows.place(problem.line) if problem.line else ("", package.first_line)
            named, needed = kind.fields.get(problem.field), kind.fields.get(problem.params.get("expected"))
            package.problems.append(
                replace(
                    problem,
                    line=line,
                    record=f"{kind.schema.noun} {key}".strip(),
                    field=str(named.label) if named else problem.field,
                    params=problem.params | ({"expected": needed.label} if needed else {}),
                )
            )


def _mismatch(package: gdv.Package) -> list[dict[str, Any]]:
    """In what a package that was taken all the same does not tally with its footer."""
    return [
        {"line": problem.line, "field": problem.field, "reason": problem.reason.value}
        | {name: str(value) for name, value in problem.params.items()}
        for problem in package.problems
        if problem.reason in gdv.FOOTER_REASONS
    ]


def _named(
    connection: Connection, package: gdv.Package, insurers: Iterator[tuple[int, Row]]
) -> Iterator[tuple[int, Row]]:
    """Insurers with a name. A file that a broker sent has only their numbers, which must not replace the name of
    one that is known already."""
    for number, row in insurers:
        if (
            "name" not in row
            and not connection.execute(KNOWN, {"tenant": current.tenant_id(), "key": row["key"]}).scalar()
        ):
            row = {**row, "name": row["key"]}
            _key, line = package.rows.place(number)
            package.problems.append(
                Problem(line, "", row["key"], gdv.Reason.NAMELESS_INSURER, is_fatal=False)
            )
        yield number, row


KNOWN = text("select true from insurers where tenant_id = :tenant and key = :key")
