"""Scopes, and the tables of what each scope sees.

A scope is an organization by its own rules (`own`), an organization united with its children (`tree`), or a
membership narrowed to objects (`narrowed`). What a scope sees is stored, one table per kind of record, and kept
equal to the definition in `tenants.rules` by `tenants.visibility`.
"""

from __future__ import annotations

import datetime
import uuid

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, TenantOwned, belongs_to, tenant_index


class Scope(TenantOwned, Base):
    __tablename__ = "scopes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """own, tree or narrowed."""
    organization_id: Mapped[uuid.UUID]
    membership_id: Mapped[uuid.UUID | None]
    base_id: Mapped[uuid.UUID | None]
    """Of a narrowed scope: the scope it narrows."""
    fresh_until: Mapped[datetime.date | None]
    """Last day on which the stored rows are right; a membership or a child's access ends or begins after it."""
    widening: Mapped[int | None]
    """While a job brings into sight what new rules allow: the stage of `tenants.rules.STAGES` it has come to."""

    __table_args__ = (
        belongs_to("organizations", "organization_id", ondelete="CASCADE"),
        belongs_to("memberships", "membership_id", ondelete="CASCADE"),
        belongs_to("scopes", "base_id", ondelete="CASCADE"),
        tenant_index("scopes", "organization_id"),
        tenant_index("scopes", "membership_id"),
        tenant_index("scopes", "base_id"),
    )


class ScopePart(TenantOwned, Base):
    """An own scope that a tree scope unites: the parent's and each child's whose access runs."""

    __tablename__ = "scope_parts"

    scope_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("scopes", "scope_id", ondelete="CASCADE"),
        belongs_to("scopes", "part_id", ondelete="CASCADE"),
        tenant_index("scope_parts", "part_id"),
    )


# The visible tables carry no foreign keys: they are derived, rebuilt set-wise, and checked against their
# definition; a key check per row would cost more than the row.


class Visible(TenantOwned):
    """A record that a scope sees."""

    # Before the record in the key, so that the key finds what a scope sees; the index beside it, who sees a record.
    scope_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-10)


class VisiblePolicyholder(Visible, Base):
    __tablename__ = "visible_policyholders"
    policyholder_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_policyholders", "policyholder_id"),)


class VisibleContract(Visible, Base):
    """With the keys the overview sorts by at first, so that its first page costs the same for any size."""

    __tablename__ = "visible_contracts"
    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number_key: Mapped[str]
    __table_args__ = (
        tenant_index("visible_contracts", "contract_id"),
        Index("ix_visible_contracts_number", "tenant_id", "scope_id", "number_key", "contract_id"),
    )


class VisibleObject(Visible, Base):
    __tablename__ = "visible_objects"
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_objects", "object_id"),)


class VisibleClaim(Visible, Base):
    __tablename__ = "visible_claims"
    claim_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_claims", "claim_id"),)


class VisibleInvoice(Visible, Base):
    __tablename__ = "visible_invoices"
    invoice_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_invoices", "invoice_id"),)


class VisibleCertificate(Visible, Base):
    __tablename__ = "visible_certificates"
    certificate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_certificates", "certificate_id"),)


class VisibleDocument(Visible, Base):
    __tablename__ = "visible_documents"
    document_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    __table_args__ = (tenant_index("visible_documents", "document_id"),)


VISIBLE: dict[str, type[Visible]] = {
    "policyholder": VisiblePolicyholder,
    "contract": VisibleContract,
    "object": VisibleObject,
    "claim": VisibleClaim,
    "invoice": VisibleInvoice,
    "certificate": VisibleCertificate,
    "document": VisibleDocument,
}
"""The visible table of each kind of record that visibility rules speak of."""
