"""What a list page takes while five people fetch large files, against what it takes alone: at a real web server and
a real worker, by the clock."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import threading
import time
from types import TracebackType

from app.demo.serving import WebServer, Worker
from tests.benchmarks.bench_million import COLUMNS
from tests.benchmarks.measure import Finding
from tests.benchmarks.world import House

AT_ONCE = 5
LIST = f"/contracts?columns={COLUMNS}"
FILES = {"CSV": f"/contracts.csv?columns={COLUMNS}", "Excel": f"/contracts.xlsx?columns={COLUMNS}"}
PAUSE = 0.05
"""Seconds between two pages: one person turns pages, five fetch files."""


class Served:
    """The portal at a port of its own, as `portico demo` runs it."""

    def __init__(self, environment: dict[str, str], port: int, name: str) -> None:
        os.environ.update(environment)
        self.port, self.name = port, name

    def __enter__(self) -> Served:
        self.web, self.worker = WebServer("127.0.0.1", self.port, 1), Worker()
        self.web.wait_ready(self.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.web.stop()
        self.worker.stop()

    def get(self, path: str, token: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request("GET", path, headers={"Host": self.name, "Cookie": f"portico={token}"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def run(environment: dict[str, str], house: House) -> list[Finding]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = []
    with Served(environment | {"SECRET_KEY": "bench"}, port, house.host) as served:
        alone = _pages(served, house, 60)
        for kind, path in FILES.items():
            together = _while(served, house, path)
            found.append(
                Finding(
                    f"list page ({alone * 1000:.0f} ms alone) while five fetch {kind}", together / alone, 2
                )
            )
            print(found[-1], flush=True)
    return found


def _pages(served: Served, house: House, count: int) -> float:
    """The median seconds of a list page."""
    return statistics.median(_page(served, house) for _ in range(count))


def _page(served: Served, house: House) -> float:
    time.sleep(PAUSE)
    started = time.perf_counter()
    status, _body = served.get(LIST, house.tokens["narrow"])
    assert status == 200
    return time.perf_counter() - started


def _while(served: Served, house: House, path: str) -> float:
    """The same while five people fetch files again and again, until each has had two."""
    sizes: list[int] = []

    def fetch() -> None:
        for _ in range(2):
            status, body = served.get(path, house.tokens["wide"])
            assert status in (200, 303), status
            sizes.append(len(body))

    people = [threading.Thread(target=fetch) for _ in range(AT_ONCE)]
    for person in people:
        person.start()
    taken = []
    while any(person.is_alive() for person in people):
        taken.append(_page(served, house))
    print(f"   {len(taken)} pages, {statistics.median(sizes) / 1e6:.1f} MB each", flush=True)
    return statistics.median(taken)
