"""A right that was withdrawn is gone on the next request, in whichever of four web processes it arrives."""

from __future__ import annotations

import datetime
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from permissions.arrival import hashed
from tenants import visibility
from tests.factories import Make

PROCESSES = 4
PORTICO = Path(sys.executable).with_name("portico")
LIST = "/api/v1/contracts"
TOKENS = ("api_tokens",)
OF_PROGRAMS = "API tokens"
"""The withdrawal that a program meets; all others are asked by a person."""


@dataclass
class Processes:
    """Web processes of their own, each with what it remembers."""

    ports: list[int]
    host: str = ""
    open: dict[int, http.client.HTTPConnection] = field(default_factory=dict)

    def ask(self, number: int, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The answer of one of them, over a connection that stays: to a cookie, or to a program's token."""
        line = self.open.setdefault(number, http.client.HTTPConnection("127.0.0.1", self.ports[number], 30))
        key = {"Authorization": token} if token.startswith("Bearer ") else {"Cookie": f"portico={token}"}
        headers = {"Host": self.host, "Accept": "application/json", **key}
        if body is not None:
            headers["Content-Type"] = "application/json"
        line.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = line.getresponse()
        content = answer.read()
        is_json = (answer.headers.get("Content-Type") or "").startswith("application/json")
        return answer.status, json.loads(content) if is_json else None

    def all(self, token: str) -> list[tuple[int, Any]]:
        """What each of them answers to the list of contracts, asked at the same moment."""
        with ThreadPoolExecutor(len(self.ports)) as pool:
            return list(pool.map(lambda number: self.ask(number, token, "GET", LIST), range(len(self.ports))))


@pytest.fixture(scope="module")
def served(servers: dict[str, str]) -> Iterator[list[int]]:
    ports, processes = [], []
    for _ in range(PROCESSES):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            ports.append(free.getsockname()[1])
        processes.append(
            subprocess.Popen(
                [PORTICO, "serve", "--port", str(ports[-1])],
                env=os.environ | servers | {"SECRET_KEY": "a secret of the tests"},
                stdout=subprocess.DEVNULL,
            )
        )
    try:
        for port in ports:
            _wait_for(port)
        yield ports
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.fixture
def processes(served: list[int], make: Make) -> Iterator[Processes]:
    found = Processes(served, f"{make.tenant_id.hex}.test")
    yield found
    for line in found.open.values():
        line.close()


@dataclass
class Scene:
    """A client's employee who sees one contract, and the clerk who gives and takes."""

    make: Make
    profile: str
    organization: str
    contract: str
    email: str
    user: uuid.UUID
    clerk: str

    def token(self) -> str:
        """He signs in, for what he may do now."""
        membership = next((row.id for row in self.make.rows("memberships") if row.user_id == self.user), None)
        return signed_in(self.make, self.user, membership)

    def program(self) -> str:
        """A program with an API token of his."""
        token, row = secrets.token_urlsafe(16), self.make.rows("memberships")[0]
        known = {"user_id": row.user_id, "membership_id": row.id}
        self.make.row("api_tokens", token_hash=hashed(token), name="Program", **known)
        return f"Bearer {token}"

    def member(self, **more: Any) -> dict[str, Any]:
        return {"user": self.email, "profile": self.profile, **more}

    def rules(self, **settings: Any) -> dict[str, Any]:
        return {"organizations": [{"key": self.organization, **settings}]}

    def grants(
        self, fields: list[str], menu: list[str], functions: tuple[str, ...] = TOKENS
    ) -> dict[str, Any]:
        given = {"menu": menu, "functions": [*functions], "fields": {"contract": {"read": fields}}}
        return {"profiles": [{"key": self.profile, "grants": given}]}


def signed_in(make: Make, user: uuid.UUID, membership: uuid.UUID | None) -> str:
    token = secrets.token_urlsafe(16)
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
    make.row(
        "sessions", token_hash=hashed(token), user_id=user, membership_id=membership, expires_at=until
    )  # fmt: skip
    return token


@pytest.fixture
def scene(make: Make) -> Scene:
    holder = make.policyholder()
    contract = make.contract(holder, number="P-1")
    organization = make.organization(holder)
    profile = make.profile(
        "menu:contracts", "field:contract.number", "field:contract.status", "function:api_tokens"
    )
    user = make.user()
    make.member(organization, profile, user, is_main=True)
    clerk = make.user("Aylin Kaya", is_staff=True, profile_id=make.profile(is_staff=True))
    rows = {
        row.id: row for name in ("profiles", "organizations", "contracts", "users") for row in make.rows(name)
    }
    return Scene(
        make, rows[profile].key, rows[organization].key, rows[contract].key, rows[user].email, user,
        signed_in(make, clerk, None),
    )  # fmt: skip


BOTH, AREA = ["number", "status"], ["contracts"]
YESTERDAY = str(visibility.today() - datetime.timedelta(days=1))
Document = Callable[[Scene], dict[str, Any]]
WITHDRAWALS: dict[str, tuple[Document, Document]] = {
    "a field": (lambda s: s.grants(["status"], AREA), lambda s: s.grants(BOTH, AREA)),
    "an area": (lambda s: s.grants(BOTH, []), lambda s: s.grants(BOTH, AREA)),
    OF_PROGRAMS: (lambda s: s.grants(BOTH, AREA, ()), lambda s: s.grants(BOTH, AREA)),
    "a contract": (
        lambda s: s.rules(excluded_contracts=[s.contract]),
        lambda s: s.rules(excluded_contracts=[]),
    ),
    "a state": (
        lambda s: s.rules(states=["quote"]),
        lambda s: s.rules(states=["own", "policy", "application"]),
    ),
    "a membership": (lambda s: s.rules(members=[]), lambda s: s.rules(members=[s.member()])),
    "a membership's time": (
        lambda s: s.rules(members=[s.member(ends_on=YESTERDAY)]),
        lambda s: s.rules(members=[s.member(ends_on=None)]),
    ),
    "an organization's time": (lambda s: s.rules(ends_on=YESTERDAY), lambda s: s.rules(ends_on=None)),
    "a user": (
        lambda s: {"users": [{"email": s.email, "active": False}]},
        lambda s: {"users": [{"email": s.email, "active": True}]},
    ),
}
"""What is taken away, and how it is given back."""


def shows_the_number(answer: tuple[int, Any]) -> bool:
    status, body = answer
    assert status in (200, 401, 403, 404), answer
    return status == 200 and any(row.get("number") == "P-1" for row in body["contracts"])


def withdraw(processes: Processes, scene: Scene, trials: int) -> list[str]:
    """Which withdrawals somebody did not obey."""
    missed, dice, kinds = [], random.Random(4), list(WITHDRAWALS)
    for trial in range(trials):
        kind = kinds[trial % len(kinds)]
        take, give = WITHDRAWALS[kind]
        token = scene.program() if kind == OF_PROGRAMS else scene.token()
        assert all(map(shows_the_number, processes.all(token))), kind
        status, said = processes.ask(
            dice.randrange(PROCESSES), scene.clerk, "PUT", "/api/v1/config", take(scene)
        )
        assert (status, bool(said["changes"])) == (200, True), said
        if any(map(shows_the_number, processes.all(token))):
            missed.append(kind)
        processes.ask(dice.randrange(PROCESSES), scene.clerk, "PUT", "/api/v1/config", give(scene))
    return missed


def test_a_right_withdrawn_is_gone_in_every_process(processes, scene):
    assert withdraw(processes, scene, 2 * len(WITHDRAWALS)) == []


@pytest.mark.deep
def test_a_thousand_rights_withdrawn_are_gone_in_every_process(processes, scene):
    assert withdraw(processes, scene, 1000) == []
