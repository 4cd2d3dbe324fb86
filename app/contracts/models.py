"""The contract record, the insurer, and what a contract is tied to."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Computed, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.contracts.notice import EXPIRY_NOTICE, RENEWAL_NOTICE
from app.core.db import (
    Amount,
    Base,
    Currency,
    Keyed,
    Share,
    TenantOwned,
    belongs_to,
    folded,
    keyed,
    tenant_index,
)
from app.core.history import Remembered, remembered

STATUSES = (
    "inquiry", "quote", "own", "third_party", "third_party_part", "blocked", "info", "dormant", "cancelled",
)  # fmt: skip


class Insurer(Keyed, Base):
    """An insurer; its key is the number the GDV gave it."""

    __tablename__ = "insurers"

    name: Mapped[str]
    name_key: Mapped[str] = folded("name")


@remembered
class Contract(Keyed, Remembered, Base):
    __tablename__ = "contracts"

    policyholder_id: Mapped[uuid.UUID]
    number: Mapped[str]
    number_key: Mapped[str] = folded("number")
    insurer_id: Mapped[uuid.UUID | None]
    insurer_share: Mapped[Share | None]
    co_insurance: Mapped[str | None]
    line_of_business: Mapped[str | None]
    contract_type: Mapped[str | None]
    status: Mapped[str]
    product: Mapped[str | None]
    inquiry_on: Mapped[datetime.date | None]
    quote_on: Mapped[datetime.date | None]
    application_on: Mapped[datetime.date | None]
    document_on: Mapped[datetime.date | None]
    starts_on: Mapped[datetime.date | None]
    ends_on: Mapped[datetime.date | None]
    annual_due_on: Mapped[datetime.date | None]
    notice_period_months: Mapped[int | None] = mapped_column(Integer)
    expiry_notice: Mapped[int | None] = mapped_column(Integer, Computed(EXPIRY_NOTICE, persisted=True))
    renewal_notice: Mapped[int | None] = mapped_column(Integer, Computed(RENEWAL_NOTICE, persisted=True))
    payment_frequency: Mapped[str | None]
    currency: Mapped[Currency | None]
    premium_net: Mapped[Amount | None]
    insurance_tax: Mapped[Amount | None]
    premium_gross: Mapped[Amount | None]
    sum_insured: Mapped[Amount | None]
    deductible: Mapped[Amount | None]
    commission_rate: Mapped[Share | None]
    commission: Mapped[Amount | None]
    account_manager_id: Mapped[uuid.UUID | None]
    clerk_id: Mapped[uuid.UUID | None]
    claims_handler_id: Mapped[uuid.UUID | None]
    intermediary: Mapped[str | None]
    remarks: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))

    __table_args__ = keyed(
        "contracts",
        belongs_to("policyholders", "policyholder_id"),
        belongs_to("insurers", "insurer_id"),
        belongs_to("users", "account_manager_id", optional=True),
        belongs_to("users", "clerk_id", optional=True),
        belongs_to("users", "claims_handler_id", optional=True),
        tenant_index("contracts", "policyholder_id"),
        tenant_index("contracts", "insurer_id"),
        tenant_index(
            "contracts", "account_manager_id", postgresql_where=text("account_manager_id is not null")
        ),
        tenant_index("contracts", "clerk_id", postgresql_where=text("clerk_id is not null")),
        tenant_index(
            "contracts", "claims_handler_id", postgresql_where=text("claims_handler_id is not null")
        ),
        tenant_index("contracts", "number_key", "id"),
        CheckConstraint(f"status in {STATUSES}", name="status"),
        CheckConstraint("premium_net is null or currency is not null", name="premium_currency"),
    )


class ContractPolicyholder(TenantOwned, Base):
    """A co-policyholder of a contract."""

    __tablename__ = "contract_policyholders"

    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    policyholder_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("contracts", "contract_id", ondelete="CASCADE"),
        belongs_to("policyholders", "policyholder_id", ondelete="CASCADE"),
        tenant_index("contract_policyholders", "policyholder_id"),
    )


class ContractObject(TenantOwned, Base):
    """An object that a contract insures."""

    __tablename__ = "contract_objects"

    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("contracts", "contract_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", ondelete="CASCADE"),
        tenant_index("contract_objects", "object_id"),
    )
