"""Saved reports, whom they are shared with, and which of them an overview opens with."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, belongs_to, folded, tenant_index, text_list

SHARINGS = ("private", "people", "profile", "organization", "all")


class SavedReport(Record, Base):
    """The state of an overview as the words of its address, under a name."""

    __tablename__ = "saved_reports"

    owner_id: Mapped[uuid.UUID]
    source: Mapped[str]
    """The record type."""
    name: Mapped[str]
    name_key: Mapped[str] = folded("name")
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Each word of the address with its values, such as {"sort": ["-ends_on"]}."""
    sharing: Mapped[str] = mapped_column(server_default=text("'private'"))
    profile_id: Mapped[uuid.UUID | None]
    organization_id: Mapped[uuid.UUID | None]
    functions_off: Mapped[list[str]] = text_list()
    """What its readers cannot do with it: keys of app/reports/switches.py."""

    __table_args__ = (
        Index("uq_saved_reports_name", "tenant_id", "owner_id", "source", "name_key", unique=True),
        belongs_to("users", "owner_id", ondelete="CASCADE"),
        # Whoever loses the profile or organization it was shared with keeps his report.
        belongs_to("profiles", "profile_id", optional=True),
        belongs_to("organizations", "organization_id", optional=True),
        tenant_index("saved_reports", "profile_id"),
        tenant_index("saved_reports", "organization_id"),
        CheckConstraint(f"sharing in {SHARINGS}", name="sharing"),
    )


class SavedReportPerson(TenantOwned, Base):
    """Somebody a report is shared with by name."""

    __tablename__ = "saved_report_people"

    report_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("saved_reports", "report_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        tenant_index("saved_report_people", "user_id"),
    )


class ReportDefault(Record, Base):
    """What an overview opens with: for one person, or for everybody of a profile who chose nothing himself."""

    __tablename__ = "report_defaults"

    source: Mapped[str]
    report_id: Mapped[uuid.UUID]
    user_id: Mapped[uuid.UUID | None]
    profile_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        Index("uq_report_defaults_user", "tenant_id", "user_id", "source", unique=True),
        Index("uq_report_defaults_profile", "tenant_id", "profile_id", "source", unique=True),
        belongs_to("saved_reports", "report_id", ondelete="CASCADE"),
        belongs_to("users", "user_id", ondelete="CASCADE"),
        belongs_to("profiles", "profile_id", ondelete="CASCADE"),
        tenant_index("report_defaults", "report_id"),
        CheckConstraint("num_nonnulls(user_id, profile_id) = 1", name="whose"),
    )
