"""`portico demo` as people start it: a process, an address, Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from app.cli import main

BROKERS = ("hansen", "limmat", "atelier")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(state: Path, port: int) -> tuple[subprocess.Popen[str], list[str]]:
    """A demonstration that says it is ready, and what it said until then."""
    environment = {
        k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL"}
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "demo", "--port", str(port), "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("ready: "):
            return process, said
    raise AssertionError("".join(said))


def status(port: int, host: str, path: str = "/sign-in") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse().status


def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGINT) -> list[psutil.Process]:
    """Send the signal and wait; the children that outlived it by ten seconds."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    process.wait(30)
    return psutil.wait_procs(children, 10)[1]


@pytest.mark.deep
def test_a_demonstration_starts_answers_stops_and_starts_again(tmp_path: Path) -> None:
    first, second = free_port(), free_port()

    process, said = start(tmp_path / "state", first)
    assert said[-1] == f"ready: http://hansen.localhost:{first}/\n"
    assert [status(first, f"{name}.localhost:{first}") for name in BROKERS] == [200, 200, 200]
    mails = tmp_path / "state" / "mails"
    deadline = time.monotonic() + 60
    while not any(mails.glob("*.eml")):
        assert time.monotonic() < deadline, "no reminder was written"
        time.sleep(0.2)
    assert status(first, f"nobody.localhost:{first}") == 404
    assert stop(process) == []

    began = time.monotonic()
    process, _said = start(tmp_path / "state", second)
    assert time.monotonic() - began < 30
    assert [status(second, f"{name}.localhost:{second}") for name in BROKERS] == [200, 200, 200]
    assert status(second, f"hansen.localhost:{first}") == 404
    assert (tmp_path / "state" / "secret.key").stat().st_mode & 0o777 == 0o600
    refused = CliRunner().invoke(main, ["demo", "--port", str(second), "--state", str(tmp_path / "other")])
    assert refused.exit_code == 1
    assert "--port" in refused.output
    assert stop(process, signal.SIGKILL) == []


def test_a_command_without_servers_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    answer = CliRunner().invoke(main, ["--state", str(tmp_path), "tenant", "list"])

    assert answer.exit_code == 1
    assert "DATABASE_URL" in answer.output


def test_help_needs_no_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)

    for words in (["--help"], ["demo", "--help"], ["import", "--help"], ["rates", "update", "--help"]):
        answer = CliRunner().invoke(main, ["--state", str(tmp_path), *words])
        assert answer.exit_code == 0, answer.output


def test_a_token_opens_the_api_for_its_owner_only(
    servers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in servers.items():
        monkeypatch.setenv(name, value)

    answer = CliRunner().invoke(
        main, ["token", "create", "--tenant", "no-such-broker", "--user", "x@y.example"]
    )

    assert answer.exit_code == 1
    assert "no-such-broker" in answer.output
