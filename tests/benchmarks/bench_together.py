"""What a list page takes while five people fetch large files, against what it takes alone: at a real web server and
a real worker, by the clock."""

from __future__ import annotations

import http.client
import os
import re
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
ENDINGS = {"csv": "CSV", "xlsx": "Excel"}
PAUSE = 0.05
"""Seconds between two pages: one person turns pages, five fetch files."""


class Served:
    """The portal at a port of its own, as `portico demo` runs it."""

    def __init__(self, environment: dict[str, str], port: int, name: str) -> None:
        self.environment, self.port, self.name = environment, port, name

    def __enter__(self) -> Served:
        os.environ.update(self.environment)
        self.web, self.worker = WebServer("127.0.0.1", self.port, 1), Worker()
        self.web.wait_ready(self.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.web.stop()
        self.worker.stop()
        # What is measured next may have servers of its own.
        for name in self.environment:
            os.environ.pop(name, None)

    def ask(self, path: str, token: str, method: str = "GET") -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        origin = f"http://{self.name}"
        connection.request(
            method, path, headers={"Host": self.name, "Origin": origin, "Cookie": f"portico={token}"}
        )
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")


def run(environment: dict[str, str], house: House) -> list[Finding]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = []
    with Served(environment | {"SECRET_KEY": "bench"}, port, house.host) as served:
        alone = _pages(served, house, 60)
        for ending, kind in ENDINGS.items():
            together = _while(served, house, ending)
            found.append(
                Finding(
                    f"list page ({alone * 1000:.0f} ms alone) while five {kind} files are made",
                    together / alone,
                    2,
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
    status, _body = served.ask(LIST, house.tokens["narrow"])
    assert status == 200
    return time.perf_counter() - started


def _while(served: Served, house: House, ending: str) -> float:
    """The same while five files are prepared and fetched: three of 112,000 rows, two of 200,000."""
    done = threading.Event()
    taken: list[float] = []

    def turn_pages() -> None:
        while not done.is_set():
            taken.append(_page(served, house))

    asked = {"wide": 3, "staff": AT_ONCE - 3}
    before = {who: _files(served, house, who) for who in asked}
    for who, files in asked.items():
        for _ in range(files):
            status, body = served.ask(
                f"/exports/contracts.{ending}?columns={COLUMNS}", house.tokens[who], "POST"
            )
            assert status == 303, (status, body[:300])
    pages = threading.Thread(target=turn_pages)
    pages.start()
    fetched: dict[str, set[str]] = {who: set() for who in asked}
    while sum(map(len, fetched.values())) < AT_ONCE:
        time.sleep(0.5)
        for who, files in fetched.items():
            for link in _files(served, house, who) - before[who] - files:
                assert served.ask(link, house.tokens[who])[0] == 200
                files.add(link)
    done.set()
    pages.join()
    print(f"   {len(taken)} pages meanwhile", flush=True)
    return statistics.median(taken)


def _files(served: Served, house: House, who: str) -> set[str]:
    """The files that are ready for somebody."""
    _status, listed = served.ask("/exports", house.tokens[who])
    return set(re.findall(r'"(/exports/[0-9a-f-]{36}/file)"', listed))
