"""Starts the embedded servers of one state folder, keeps them alive, and stops them with their owner."""

from __future__ import annotations

import atexit
import fcntl
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

from app.core.servers.postgres import Postgres
from app.core.servers.process import Server, write_private
from app.core.servers.seaweed import ACCESS_KEY_ID, BUCKET, Seaweed
from app.core.servers.valkey import Valkey
from app.core.text import _l

log = logging.getLogger(__name__)

START_TIMEOUT = 120.0
# Recovery after a crash may read much log; as long as the process lives it is making progress.
RECOVERY_TIMEOUT = 3600.0
WATCH_SECONDS = 0.2
LONGEST_PAUSE = 5.0
MANAGED = {
    "DATABASE_URL": ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"),
    "REDIS_URL": ("REDIS_URL",),
    "S3_ENDPOINT_URL": ("S3_ENDPOINT_URL", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "S3_BUCKET"),
}


class AlreadyRunning(RuntimeError):
    """Another process owns the state folder."""

    def __init__(self, state: Path, owner: str) -> None:
        super().__init__(
            _l(
                "Process {process} already uses the folder {folder}. Stop it first, or choose another folder.",
                process=owner or "?",
                folder=state,
            )
        )


class Launcher:
    """The embedded servers of one state folder, owned by this process.

    A server whose variable (DATABASE_URL, REDIS_URL, S3_ENDPOINT_URL) is set is not started: the managed one
    is used. Between ``start`` and ``stop`` a server that dies is started again, with the same addresses.
    When the process ends, orderly or by force, the servers end too; where the system cannot see to that
    (macOS, after a kill), the next start on the folder ends them.
    """

    def __init__(self, state: Path, *, fast: bool = False, environ: Mapping[str, str] | None = None) -> None:
        self.state = Path(state).absolute()
        self.environ = os.environ if environ is None else environ
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.seaweed: Seaweed | None = None
        if not self.environ.get("DATABASE_URL"):
            self.postgres = Postgres(self.state / "postgres", fast=fast)
        if not self.environ.get("REDIS_URL"):
            self.valkey = Valkey(self.state / "valkey", fast=fast)
        if not self.environ.get("S3_ENDPOINT_URL"):
            self.seaweed = Seaweed(self.state / "seaweed", fast=fast)
        # PostgreSQL comes last: the others boot while it lays out its folder.
        self.servers: list[Server] = [s for s in (self.seaweed, self.valkey, self.postgres) if s is not None]
        self.restarts = 0
        self._lock: IO[str] | None = None
        self._owner = 0
        self._stopping = threading.Event()
        self._started = threading.Event()
        self._failure: Exception | None = None
        self._guardian: threading.Thread | None = None

    def start(self) -> Launcher:
        """Start everything and return when it can be used; AlreadyRunning or ServerFailed otherwise."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            # Others may pass through, not look around: PostgreSQL then runs as somebody else.
            self.state.chmod(0o711)
        self._lock = _locked(self.state)
        self._owner = os.getpid()
        (self.state / "environment.json").unlink(missing_ok=True)
        self._stopping.clear()
        self._started.clear()
        self._failure = None
        atexit.register(self.stop)
        os.register_at_fork(after_in_child=self._lock.close)
        _end_on_signals()
        # One thread starts every server and lives as long as they do: see leash.py.
        self._guardian = threading.Thread(target=self._guard, name="servers", daemon=True)
        self._guardian.start()
        self._started.wait()
        if self._failure is not None:
            failure = self._failure
            self.stop()
            raise failure
        write_private(self.state / "environment.json", json.dumps(self.environment()))
        return self

    def stop(self) -> None:
        """Stop everything, in order; may be called twice, and does nothing in a forked child."""
        if self._lock is None or self._owner != os.getpid():
            return
        (self.state / "environment.json").unlink(missing_ok=True)
        self._stopping.set()
        if self._guardian is not None:
            self._guardian.join()
        self._lock.close()
        self._lock = None
        atexit.unregister(self.stop)

    def environment(self) -> dict[str, str]:
        """The variables Portico reads: those of the servers started here, and those set for managed ones."""
        found = {
            name: self.environ[name]
            for first, names in MANAGED.items()
            if self.environ.get(first)
            for name in names
            if name in self.environ
        }
        if self.postgres is not None:
            found["DATABASE_URL"] = self.postgres.web_url
            found["DATABASE_OWNER_URL"] = self.postgres.owner_url
            found["DATABASE_BACKUP_URL"] = self.postgres.backup_url
        if self.valkey is not None:
            found["REDIS_URL"] = self.valkey.url
        if self.seaweed is not None:
            found["S3_ENDPOINT_URL"] = self.seaweed.url
            found["S3_ACCESS_KEY_ID"] = ACCESS_KEY_ID
            found["S3_SECRET_ACCESS_KEY"] = self.seaweed.secret
            found["S3_BUCKET"] = BUCKET
        return found

    def __enter__(self) -> Launcher:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _guard(self) -> None:
        try:
            self._bring_up(self.servers, START_TIMEOUT)
        except Exception as failure:  # Whatever it was, start() raises it again in the caller's thread.
            self._failure = failure
        self._started.set()
        pause = WATCH_SECONDS
        while not self._stopping.wait(pause):
            dead = [server for server in self.servers if not server.is_running()]
            if not dead or self._failure is not None:
                pause = WATCH_SECONDS
                continue
            log.warning("Starting again: %s", ", ".join(server.title for server in dead))
            try:
                self._bring_up(dead, RECOVERY_TIMEOUT)
                self.restarts += len(dead)
                pause = WATCH_SECONDS
            except Exception as failure:
                # Its old processes may still hold memory or ports; a moment later they do not.
                log.warning("%s", failure)
                pause = min(pause * 2, LONGEST_PAUSE)
        for server in self.servers:
            server.signal_stop()
        for server in self.servers:
            server.stop()

    def _bring_up(self, servers: list[Server], timeout: float) -> None:
        for server in servers:
            server.launch()
        for server in servers:
            server.wait(timeout, self._stopping.is_set)


def environment_of(state: Path) -> dict[str, str] | None:
    """The variables of the Portico that is running on this state folder, or None when none is."""
    try:
        found: dict[str, str] = json.loads((Path(state) / "environment.json").read_text())
        with open(Path(state) / "owner.lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return found
    # Nobody holds the lock: the file is left from an owner that was killed.
    return None


def _locked(state: Path) -> IO[str]:
    file = open(state / "owner.lock", "a+")  # noqa: SIM115 - open as long as we own the folder
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise AlreadyRunning(state, owner) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _end_on_signals() -> None:
    """Let a polite end of the process run its exit handlers, where nobody else has taken the signal."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
