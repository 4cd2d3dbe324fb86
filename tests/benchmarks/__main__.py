"""`make bench`: every ratio beside its goal, measured in one run on this machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import create_engine

from app.core import upgrades
from app.core.servers.launcher import Launcher
from app.core.settings import Settings
from app.factory import create_app
from tenants.isolation import announce_tenant
from tests.benchmarks import bench_pages
from tests.benchmarks.measure import Meter


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as state, Launcher(Path(state)) as launcher:
        environment = launcher.environment()
        upgrades.upgrade(environment["DATABASE_OWNER_URL"])
        settings = Settings(
            database_url=environment["DATABASE_URL"],
            s3_endpoint_url=environment["S3_ENDPOINT_URL"],
            s3_access_key_id=environment["S3_ACCESS_KEY_ID"],
            s3_secret_access_key=environment["S3_SECRET_ACCESS_KEY"],
            secret_key="bench",
        )
        portal = create_app(settings)
        owner, web = (
            create_engine(environment["DATABASE_OWNER_URL"]),
            create_engine(environment["DATABASE_URL"]),
        )
        announce_tenant(owner)
        announce_tenant(web)
        dsn = environment["DATABASE_URL"].replace("+psycopg", "")
        assert launcher.postgres is not None
        meter = Meter(launcher.postgres.process.pid)
        rows = bench_pages.run(portal, owner, web, dsn, meter)
    width = max(len(name) for name, _, _ in rows)
    for name, ratio, goal in rows:
        print(f"{name:<{width}}  {ratio:8.2f}   goal {goal}")


if __name__ == "__main__":
    main()
