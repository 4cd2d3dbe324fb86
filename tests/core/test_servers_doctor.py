"""The doctor names each fault in words and finds nothing wrong where nothing is."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from app.core.outbox import Backlog
from app.core.servers import Launcher, backlog, doctor
from app.core.text import speaking


@dataclass(frozen=True)
class Addresses:
    database_url: str
    database_owner_url: str
    redis_url: str
    s3_endpoint_url: str
    s3_access_key_id: str
    s3_secret_access_key: str
    s3_bucket: str


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    with (
        TemporaryDirectory(prefix="portico-test-") as state,
        Launcher(Path(state), fast=True, environ={}) as running,
    ):
        yield running


@pytest.fixture
def healthy(launcher: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Addresses]:
    """An installation with migrations and rates, and nothing wrong."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001_first.py").write_text('revision = "0001"\ndown_revision = None\n')
    monkeypatch.setattr(doctor, "MIGRATIONS", tmp_path)
    owner = launcher.postgres.owner_url
    run(
        owner,
        "create table alembic_version (version_num text)",
        "insert into alembic_version values ('0001')",
    )
    run(owner, "create table exchange_rates (day date)", "insert into exchange_rates values ('2025-03-07')")
    run(owner, "grant select on exchange_rates to portico_web")
    variables = launcher.environment()
    del variables["DATABASE_BACKUP_URL"]
    yield Addresses(**{name.lower(): value for name, value in variables.items()})
    run(owner, "drop table exchange_rates, alembic_version")


def run(url: str, *statements: str) -> None:
    with create_engine(url, poolclass=NullPool).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def faults(addresses: Addresses) -> list[tuple[str, str]]:
    found = [finding for finding in doctor.examine(addresses) if not finding.is_ok]
    assert all(finding.advice for finding in found)
    return [(finding.server, finding.what) for finding in found]


def test_nothing_is_wrong_with_a_healthy_installation(healthy):
    assert faults(healthy) == []
    assert len(doctor.examine(healthy)) > 8


def test_nothing_set_is_said_for_each_server():
    assert faults(Addresses("", "", "", "", "", "", "")) == [
        ("PostgreSQL", "No database address is set."),
        ("Valkey", "No Valkey address is set."),
        ("S3", "No storage address is set."),
    ]


@pytest.mark.parametrize(
    "address", ["nonsense", "mysterious://web:secret@host/db", "postgresql+psycopg://x:y@/z?host=/no"]
)
def test_a_wrong_database_address_is_named_without_its_password(healthy, address):
    ((server, what),) = faults(replace(healthy, database_url=address))

    assert server == "PostgreSQL"
    assert "secret" not in what


def test_roles_that_could_pass_or_take_down_the_wall(healthy, launcher):
    assert faults(replace(healthy, database_url=launcher.postgres.url("postgres"))) == [
        ("PostgreSQL", "The role postgres may pass the wall between brokers."),
        ("PostgreSQL", "The role postgres owns tables and could take their wall down."),
    ]
    assert faults(replace(healthy, database_url=launcher.postgres.owner_url)) == [
        ("PostgreSQL", "The role portico_owner owns tables and could take their wall down.")
    ]


def test_migrations_missing_or_behind_and_rates_not_loaded(healthy, launcher):
    owner = launcher.postgres.owner_url
    run(owner, "truncate alembic_version, exchange_rates")
    assert faults(healthy) == [
        ("PostgreSQL", "No exchange rates are loaded."),
        ("PostgreSQL", "The tables do not belong to this version of Portico: – instead of 0001."),
    ]
    run(owner, "alter table exchange_rates rename to away", "alter table alembic_version rename to gone")
    try:
        assert faults(healthy) == [
            ("PostgreSQL", "There is no table for exchange rates yet."),
            ("PostgreSQL", "The database has no tables yet."),
        ]
    finally:
        run(owner, "alter table away rename to exchange_rates", "alter table gone rename to alembic_version")


def test_jobs_that_nobody_does_and_jobs_given_up(healthy, launcher, monkeypatch):
    now, hour = datetime.datetime.now(datetime.UTC), datetime.timedelta(hours=1)
    run(launcher.postgres.owner_url, "create table outbox ()")
    try:
        monkeypatch.setattr(backlog, "backlog", lambda connection: Backlog(3, now, 0))
        assert faults(healthy) == []
        monkeypatch.setattr(backlog, "backlog", lambda connection: Backlog(3, now - hour, 1))
        assert faults(healthy) == [
            ("Jobs", f"3 jobs are waiting, the oldest since {now - hour:%Y-%m-%d %H:%M} UTC."),
            ("Jobs", "1 job has been given up."),
        ]
    finally:
        run(launcher.postgres.owner_url, "drop table outbox")


def test_a_valkey_that_may_forget_or_is_away(healthy, launcher):
    queue = redis.Redis.from_url(healthy.redis_url)
    queue.config_set("maxmemory-policy", "allkeys-lru")
    try:
        assert faults(healthy) == [
            ("Valkey", "Valkey may drop queued work when its memory is full (allkeys-lru).")
        ]
    finally:
        queue.config_set("maxmemory-policy", "noeviction")
    ((server, what),) = faults(replace(healthy, redis_url="redis://127.0.0.1:1/0"))
    assert (server, what.split(":")[0]) == ("Valkey", "Valkey does not answer")
    assert faults(replace(healthy, redis_url="nonsense")) == [
        ("Valkey", "The Valkey address cannot be read.")
    ]


def test_a_storage_that_is_away_refuses_or_lacks_the_bucket(healthy):
    ((server, what),) = faults(replace(healthy, s3_endpoint_url="http://127.0.0.1:1"))
    assert (server, what.split(":")[0]) == ("S3", "The storage does not answer")
    for wrong in ({"s3_secret_access_key": "wrong"}, {"s3_access_key_id": "wrong"}):
        assert faults(replace(healthy, **wrong)) == [
            ("S3", "The storage refuses the access key or its secret.")
        ]
    assert faults(replace(healthy, s3_bucket="nowhere")) == [("S3", "The bucket nowhere does not exist.")]


def test_a_disk_that_is_nearly_full(healthy, monkeypatch):
    monkeypatch.setattr(
        doctor.shutil, "disk_usage", lambda folder: (100 * doctor.GIBIBYTE, 0, doctor.GIBIBYTE)
    )

    assert faults(healthy) == [("Disk", "The disk is nearly full: 1.0 GB left.")]
