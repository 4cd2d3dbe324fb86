"""Large files have a few places in a web process; small ones need none, and pages go on."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.core import streams

LARGE = b"%PDF-1.4 " + b"a long report on fire protection " * (streams.WHOLE // 20)
SMALL = b"%PDF-1.4 a certificate"


@pytest.fixture
def files(make: Any, sign_in: Any, portal: Flask) -> Any:
    """Somebody who may open a large document and a small one: his client, and the way to each."""
    holder = make.policyholder("Nordwerk GmbH")
    contract = make.contract(holder)
    profile = make.row("document_profiles", key="standard", name="Standard", tags=["portal"])
    person = sign_in(make.member(make.organization(holder, document_profile_id=profile)))
    storage = portal.extensions["storage"]

    def document(content: bytes) -> str:
        stored = storage.store_bytes(make.tenant_id, content)
        record = make.document(
            links={"contract": contract},
            sha256=stored.sha256,
            size=len(content),
            media_type="application/pdf",
        )
        return person.get(f"/documents/{record}/file").headers["Location"]

    return person, document(LARGE), document(SMALL)


def test_one_large_file_too_many_is_asked_to_wait(files: Any) -> None:
    person, large, small = files
    fetching: list[TestResponse] = [person.get(large) for _ in range(streams.AT_ONCE)]
    assert [answer.status_code for answer in fetching] == [200] * streams.AT_ONCE

    refused = person.get(large)
    assert refused.status_code == 503
    assert "Gerade werden viele große Dateien abgerufen" in refused.text
    assert person.get("/contracts").status_code == 200
    assert person.get(small).data == SMALL

    assert fetching[0].get_data() == LARGE
    fetching[0].close()
    again = person.get(large)
    assert again.status_code == 200

    # A browser that goes away in the middle of a file leaves its place as well.
    for answer in [again, *fetching[1:]]:
        answer.close()
    with person.get(large) as last:
        assert last.data == LARGE


def test_what_breaks_at_the_beginning_is_no_half_file() -> None:
    def pieces() -> Any:
        yield b"number;premium\r\n"
        raise streams.Busy

    with pytest.raises(streams.Busy):
        streams.body_of(pieces())


def test_a_file_keeps_its_order_and_is_closed_once() -> None:
    closed = []

    def pieces() -> Any:
        try:
            for letter in b"abcdefghijkl":
                yield bytes([letter]) * (1 << 20)
        finally:
            closed.append(True)

    body = streams.body_of(pieces())
    assert b"".join(body) == b"".join(bytes([letter]) * (1 << 20) for letter in b"abcdefghijkl")
    for _ in range(streams.AT_ONCE + 1):
        body.close()  # type: ignore[attr-defined]
    assert closed == [True]
    held = [streams.body_of(pieces()) for _ in range(streams.AT_ONCE)]
    with pytest.raises(streams.Busy):
        streams.body_of(pieces())
    held.clear()
    assert len(closed) == 2 + streams.AT_ONCE
