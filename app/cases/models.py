"""The case record."""

from __future__ import annotations

import uuid

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed, TenantOwned, belongs_to, keyed, tenant_index


class Case(Keyed, Base):
    """A matter between client and broker. It belongs to the client's member it was opened for."""

    __tablename__ = "cases"

    subject: Mapped[str]
    category_1: Mapped[str | None]
    category_2: Mapped[str | None]
    status: Mapped[str]
    is_confidential: Mapped[bool] = mapped_column(server_default=text("false"))
    owner_id: Mapped[uuid.UUID | None]
    """The user whose case it is."""
    contract_id: Mapped[uuid.UUID | None]
    claim_id: Mapped[uuid.UUID | None]
    policyholder_id: Mapped[uuid.UUID | None]

    __table_args__ = keyed(
        "cases",
        belongs_to("users", "owner_id", optional=True),
        belongs_to("contracts", "contract_id", optional=True),
        belongs_to("claims", "claim_id", optional=True),
        belongs_to("policyholders", "policyholder_id", optional=True),
        tenant_index("cases", "owner_id"),
        tenant_index("cases", "contract_id"),
        tenant_index("cases", "claim_id"),
        tenant_index("cases", "policyholder_id"),
        CheckConstraint(
            "status in ('new', 'open', 'waiting_for_client', 'waiting_for_broker', 'done')", name="status"
        ),
    )


class CaseParticipant(TenantOwned, Base):
    """A user who takes part in a case."""

    __tablename__ = "case_participants"

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("cases", "case_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("case_participants", "user_id"),
        Index("ix_case_participants_case", "tenant_id", "case_id"),
    )
