"""What a profile can decide about documents."""

from app.core.text import _l
from app.documents.schemas import DocumentSchema
from permissions import Area, Function, Resource

READ_DOCUMENTS = Area("documents", _l("Documents"), "docs", _l("Portfolio"))
DOWNLOAD_DOCUMENTS = Function("document.download", _l("Download documents"))
UPLOAD_DOCUMENTS = Function("document.upload", _l("Upload documents"))

DOCUMENTS = Resource(DocumentSchema, READ_DOCUMENTS, (DOWNLOAD_DOCUMENTS, UPLOAD_DOCUMENTS))
