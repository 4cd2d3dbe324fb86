"""The transport certificate record."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal

from sqlalchemy import CheckConstraint, Integer, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Amount, Base, Currency, Keyed, belongs_to, keyed, tenant_index


class Certificate(Keyed, Base):
    """Evidence of cover for one shipment under a cargo contract."""

    __tablename__ = "certificates"

    contract_id: Mapped[uuid.UUID]
    number: Mapped[str]
    insured: Mapped[str | None]
    consignee: Mapped[str | None]
    goods: Mapped[str | None]
    packages: Mapped[int | None] = mapped_column(Integer)
    weight_kg: Mapped[Decimal | None] = mapped_column(Numeric(14, 3))
    transport: Mapped[str | None]
    from_place: Mapped[str | None]
    to_place: Mapped[str | None]
    departs_on: Mapped[datetime.date | None]
    sum_insured: Mapped[Amount | None]
    currency: Mapped[Currency | None]
    status: Mapped[str]
    issued_by_id: Mapped[uuid.UUID | None]

    __table_args__ = keyed(
        "certificates",
        belongs_to("contracts", "contract_id"),
        belongs_to("users", "issued_by_id", optional=True),
        tenant_index("certificates", "contract_id"),
        tenant_index("certificates", "issued_by_id"),
        tenant_index("certificates", "departs_on", "id"),
        CheckConstraint("status in ('draft', 'issued', 'cancelled')", name="status"),
        CheckConstraint("transport in ('sea', 'air', 'road', 'rail')", name="transport"),
    )
