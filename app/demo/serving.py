"""The portal's web server as a child of the demonstration, and knowing when it answers."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time

from app.core.servers.process import LEASH


class WebServerEnded(RuntimeError):
    """The web server ended by itself."""


class WebServer:
    """`portico serve` as a child: a process of its own stays small, where ours has read and drawn a whole broker."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.host, self.port = host, port
        serve = [sys.executable, "-m", "app.cli", "serve", "--host", host, "--port", str(port)]
        # On the leash it ends with us, however we end.
        leash = [sys.executable, "-I", "-S", str(LEASH), str(int(signal.SIGTERM)), str(os.getpid()), "-"]
        self.process = subprocess.Popen([*leash, *serve, "--workers", str(workers)])

    def wait_ready(self, name: str) -> None:
        """Return once the portal answers under this name; WebServerEnded when it never will."""
        while not self._answers(name):
            if self.process.poll() is not None:
                raise WebServerEnded
            time.sleep(0.1)

    def wait(self) -> None:
        """Return when it ends."""
        self.process.wait()

    def stop(self) -> None:
        """End it: politely, and after ten seconds not."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self, name: str) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", "/health", headers={"Host": name})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
