"""A server that does not answer costs what needs it, is told in words, and is found again without a restart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.core.storage import Storage
from tenants import current

PDF = b"%PDF-1.4 what was agreed"


@pytest.fixture
def nobody_listens() -> Iterator[str]:
    """An address of this machine where no server answers while the test runs."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_files_are_away_and_come_back(
    make: Any,
    sign_in: Any,
    portal: Flask,
    owner: Engine,
    nobody_listens: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holder = make.policyholder("Nordwerk GmbH")
    there = portal.extensions["storage"]
    stored = there.store_bytes(make.tenant_id, PDF)
    document = make.document(
        links={"contract": make.contract(holder)},
        sha256=stored.sha256,
        size=len(PDF),
        media_type="application/pdf",
    )
    profile = make.row("document_profiles", key="standard", name="Standard", tags=["portal"])
    member = make.member(make.organization(holder, document_profile_id=profile))
    person = sign_in(member)

    def opened() -> int:
        with current.acting_for(make.tenant_id), owner.connect() as connection:
            return connection.execute(
                text("select count(*) from audit where tenant_id = :t and act = 'document.open'"),
                {"t": make.tenant_id},
            ).scalar_one()

    link = person.get(f"/documents/{document}/file").headers["Location"]
    monkeypatch.setitem(
        portal.extensions, "storage", Storage(replace(there.settings, s3_endpoint_url=nobody_listens))
    )
    away = person.get(link)
    assert away.status_code == 503
    assert int(away.headers["Retry-After"]) > 0
    assert "<h1" in away.text
    assert "127.0.0.1" not in away.text
    assert person.get(f"/documents/{document}").status_code == 200
    assert opened() == 0

    monkeypatch.setitem(portal.extensions, "storage", there)
    assert person.get(link).data == PDF
    assert opened() == 1
