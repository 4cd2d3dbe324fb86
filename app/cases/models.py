"""Cases, who takes part in them, and what was written."""

from __future__ import annotations

import datetime
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


class Message(Keyed, Base):
    """What somebody wrote in a case. It is seen wherever its case is, and never changed."""

    __tablename__ = "messages"

    of_case_id: Mapped[uuid.UUID]
    sender_id: Mapped[uuid.UUID | None]
    """Who wrote it, himself; empty once he is erased."""
    subject: Mapped[str | None]
    """As it was sent; those written in the portal have that of their case."""
    sent_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
    text: Mapped[str]

    __table_args__ = keyed(
        "messages",
        belongs_to("cases", "of_case_id", ondelete="CASCADE"),
        belongs_to("users", "sender_id", optional=True),
        tenant_index("messages", "of_case_id", "sent_at"),
        tenant_index("messages", "sender_id", "sent_at"),
        tenant_index("messages", "sent_at"),
    )


class MessageReading(TenantOwned, Base):
    """That a person has read a message. Who wrote it needs none."""

    __tablename__ = "message_readings"

    message_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    read_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))

    __table_args__ = (
        belongs_to("messages", "message_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("message_readings", "user_id"),
    )


class CaseMute(TenantOwned, Base):
    """That a person wants no mails about a case."""

    __tablename__ = "case_mutes"

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("cases", "case_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("case_mutes", "user_id"),
    )
