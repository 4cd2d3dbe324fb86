"""A broker's stock as his system delivers it, for the tests of imports."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

import app.models  # noqa: F401 - every table
from app.core.text import DEFAULT, speaking
from app.exchange.records import Report, take

STOCK: dict[str, list[dict[str, Any]]] = {
    "mandate": [
        {"key": "M-1", "name": "Nord", "country": "DE", "currency": "EUR"},
        {"key": "M-2", "name": "Süd", "country": "AT", "currency": "EUR"},
    ],
    "staff": [{"key": "S-1", "name": "Eva Lang", "email": "Eva@broker.test", "mandates": ["M-1"], "active": True}],
    "insurer": [{"key": "5555", "name": "Beispiel Versicherung"}],
    "policyholder": [
        {"key": "P-1", "mandate": "M-1", "kind": "company", "name": "Werk Eins", "clerk": "S-1", "country": "DE"},
        {"key": "P-2", "mandate": "M-2", "kind": "private", "name": "Ärmel", "birth_on": "2000-02-29"},
    ],
    "contract": [
        {
            "key": "C-1", "policyholder": "P-1", "co_policyholders": ["P-2"], "number": "10-1", "insurer": "5555",
            "status": "own", "document_on": "2024-01-15", "line_of_business": "080", "currency": "EUR",
            "premium_net": "1234.50", "insurer_share": "62.5", "attributes": {"clauses": ["A", "B"]},
        },
        {"key": "C-2", "policyholder": "P-2", "number": "10-2", "status": "quote"},
    ],
    "object": [
        {
            "key": "O-1", "policyholder": "P-1", "contracts": ["C-1", "C-2"], "kind": "building", "label": "Halle 7",
            "latitude": "53.551086", "year_built": 1987, "sum_insured": "2500000", "currency": "EUR",
        },
    ],
    "claim": [
        {"key": "L-1", "contract": "C-1", "object": "O-1", "status": "open", "reserve": "5000", "currency": "EUR",
         "reported_by": "eva@broker.test"},
    ],
    "invoice": [
        {"key": "R-1", "contract": "C-1", "policyholder": "P-1", "number": "2024-1", "kind": "premium",
         "status": "open", "gross": "1469.06", "currency": "EUR"},
    ],
    "certificate": [
        {"key": "T-1", "contract": "C-1", "number": "T1", "status": "issued", "transport": "sea", "weight_kg": "12.125"},
    ],
    "document": [
        {"key": "D-1", "title": "Police", "document_type": "policy", "file_name": "police.pdf", "tags": ["client"],
         "links": [{"type": "contract", "key": "C-1"}, {"type": "policyholder", "key": "P-1"}]},
    ],
    "case": [
        {"key": "V-1", "subject": "Frage", "status": "new", "participants": ["S-1"], "contract": "C-1",
         "is_confidential": True},
    ],
    "message": [
        {"key": "N-1", "of_case": "V-1", "sender": "S-1", "sent_at": "2024-03-01T09:30:00+01:00", "text": "Guten Tag\n\nJa."},
    ],
}  # fmt: skip


def as_if_stored(row: dict[str, Any]) -> dict[str, Any]:
    """What storing a document's file adds to its row."""
    return {**row, "media_type": "application/pdf", "size": 5, "sha256": "ab" * 32}


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """What commands speak, whatever was read before."""
    with speaking(DEFAULT):
        yield


@pytest.fixture
def give(web: Engine, tenant_id: uuid.UUID) -> Callable[..., Report]:
    """Import rows of one type as the portal does; documents as if their files were stored."""

    def give(record_type: str, *rows: Any, **how: Any) -> Report:
        if record_type == "document":
            how.setdefault("prepare", as_if_stored)
        return take(web, record_type, rows, **how)

    return give


@pytest.fixture
def stock(give: Callable[..., Report]) -> None:
    """The whole stock, imported."""
    for record_type, rows in STOCK.items():
        report = give(record_type, *rows)
        assert report.is_good, report.errors
        assert report.new == len(rows)
