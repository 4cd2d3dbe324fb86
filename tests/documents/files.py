"""Small files of many kinds, as people have them."""

from __future__ import annotations

import io
import zipfile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed_as(parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, said in parts.items():
            zipped.writestr(name, said)
    return file.getvalue()


def word_document(*more: str) -> bytes:
    return packed_as(dict.fromkeys(("[Content_Types].xml", "word/document.xml", *more), "<x/>"))


def directory(*names: str) -> bytes:
    """An older office document with these names in its directory, across the border of what is read at once."""
    return OLE + b"\0" * ((1 << 20) - 610) + b"".join(name.encode("utf-16-le") for name in names)
