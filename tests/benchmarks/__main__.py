"""`make bench`: every ratio beside its goal, measured in one run on this machine. Name parts to run only those."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from app.core import upgrades
from app.core.servers.launcher import Launcher
from app.core.settings import Settings
from app.factory import create_app, settle_memory
from tenants.isolation import announce_tenant
from tests.benchmarks import (
    bench_excel,
    bench_files,
    bench_import,
    bench_million,
    bench_pages,
    bench_papers,
    bench_process,
    bench_rules,
    bench_together,
)
from tests.benchmarks.measure import Finding, Meter
from tests.benchmarks.world import build

PARTS = ("pages", "files", "papers", "rules", "million", "together", "import", "process")


def main(parts: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as state, Launcher(Path(state)) as launcher:
        environment = launcher.environment()
        upgrades.upgrade(environment["DATABASE_OWNER_URL"])
        owner, web, backup = (
            create_engine(environment[name])
            for name in ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_BACKUP_URL")
        )
        for engine in (owner, web, backup):
            announce_tenant(engine)
        portal = create_app(
            Settings(
                database_url=environment["DATABASE_URL"],
                s3_endpoint_url=environment["S3_ENDPOINT_URL"],
                s3_access_key_id=environment["S3_ACCESS_KEY_ID"],
                s3_secret_access_key=environment["S3_SECRET_ACCESS_KEY"],
                secret_key="bench",
            )
        )
        settle_memory()  # As wsgi.py does.
        assert launcher.postgres is not None
        meter = Meter(launcher.postgres.process.pid)
        if not {"pages", "files"}.isdisjoint(parts):
            big, small = build(owner, web, 200_000, 112_000), build(owner, web, 4_000, 2_000)
        if "pages" in parts:
            dsn = environment["DATABASE_URL"].replace("+psycopg", "")
            tell(bench_pages.run(portal, big, small, dsn, backup, meter))
        if "files" in parts:
            tell(bench_files.run(portal, big, backup))
            tell(bench_excel.run(portal, big, web))
        if "papers" in parts:
            tell(bench_papers.run(portal, build(owner, web, 2_000, 1_500, narrow=999), meter))
        # Seconds on the clock: before a million new rows keep the server busy with itself.
        if "rules" in parts:
            tell(bench_rules.run(portal, build(owner, web, 140_000, 2_000), owner, web))
        if "million" in parts:
            bench_million.run(portal, build(owner, web, 1_000_000, 112_000), backup)
        if "together" in parts:
            bench_together.run(environment, build(owner, web, 200_000, 112_000))
        if "import" in parts:
            tell(bench_import.run(owner, web))
    if "process" in parts:
        tell(bench_process.run())


def tell(findings: list[Finding]) -> None:
    print(*findings, sep="\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(PARTS))
