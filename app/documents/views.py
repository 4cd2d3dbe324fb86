"""Opening a document's file: authorized anew each time, through a link that lives a minute."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, redirect
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from app.core.db import transaction
from app.core.errors import NotFound
from app.core.streams import body_of
from app.documents.access import DOWNLOAD_DOCUMENTS, READ_DOCUMENTS
from app.documents.models import Document
from app.documents.source import DOCUMENT_SOURCE
from app.reports.record import title_of_record
from permissions.door import allow, the_viewer, viewer
from permissions.noting import note
from tenants import usage

pages = Blueprint("document_files", __name__)

LINK_LIVES = 60
"""Seconds."""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="document file")


@pages.get("/documents/<uuid:record_id>/file")
@allow(READ_DOCUMENTS, DOWNLOAD_DOCUMENTS)
def open_file(record_id: uuid.UUID) -> Any:
    """A short-lived link to the file, for this viewer and this document only."""
    title_of_record(transaction(), the_viewer(), DOCUMENT_SOURCE, record_id)
    token = _signer().dumps([str(viewer.tenant_id), str(viewer.user_id), str(record_id)])
    return redirect(f"/files/{token}", 303)


@pages.get("/files/<token>")
@allow(READ_DOCUMENTS, DOWNLOAD_DOCUMENTS)
def file(token: str) -> Response:
    """The file itself. The link alone opens nothing: the viewer must still be signed in and still see the document."""
    try:
        tenant, user, record = _signer().loads(token, max_age=LINK_LIVES)
    except BadSignature:
        raise NotFound from None
    if (tenant, user) != (str(viewer.tenant_id), str(viewer.user_id)):
        raise NotFound
    record_id = uuid.UUID(record)
    title_of_record(transaction(), the_viewer(), DOCUMENT_SOURCE, record_id)
    found = (
        transaction()
        .execute(
            select(Document.sha256, Document.file_name, Document.media_type, Document.size).where(
                Document.tenant_id == viewer.tenant_id, Document.id == record_id
            )
        )
        .one()
    )
    note(transaction(), viewer, "document.open", "document", record_id)
    if viewer.look is None:
        usage.count_document(transaction(), viewer.user_id, viewer.organization_id)
    # A profile that hides the file's own name gets the document's id in its place.
    name = found.file_name if viewer.may_read("document", "file_name") else record
    return attachment(found.sha256, found.media_type, found.size, name)


def attachment(sha256: str, media_type: str, size: int, name: str) -> Response:
    """A stored file on its way to somebody who may have it."""
    pieces = current_app.extensions["storage"].read(viewer.tenant_id, sha256)
    response = Response(body_of(pieces), content_type=media_type)
    response.content_length = size
    # Always an attachment, never a page of this origin: what a file contains must not run here.
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
