"""Profiles, what each grants, and what they inherit from one another."""

from __future__ import annotations

import uuid

from sqlalchemy import BigInteger, CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed, TenantOwned, belongs_to, keyed, tenant_index


class Profile(Keyed, Base):
    """A permission profile. Its version rises with every change of its own or inherited grants."""

    __tablename__ = "profiles"

    name: Mapped[str]
    is_staff: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))

    __table_args__ = keyed("profiles")


class ProfileParent(TenantOwned, Base):
    """A profile grants whatever its parents grant."""

    __tablename__ = "profile_parents"

    profile_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    parent_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("profiles", "profile_id", ondelete="CASCADE"),
        belongs_to("profiles", "parent_id"),
        tenant_index("profile_parents", "parent_id"),
        CheckConstraint("profile_id <> parent_id", name="itself"),
    )


class ProfileRule(TenantOwned, Base):
    """One grant: a subject of the catalogue and how far it goes."""

    __tablename__ = "profile_rules"

    profile_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]

    __table_args__ = (
        belongs_to("profiles", "profile_id", ondelete="CASCADE"),
        CheckConstraint("action in ('show', 'use', 'mask', 'read', 'edit')", name="action"),
    )
