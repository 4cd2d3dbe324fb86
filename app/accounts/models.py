"""Links by which somebody sets his first password, or another for one he forgot; and the terms people accepted."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, tenant_index


class Invitation(Record, Base):
    """One link that was sent. Only its hash is stored; it works once, until it expires or a newer one is sent."""

    __tablename__ = "invitations"

    user_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    is_reset: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether it is for who forgot his password, not for his first."""
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]

    __table_args__ = (
        Index("uq_invitations_hash", "tenant_id", "token_hash", unique=True),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("invitations", "user_id"),
    )


class TermsAcceptance(TenantOwned, Base):
    """Somebody accepted a version of the broker's terms of use. Added, never changed."""

    __tablename__ = "terms_acceptances"

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    accepted_at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))

    __table_args__ = (belongs_to("users", "user_id", ondelete="CASCADE"),)
