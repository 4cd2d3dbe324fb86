"""What people report before it is a claim, and the numbers they get for it."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Amount, Base, Currency, Record, TenantOwned, belongs_to, tenant_index

STATES = ("waiting", "returned", "withdrawn", "released")


class ClaimReport(Record, Base):
    """A report of one person in the organization he worked in. Released, it has become a claim."""

    __tablename__ = "claim_reports"

    organization_id: Mapped[uuid.UUID | None]
    """Empty for staff of the broker."""
    author_id: Mapped[uuid.UUID]
    once: Mapped[str]
    """Of reports of one author with the same word here there is one: a form sent twice is one report."""
    number: Mapped[str]
    """What people call it by, and the claim after it."""
    state: Mapped[str]
    sent_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    """Sent anew after it was handed back: when that was."""
    contract_id: Mapped[uuid.UUID]
    object_id: Mapped[uuid.UUID | None]
    claim_type: Mapped[str | None]
    occurred_on: Mapped[datetime.date | None]
    loss_location: Mapped[str | None]
    cause: Mapped[str | None]
    description: Mapped[str | None]
    claimed_amount: Mapped[Amount | None]
    currency: Mapped[Currency | None]
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    """What is stored for it, in the words of a document: documents come with the claim."""
    reason: Mapped[str | None]
    """Why it was handed back."""
    checked_by_id: Mapped[uuid.UUID | None]
    """The second pair of eyes: who released it, or handed it back. Empty where nobody has, or nobody was asked for."""
    claim_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        Index("uq_claim_reports_once", "tenant_id", "author_id", "once", unique=True),
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("users", "author_id", ondelete="CASCADE"),
        belongs_to("contracts", "contract_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", optional=True),
        belongs_to("users", "checked_by_id", optional=True),
        belongs_to("claims", "claim_id", optional=True),
        tenant_index("claim_reports", "organization_id", "state"),
        tenant_index("claim_reports", "contract_id"),
        tenant_index("claim_reports", "object_id"),
        tenant_index("claim_reports", "checked_by_id"),
        tenant_index("claim_reports", "claim_id"),
        CheckConstraint(f"state in {STATES}", name="state"),
    )


class ClaimReportNumber(TenantOwned, Base):
    """The last number given in a year. Each broker counts for himself."""

    __tablename__ = "claim_report_numbers"

    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
