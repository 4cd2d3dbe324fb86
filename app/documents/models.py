"""The document record and the records it hangs on."""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Keyed, TenantOwned, belongs_to, keyed, tenant_index, text_list


class Document(Keyed, Base):
    """A file in storage, found there under its tenant and checksum."""

    __tablename__ = "documents"

    document_type: Mapped[str]
    title: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    dated_on: Mapped[datetime.date | None]
    tags: Mapped[list[str]] = text_list()
    language: Mapped[str | None]
    uploaded_by_id: Mapped[uuid.UUID | None]

    __table_args__ = keyed(
        "documents",
        belongs_to("users", "uploaded_by_id", optional=True),
        tenant_index("documents", "uploaded_by_id"),
        tenant_index("documents", "dated_on", "id"),
        tenant_index("documents", "sha256"),
    )


class DocumentLink(TenantOwned, Base):
    """A record the document hangs on. One nullable reference per kind, so that each is a real key."""

    __tablename__ = "document_links"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    document_id: Mapped[uuid.UUID]
    policyholder_id: Mapped[uuid.UUID | None]
    contract_id: Mapped[uuid.UUID | None]
    object_id: Mapped[uuid.UUID | None]
    claim_id: Mapped[uuid.UUID | None]
    invoice_id: Mapped[uuid.UUID | None]
    certificate_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        belongs_to("documents", "document_id", ondelete="CASCADE"),
        belongs_to("policyholders", "policyholder_id", ondelete="CASCADE"),
        belongs_to("contracts", "contract_id", ondelete="CASCADE"),
        belongs_to("objects", "object_id", ondelete="CASCADE"),
        belongs_to("claims", "claim_id", ondelete="CASCADE"),
        belongs_to("invoices", "invoice_id", ondelete="CASCADE"),
        belongs_to("certificates", "certificate_id", ondelete="CASCADE"),
        Index(
            "uq_document_links_one",
            "tenant_id", "document_id", "policyholder_id", "contract_id", "object_id", "claim_id", "invoice_id",
            "certificate_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        *(
            tenant_index("document_links", column, postgresql_where=text(f"{column} is not null"))
            for column in ("policyholder_id", "contract_id", "object_id", "claim_id", "invoice_id", "certificate_id")
        ),
    )  # fmt: skip
