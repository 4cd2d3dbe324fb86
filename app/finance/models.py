"""The invoice record."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core.db import Amount, Base, Currency, Keyed, belongs_to, keyed, tenant_index
from app.core.history import Remembered, remembered


@remembered
class Invoice(Keyed, Remembered, Base):
    """What a policyholder is asked to pay, or is paid back."""

    __tablename__ = "invoices"

    contract_id: Mapped[uuid.UUID | None]
    policyholder_id: Mapped[uuid.UUID]
    number: Mapped[str]
    kind: Mapped[str]
    booked_on: Mapped[datetime.date | None]
    due_on: Mapped[datetime.date | None]
    period_from_on: Mapped[datetime.date | None]
    period_to_on: Mapped[datetime.date | None]
    net: Mapped[Amount | None]
    tax: Mapped[Amount | None]
    gross: Mapped[Amount | None]
    currency: Mapped[Currency | None]
    status: Mapped[str]
    paid_on: Mapped[datetime.date | None]

    __table_args__ = keyed(
        "invoices",
        belongs_to("contracts", "contract_id"),
        belongs_to("policyholders", "policyholder_id"),
        tenant_index("invoices", "contract_id"),
        tenant_index("invoices", "policyholder_id"),
        tenant_index("invoices", "due_on", "id"),
        CheckConstraint("kind in ('premium', 'credit', 'fee')", name="kind"),
        CheckConstraint("status in ('open', 'paid', 'overdue', 'cancelled')", name="status"),
    )
