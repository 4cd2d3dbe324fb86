"""The claim record."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core.db import Amount, Base, Currency, Keyed, belongs_to, keyed, tenant_index
from app.core.history import Remembered, remembered

STATUSES = ("reported", "open", "in_clarification", "settled", "rejected", "withdrawn", "closed")


@remembered
class Claim(Keyed, Remembered, Base):
    """Something happened that a contract may pay for."""

    __tablename__ = "claims"

    contract_id: Mapped[uuid.UUID | None]
    object_id: Mapped[uuid.UUID | None]
    policyholder_id: Mapped[uuid.UUID | None]
    number: Mapped[str | None]
    broker_number: Mapped[str | None]
    claim_type: Mapped[str | None]
    cause: Mapped[str | None]
    occurred_on: Mapped[datetime.date | None]
    reported_on: Mapped[datetime.date | None]
    loss_location: Mapped[str | None]
    description: Mapped[str | None]
    status: Mapped[str]
    claimed_amount: Mapped[Amount | None]
    reserve: Mapped[Amount | None]
    paid_amount: Mapped[Amount | None]
    deductible: Mapped[Amount | None]
    currency: Mapped[Currency | None]
    claimant: Mapped[str | None]
    claims_handler_id: Mapped[uuid.UUID | None]
    reported_by_id: Mapped[uuid.UUID | None]

    __table_args__ = keyed(
        "claims",
        belongs_to("contracts", "contract_id"),
        belongs_to("objects", "object_id"),
        belongs_to("policyholders", "policyholder_id"),
        belongs_to("users", "claims_handler_id", optional=True),
        belongs_to("users", "reported_by_id", optional=True),
        tenant_index("claims", "contract_id"),
        tenant_index("claims", "object_id"),
        tenant_index("claims", "policyholder_id"),
        tenant_index("claims", "claims_handler_id"),
        tenant_index("claims", "reported_by_id"),
        tenant_index("claims", "occurred_on", "id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
    )
