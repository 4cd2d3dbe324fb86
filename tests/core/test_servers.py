"""The embedded servers on real processes: start, healing, lock, roles, and what others are told."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from app.core.servers import AlreadyRunning, Launcher, environment_of
from app.core.servers.process import Server
from app.core.servers.seaweed import BUCKET

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import sys, time
from pathlib import Path
from app.core.servers import Launcher
launcher = Launcher(Path(sys.argv[1]), environ={})
launcher.start()
print(*(server.process.pid for server in launcher.servers), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    with TemporaryDirectory(prefix="portico-test-") as state, Launcher(Path(state), environ={}) as running:
        yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder everybody may pass through: pytest's own are closed to the account PostgreSQL runs as."""
    with TemporaryDirectory(prefix="portico-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def ask(url: str, statement: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def queue(launcher: Launcher) -> redis.Redis:
    return redis.Redis.from_url(launcher.environment()["REDIS_URL"])


def wait_for(condition, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


def is_gone(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def can_run_as_nobody() -> bool:
    if os.geteuid() != 0:
        return False
    try:
        return subprocess.run([sys.executable, "-c", ""], user="nobody", cwd=ROOT).returncode == 0
    except PermissionError:
        return False


def test_every_server_answers_and_the_variables_lead_to_them(launcher):
    variables = launcher.environment()

    assert all(server.is_alive() for server in launcher.servers)
    assert ask(variables["DATABASE_URL"], "select current_user") == "portico_web"
    assert ask(variables["DATABASE_OWNER_URL"], "select current_user") == "portico_owner"
    assert ask(variables["DATABASE_BACKUP_URL"], "select current_user") == "portico_backup"
    assert queue(launcher).ping()
    assert launcher.seaweed.client().list_objects_v2(Bucket=variables["S3_BUCKET"])["KeyCount"] >= 0
    assert environment_of(launcher.state) == variables


def test_the_web_role_creates_nothing_and_passes_no_wall(launcher):
    web = launcher.postgres.web_url

    for statement in ("create table mine (i int)", "create temp table mine (i int)", "create schema mine"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            ask(web, statement)
    assert ask(web, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user") is False


def test_the_owner_of_the_tables_is_held_by_the_wall_too(launcher):
    owner = launcher.postgres.owner_url
    ask(owner, "create table walled (i int)")
    ask(owner, "insert into walled values (1), (2)")
    ask(owner, "alter table walled enable row level security, force row level security")

    assert ask(owner, "select count(*) from walled") == 0


def test_the_backup_role_reads_everything_and_writes_nothing(launcher):
    owner, backup = launcher.postgres.owner_url, launcher.postgres.backup_url
    ask(owner, "create table kept (i int)")
    ask(owner, "insert into kept values (1), (2)")
    ask(owner, "alter table kept enable row level security, force row level security")

    assert ask(backup, "select count(*) from kept") == 2
    with pytest.raises(ProgrammingError, match="permission denied"):
        ask(backup, "set transaction read write; insert into kept values (3)")


def test_a_second_owner_of_the_folder_is_told_who_has_it(launcher):
    with pytest.raises(AlreadyRunning, match=str(os.getpid())):
        Launcher(launcher.state, environ={}).start()

    assert all(server.is_alive() for server in launcher.servers)


def test_nothing_listens_beyond_this_machine_and_secrets_are_private(launcher):
    for name in ("secret", "signing-key", "s3.json", "ports.json"):
        assert (launcher.seaweed.home / name).stat().st_mode & 0o077 == 0
    for port in launcher.seaweed.ports.values():
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.2", port)) != 0


def test_a_server_whose_address_is_set_is_not_started(folder):
    managed = {
        "DATABASE_URL": "postgresql+psycopg://web@db.example/portico",
        "REDIS_URL": "redis://queue.example",
        "S3_ENDPOINT_URL": "https://files.example",
        "S3_SECRET_ACCESS_KEY": "secret",
    }
    with Launcher(folder, environ=managed) as launcher:
        assert launcher.servers == []
        assert launcher.environment() == managed


@pytest.mark.parametrize("title", ["PostgreSQL", "Valkey", "SeaweedFS"])
def test_a_killed_server_comes_back_with_all_it_acknowledged(launcher, title):
    server: Server = next(server for server in launcher.servers if server.title == title)
    ask(launcher.postgres.owner_url, f"create table {title} (i int)")
    ask(launcher.postgres.owner_url, f"insert into {title} values (42)")
    queue(launcher).set(title, "waiting")
    launcher.seaweed.client().put_object(Bucket=BUCKET, Key=title, Body=b"x" * 100_000)
    variables, before = launcher.environment(), launcher.restarts

    os.kill(server.process.pid, signal.SIGKILL)
    wait_for(lambda: launcher.restarts > before)

    assert launcher.environment() == variables
    assert ask(launcher.postgres.owner_url, f"select i from {title}") == 42
    assert queue(launcher).get(title) == b"waiting"
    assert launcher.seaweed.client().get_object(Bucket=BUCKET, Key=title)["Body"].read() == b"x" * 100_000


@pytest.mark.deep
def test_two_portals_side_by_side_do_not_meet_and_a_second_start_is_quick(folder):
    with (
        Launcher(folder / "ours", environ={}) as ours,
        Launcher(folder / "theirs", environ={}) as theirs,
    ):
        queue(ours).set("whose", "ours")
        assert queue(theirs).get("whose") is None
        assert not set(ours.seaweed.ports.values()) & set(theirs.seaweed.ports.values())
        with pytest.raises(theirs.seaweed.client().exceptions.ClientError, match="SignatureDoesNotMatch"):
            ours.seaweed.client(secret=theirs.seaweed.secret).list_objects_v2(Bucket=BUCKET)
        before = ours.environment()
    began = time.monotonic()
    with Launcher(folder / "ours", environ={}) as again:
        assert time.monotonic() - began < 10
        assert again.environment() == before
        assert queue(again).get("whose") == b"ours"


@pytest.mark.deep
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_servers_end_with_their_owner_and_the_next_one_finds_the_folder_free(folder, number):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(pids) == 3

    owner.send_signal(number)
    owner.wait(30)

    if number == signal.SIGKILL:
        assert environment_of(folder) is None
    else:
        assert all(is_gone(pid) for pid in pids)
    with Launcher(folder, environ={}) as successor:
        assert all(is_gone(pid) for pid in pids)
        assert all(server.is_alive() for server in successor.servers)


@pytest.mark.deep
@pytest.mark.skipif(not can_run_as_nobody(), reason="Needs root, and a Python that others may run.")
def test_an_ordinary_user_can_start_them_too(folder):
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder / "state")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )
    try:
        assert len(owner.stdout.readline().split()) == 3
        assert (folder / "state" / "postgres" / "data").stat().st_uid == nobody.pw_uid
    finally:
        owner.terminate()
        owner.wait(30)


@pytest.mark.deep
def test_a_folder_too_deep_for_a_socket_and_with_odd_names_works(folder):
    with Launcher(folder / "a folder, with a comma" / ("deep" * 25), environ={}) as launcher:
        assert ask(launcher.postgres.web_url, "select 1") == 1
        assert queue(launcher).ping()
        with psycopg.connect(launcher.postgres.web_url.replace("+psycopg", "")) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
