"""Documents: files in storage, and the records they hang on."""

from app.documents.access import DOCUMENTS
from app.documents.source import DOCUMENT_SOURCE

__all__ = ["DOCUMENTS", "DOCUMENT_SOURCE"]
