"""The portal's web server and worker as children of the demonstration, and knowing when the portal answers."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time

from app.core.servers.process import LEASH

PAUSE = 5
"""Seconds until a worker that ended by itself is started again."""


def start(*command: str) -> subprocess.Popen[bytes]:
    """A command of ours as a child. On the leash it ends with the thread that started it, however that one ends."""
    leash = [sys.executable, "-I", "-S", str(LEASH), str(int(signal.SIGTERM)), str(os.getpid()), "-"]
    return subprocess.Popen([*leash, sys.executable, "-m", "app.cli", *command])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End it: politely, and after ten seconds not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class WebServerEnded(RuntimeError):
    """The web server ended by itself."""


class WebServer:
    """`portico serve` as a child: a process of its own stays small, where ours has read and drawn a whole broker."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.host, self.port = host, port
        self.process = start("serve", "--host", host, "--port", str(port), "--workers", str(workers))

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
        stop(self.process)

    def _answers(self, name: str) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", "/health", headers={"Host": name})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


class Worker:
    """`portico worker` as a child, started again when it ends by itself. Its thread lives as long as it."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            process = start("worker")
            while process.poll() is None and not self._stopping.wait(1):
                pass
            stop(process)
            self._stopping.wait(PAUSE)
