"""Imports: what came, what it changed, and the rows on their way in."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from sqlalchemy import BigInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Record, TenantOwned, tenant_index


class Import(Record, Base):
    """One file or upload that was taken in, and what it did."""

    __tablename__ = "imports"

    source: Mapped[str]
    """gdv, json or csv."""
    file_name: Mapped[str | None]
    actor_id: Mapped[uuid.UUID | None]
    finished_at: Mapped[datetime.datetime | None]
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))

    __table_args__ = (tenant_index("imports", "created_at"),)


class IncomingRow(TenantOwned, Base):
    """A row on its way in, as it was given. Gone when its batch is done."""

    __tablename__ = "incoming_rows"

    batch_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    given: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = {"prefixes": ["UNLOGGED"]}
