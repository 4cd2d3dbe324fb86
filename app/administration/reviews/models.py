"""Reviews of who has access: who looked, when, and what became of it."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Mapped

from app.core.db import Base, Record, belongs_to, tenant_index


class Review(Record, Base):
    """Somebody looked at all members of an organization that he may look after."""

    __tablename__ = "organization_reviews"

    organization_id: Mapped[uuid.UUID]
    reviewer_id: Mapped[uuid.UUID | None]
    by_client: Mapped[bool]
    """Whether it was the client's own administrator: the broker's review is due all the same."""
    kept: Mapped[int]
    ended: Mapped[int]

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("users", "reviewer_id", optional=True),
        tenant_index("organization_reviews", "organization_id", "created_at"),
        tenant_index("organization_reviews", "reviewer_id"),
    )
