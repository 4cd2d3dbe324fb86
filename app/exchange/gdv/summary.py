"""What was in a file, for programs and for the person who imports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.exchange.gdv.packages import Package
from app.exchange.gdv.problems import Problem


def summary(packages: Iterable[Package]) -> dict[str, Any]:
    """Counts and problems of a file as JSON values.

    `packages` counts all, `refused` those refused; records, partners, contracts, rows and the premium total
    are those of the packages taken, so they say what an import brings. `errors` refused a package, `notes`
    did not; both name the package and the line. `package_reports` tells the same of each package, refused
    ones included.
    """
    reports: list[dict[str, Any]] = []
    records: Counter[str] = Counter()
    unmapped: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    partners = contracts = refused = 0
    premium_total = Decimal("0.00")
    for package in packages:
        reports.append(_report(package))
        if package.refused:
            refused += 1
            continue
        records.update(package.counts)
        unmapped.update(package.unmapped)
        rows.update({plural: len(found) for plural, found in package.rows.items()})
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
        "errors": [error for report in reports for error in report["errors"]],
        "notes": [note for report in reports for note in report["notes"]],
        "package_reports": reports,
    }


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
        "errors": [_entry(package, p) for p in package.problems if p.is_fatal],
        "notes": [_entry(package, p) for p in package.problems if not p.is_fatal],
    }


def _entry(package: Package, problem: Problem) -> dict[str, Any]:
    return {"package": package.number, **problem.as_dict()}
