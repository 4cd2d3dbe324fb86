"""How a document looks from outside."""

from app.core.schema import KEY_HELP, Code, Day, RecordSchema, Reference, Size, Text, Words
from app.core.text import LANGUAGES, _l, _lp
from app.documents.codes import DOCUMENT_TYPES, FILE_TYPES


class DocumentSchema(RecordSchema):
    record, plural = "document", "documents"
    noun, nouns = _l("Document"), _l("Documents")

    title = Text(_lp("document", "Title"), required=True, listed=True, search=True)
    document_type = Code(_l("Document type"), DOCUMENT_TYPES, required=True, listed=True, is_closed=False)
    dated_on = Day(_l("Document date"), listed=True)
    file_name = Text(_l("File name"), required=True, search=True)
    media_type = Code(_l("File type"), FILE_TYPES, is_closed=False, given=False)
    size = Size(_l("Size"), listed=True, given=False)
    tags = Words(_l("Tags"), help=_l("Words under which the broker files the document."))
    language = Code(_l("Language"), LANGUAGES, is_closed=False)
    uploaded_by = Reference(_l("Uploaded by"), "user")
    sha256 = Text(
        _l("Checksum (SHA-256)"),
        given=False,
        broker_only=True,
        help=_l("A fingerprint of the file: another file has another one."),
    )
    key = Text(_l("Broker system key"), help=KEY_HELP, required=True, broker_only=True)
