"""The insured object record."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Amount, Base, Country, Currency, Keyed, belongs_to, folded, keyed, tenant_index


class InsuredObject(Keyed, Base):
    """A building, vehicle, machine, vessel or person that contracts insure."""

    __tablename__ = "objects"

    policyholder_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    label: Mapped[str]
    label_key: Mapped[str] = folded("label")
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[Country | None]
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    sum_insured: Mapped[Amount | None]
    currency: Mapped[Currency | None]
    year_built: Mapped[int | None] = mapped_column(Integer)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    responsible: Mapped[str | None]

    __table_args__ = keyed(
        "objects",
        belongs_to("policyholders", "policyholder_id"),
        tenant_index("objects", "policyholder_id"),
        tenant_index("objects", "label_key", "id"),
    )
