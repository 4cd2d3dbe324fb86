"""Memberships that a client's own administrator offers: there is none before its invitation is accepted."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import ARRAY, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, belongs_to, tenant_index


class Offer(Record, Base):
    """What somebody gets when he accepts. Whether he is known to the broker already, nothing here says."""

    __tablename__ = "membership_offers"

    organization_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID]
    """Whose offer it is: it ends with his own membership."""
    email: Mapped[str]
    name: Mapped[str]
    """As it was typed; whoever is known keeps his own."""
    profile_id: Mapped[uuid.UUID]
    objects: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Keys of the objects he is narrowed to; empty for all."""
    ends_on: Mapped[datetime.date | None]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the link that was mailed last."""
    expires_at: Mapped[datetime.datetime]

    __table_args__ = (
        Index("uq_membership_offers_email", "tenant_id", "organization_id", "email", unique=True),
        Index("uq_membership_offers_hash", "tenant_id", "token_hash", unique=True),
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        belongs_to("profiles", "profile_id", ondelete="CASCADE"),
        tenant_index("membership_offers", "membership_id"),
        tenant_index("membership_offers", "profile_id"),
    )
