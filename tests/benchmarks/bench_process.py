"""What a running portal takes: memory of a web worker at rest, seconds until a demo can be used."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.benchmarks.measure import Finding

PORTICO = Path(sys.executable).with_name("portico")


def run() -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="portico-bench-") as state:
        cold, _ = _demo(state)
        warm, memory = _demo(state)
    return [
        Finding("demo ready, first start, s", cold, 60),
        Finding("   second start, s", warm, 10),
        Finding("web worker at rest, MB", memory, 150),
    ]


def _demo(state: str) -> tuple[float, float]:
    """Seconds until a demo says that it can be used, and then the largest web worker's memory in MB."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    demo = subprocess.Popen(
        [PORTICO, "demo", "--port", str(port), "--state", state],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert demo.stdout is not None
    said = []
    try:
        for line in demo.stdout:
            said.append(line)
            if line.startswith("ready:"):
                taken = time.perf_counter() - started
                time.sleep(3)
                return taken, _largest_worker(demo.pid)
        raise AssertionError("".join(said))
    finally:
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=60)


def _largest_worker(pid: int) -> float:
    processes = psutil.Process(pid).children(recursive=True)
    return max(p.memory_info().rss for p in processes if "python" in p.name() or "granian" in p.name()) / 1e6
