"""People who sign in, what limits the broker's own, and their memberships in organizations."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, tenant_index


class User(Record, Base):
    """A person who signs in: a client's employee, or staff of the broker."""

    __tablename__ = "users"

    key: Mapped[str | None]
    """The broker system's name of a staff member; records name him by it."""
    email: Mapped[str]
    """Lower case, unique per tenant."""
    name: Mapped[str]
    salutation: Mapped[str | None]
    phone: Mapped[str | None]
    role: Mapped[str | None]
    """What he does, in the broker's words, shown beside his name."""
    is_staff: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    password_hash: Mapped[str | None]
    profile_id: Mapped[uuid.UUID | None]
    """The profile of staff; a client's profile stands in each membership."""
    language: Mapped[str | None]
    scheme: Mapped[str | None]
    density: Mapped[str | None]

    __table_args__ = (
        Index("uq_users_email", "tenant_id", "email", unique=True),
        Index("uq_users_key", "tenant_id", "key", unique=True),
        belongs_to("profiles", "profile_id"),
        tenant_index("users", "profile_id"),
        CheckConstraint("email = lower(email)", name="email"),
    )


class StaffMandate(TenantOwned, Base):
    """A mandate a staff member is limited to; none means the whole tenant."""

    __tablename__ = "staff_mandates"

    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mandate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("mandates", "mandate_id", ondelete="CASCADE"),
        tenant_index("staff_mandates", "mandate_id"),
    )


class Membership(Record, Base):
    """A user in an organization, with the profile that decides what he may there."""

    __tablename__ = "memberships"

    user_id: Mapped[uuid.UUID]
    organization_id: Mapped[uuid.UUID]
    profile_id: Mapped[uuid.UUID]
    is_main: Mapped[bool] = mapped_column(server_default=text("false"))
    objects: Mapped[str] = mapped_column(server_default="all")
    starts_on: Mapped[datetime.date | None]
    ends_on: Mapped[datetime.date | None]
    announced_ends_on: Mapped[datetime.date | None]
    """The last day of access of which mails have told, and when they did."""
    announced_on: Mapped[datetime.date | None]

    __table_args__ = (
        Index("uq_memberships_user", "tenant_id", "user_id", "organization_id", unique=True),
        Index("uq_memberships_main", "tenant_id", "user_id", unique=True, postgresql_where=text("is_main")),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("profiles", "profile_id"),
        tenant_index("memberships", "organization_id"),
        tenant_index("memberships", "profile_id"),
        CheckConstraint("objects in ('all', 'selected')", name="objects"),
    )


class MembershipObject(TenantOwned, Base):
    """An object a narrowed member is responsible for."""

    __tablename__ = "membership_objects"

    membership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", ondelete="CASCADE"),
        tenant_index("membership_objects", "object_id"),
    )
