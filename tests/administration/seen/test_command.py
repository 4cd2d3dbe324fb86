"""`portico why`, in a process of its own, as an administrator at a terminal has it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.fixture
def portico(servers, make):
    environment = (
        os.environ
        | servers
        | {"LC_ALL": "en", "SECRET_KEY": "a secret of the tests", "PORTICO_TENANT": make.tenant_id.hex}
    )

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from app.cli import main; main()", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    return run


def test_why_says_yes_or_no_with_every_reason(portico, make, nordwerk):
    make.change("users", nordwerk.ada, email="ada@nordwerk.example")
    make.change("contracts", nordwerk.fire, key="K-1")

    said = portico("why", "Ada@nordwerk.example", "contract", "K-1", "--field", "commission")
    assert said.stdout.splitlines() == [
        "Yes, Ada Lund sees ‘Commission’: Contract FIRE-1",
        "  ok  Member of the organisation Nordwerk Gruppe: Main organisation, without an end date",
        "  ok  Policyholder Nordwerk GmbH belongs to the organisation: Chosen by name",
        "  ok  Contracts are shared automatically",
        "  ok  The contract state ‘Managed by us’ is shared",
        "  ok  Profile Profile shows the menu area Contracts: Own rule",
        "  Commission: Can edit (Profile Profile, own rule)",
    ], said.stderr

    make.change("organizations", nordwerk.organization, include_claims=False)
    make.arrange(organizations={nordwerk.organization})
    said = portico("why", "ada@nordwerk.example", "claim", str(make.claim(nordwerk.fire)))
    assert said.stdout.startswith("No, Ada Lund does not see: Claim ")
    assert "  NO  Claims are not shared: Switch claims on in the organisation." in said.stdout


def test_what_is_not_there_is_said_so(portico, nordwerk, neighbour):
    for words in (
        ("nobody@nowhere.example", "contract", str(nordwerk.fire)),
        ("person-1@nordwerk.example", "contract", str(neighbour.contract())),
    ):
        refused = portico("why", *words)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "There is no such user, record or field at this broker." in refused.stderr
    refused = portico("why", "ada@nordwerk.example", "nothing", "1")
    assert "There is no record type nothing." in refused.stderr
