"""What was in a file, for programs and for the person who imports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.exchange.gdv.packages import Package
from app.exchange.problems import MOST_KEPT, Problem


def summary(packages: Iterable[Package]) -> dict[str, Any]:
    """Counts and problems of a file as JSON values.

    `packages` counts all, `refused` those refused; records, partners, contracts, rows and the premium total
    are those of the packages taken, so they say what an import brings. `errors` refused a package, `notes`
    did not; both name the package and the line, and the first thousand of each are kept. `package_reports`
    tells the counts of each package and its footer, refused ones included.
    """
    reports: list[dict[str, Any]] = []
    records: Counter[str] = Counter()
    unmapped: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    partners = contracts = refused = 0
    premium_total = Decimal("0.00")
    errors, notes = _Told(), _Told()
    for package in packages:
        reports.append(_report(package))
        for problem in package.problems:
            (errors if problem.is_fatal else notes).add(package, problem)
        if package.refused:
            refused += 1
            continue
        records.update(package.counts)
        unmapped.update(package.unmapped)
        rows.update(package.rows.counts())
        partners += package.partners
        contracts += package.contracts
        premium_total += package.premium_total
    return {
        "packages": len(reports),
        "refused": refused,
        "records": sum(report["records"] for report in reports if not report["refused"]),
        "partners": partners,
        "contracts": contracts,
        "premium_total": str(premium_total),
        "record_types": dict(sorted(records.items())),
        "unmapped": dict(sorted(unmapped.items())),
        "rows": dict(rows),
        "errors_total": errors.count,
        "errors": errors.entries,
        "notes_total": notes.count,
        "notes": notes.entries,
        "package_reports": reports,
    }


class _Told:
    """Problems of all packages: counted, and the first thousand kept."""

    def __init__(self) -> None:
        self.count = 0
        self.entries: list[dict[str, Any]] = []

    def add(self, package: Package, problem: Problem) -> None:
        self.count += 1
        if len(self.entries) < MOST_KEPT:
            self.entries.append({"package": package.number, "record": problem.record, **problem.as_dict()})


def _report(package: Package) -> dict[str, Any]:
    footer = package.footer
    return {
        "package": package.number,
        "first_line": package.first_line,
        "last_line": package.last_line,
        "sender": package.sender,
        "insurer": package.insurer,
        "refused": package.refused,
        "mismatch_accepted": package.mismatch_accepted,
        "records": package.records,
        "partners": package.partners,
        "contracts": package.contracts,
        "premium_total": str(package.premium_total),
        "footer": {
            "records": footer.records,
            **{name: None if total is None else str(total) for name, total in footer.totals.items()},
        }
        if footer
        else None,
        "record_types": dict(sorted(package.counts.items())),
    }
