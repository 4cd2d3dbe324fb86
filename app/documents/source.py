"""Documents as reports see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from app.contracts import of_mandates
from app.core.text import _l
from app.documents.access import DOWNLOAD_DOCUMENTS, READ_DOCUMENTS, UPLOAD_DOCUMENTS
from app.documents.models import Document, DocumentLink
from app.documents.schemas import DocumentSchema
from app.policyholders import held_in_mandates
from app.reports.source import SOURCES, TAGS, TENANT, USER, Door, Related, Source

LINK = DocumentLink.__table__


def hangs_on_own_claim(t: Any) -> ColumnElement[bool]:
    """A document with a shared tag on a claim the viewer reported: he always sees that claim, and what hangs on it."""
    claims = SOURCES["claim"].table.alias("own_claim")
    links = LINK.alias("own_link")
    return t.c.tags.bool_op("&&")(TAGS) & exists(
        select(links.c.id)
        .join(claims, (claims.c.tenant_id == TENANT) & (claims.c.id == links.c.claim_id))
        .where(links.c.tenant_id == TENANT, links.c.document_id == t.c.id, claims.c.reported_by_id == USER)
    )


def hangs_in_mandates(t: Any) -> ColumnElement[bool]:
    """A document on anything of the mandates a staff member is limited to."""
    links = LINK.alias("mandated_link")

    def within(record: str, column: Any) -> ColumnElement[bool]:
        source = SOURCES[record]
        other = source.table.alias(f"mandated_{record}_row")
        return column.in_(select(other.c.id).where(other.c.tenant_id == TENANT, source.mandated(other)))

    return t.c.id.in_(
        select(links.c.document_id).where(
            links.c.tenant_id == TENANT,
            or_(
                held_in_mandates(links.c.policyholder_id),
                of_mandates(links.c.contract_id),
                within("object", links.c.object_id),
                within("claim", links.c.claim_id),
                within("invoice", links.c.invoice_id),
                within("certificate", links.c.certificate_id),
            ),
        )
    )


DOCUMENT_SOURCE = Source(
    DocumentSchema,
    Document,
    READ_DOCUMENTS,
    title=("title",),
    sort="-dated_on",
    icon="docs",
    mine="uploaded_by_id",
    extra=hangs_on_own_claim,
    mandated=hangs_in_mandates,
    subtitle="document_type",
    related=tuple(
        Related(record, "document", "document_links")
        for record in ("contract", "object", "claim", "invoice", "certificate", "policyholder")
    ),
    entrance=Door(UPLOAD_DOCUMENTS, _l("Upload documents"), "upload", "upload"),
    doors=(Door(DOWNLOAD_DOCUMENTS, _l("Download"), "file", "download"),),
)
