"""The policyholder record."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy.orm import Mapped

from app.core.db import Base, Country, Keyed, belongs_to, folded, keyed, tenant_index


class Policyholder(Keyed, Base):
    """A client's company, or a private client, in one of the broker's mandates."""

    __tablename__ = "policyholders"

    mandate_id: Mapped[uuid.UUID]
    kind: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = folded("name")
    first_name: Mapped[str | None]
    salutation: Mapped[str | None]
    birth_on: Mapped[datetime.date | None]
    legal_form: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    street: Mapped[str | None]
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[Country | None]
    corporate_group: Mapped[str | None]
    account_manager_id: Mapped[uuid.UUID | None]
    clerk_id: Mapped[uuid.UUID | None]
    intermediary: Mapped[str | None]
    customer_since_on: Mapped[datetime.date | None]
    iban: Mapped[str | None]
    vat_id: Mapped[str | None]
    notes: Mapped[str | None]

    __table_args__ = keyed(
        "policyholders",
        belongs_to("mandates", "mandate_id"),
        belongs_to("users", "account_manager_id", optional=True),
        belongs_to("users", "clerk_id", optional=True),
        tenant_index("policyholders", "mandate_id"),
        tenant_index("policyholders", "corporate_group"),
        tenant_index("policyholders", "intermediary"),
        tenant_index("policyholders", "account_manager_id"),
        tenant_index("policyholders", "clerk_id"),
        tenant_index("policyholders", "name_key", "id"),
    )
