"""What a file is, told by what is in it, and what is not taken because it could run on somebody's computer."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePath
from typing import IO

from app.core.errors import Refusal
from app.core.storage import PIECE, type_of
from app.core.text import _
from app.documents.codes import FILE_TYPES

HEAD = 64 << 10
"""How much of a file is looked at for what a browser would run."""
WEB = re.compile(
    rb"<!doctype\s+(html|svg)|<(\w+:)?(html|svg|script|iframe|object|embed|head|body)\b"
    rb"|www\.w3\.org/(1999/xhtml|2000/svg)",
    re.IGNORECASE,
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
"""A text may begin with one of these: UTF-8, UTF-16."""
PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"MSCF", b"\x4c\0\0\0\x01\x14\x02\0", b"#!", b"<?php",
)  # fmt: skip
RUN = frozenset((
    "app", "apk", "bat", "chm", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "htm", "html", "inf",
    "iso", "jar", "js", "jse", "lnk", "mht", "mhtml", "msc", "msi", "msp", "php", "pif", "ps1", "reg", "scf",
    "scr", "sh", "svg", "svgz", "sys", "url", "vb", "vbe", "vbs", "ws", "wsc", "wsf", "wsh", "xht", "xhtml",
))  # fmt: skip
"""Endings by which a computer runs what it is given, whatever is in it."""
WITH_MACROS = frozenset((
    "docm", "dotm", "potm", "ppam", "ppsm", "pptm", "sldm", "xlam", "xlsb", "xlsm", "xltm",
))  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
END, LONG_END = re.escape(b"PK\x05\x06"), b"PK\x06\x07"
NEAR_END = (1 << 16) + 100
LONGEST_LIST = 4 << 20
"""Bytes of the list of an archive's parts: some ten thousands of them."""
IN_ZIP = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
IN_OLE = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
    "__substg1.0_": "application/vnd.ms-outlook",
}
MACROS = "_VBA_PROJECT"
BROKEN = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError)
"""What reading an archive that is none ends in."""
OTHER = "application/octet-stream"
HEIC = {"image/heif": "image/heic"}
"""One kind of picture under two names."""


class NotTaken(Refusal):
    """A file that is not accepted, and why."""

    status = 422


def type_of_document(stream: IO[bytes], name: str) -> str:
    """The media type of a file; the stream is at its start again. NotTaken."""
    try:
        head = stream.read(HEAD)
        # A computer that looks at the ending leaves out what stands behind it.
        ending = PurePath(name.rstrip(" .")).suffix.lower().lstrip(".")
        if not head:
            raise NotTaken(_("‘{file}’ is empty. Choose another file.", file=name))
        if ending in RUN or head.startswith(PROGRAMS) or _is_web(head):
            raise _runs(name)
        is_zip, is_ole = head.startswith(ZIP), head.startswith(OLE)
        if is_zip and _is_endless(stream):
            raise NotTaken(_("‘{file}’ holds too many files. Send them one by one.", file=name))
        parts = _parts(stream) if is_zip else []
        marks = _marks(stream) if is_ole else set()
        if ending in WITH_MACROS or MACROS in marks or any(map(_is_macro, parts)):
            raise NotTaken(
                _(
                    "‘{file}’ contains macros and is not accepted. Save it without macros, or as a PDF.",
                    file=name,
                )
            )
        if is_zip:
            return _of_zip(stream, parts, name)
        if is_ole:
            return next((kind for mark, kind in IN_OLE.items() if mark in marks), OTHER)
        kind = type_of(head[:8192])
        kind = HEIC.get(kind, kind)
        if kind in FILE_TYPES:
            return kind
        return OTHER if b"\0" in head else "text/plain"
    finally:
        stream.seek(0)


def _runs(name: str) -> NotTaken:
    return NotTaken(
        _(
            "‘{file}’ could run on a computer and is not accepted. Send a PDF, a picture or an office document.",
            file=name,
        )
    )


def _is_web(head: bytes) -> bool:
    """Whether a browser would take it for a page or a drawing. A mail may have a page in it: it does not begin so."""
    for mark in MARKS:
        head = head.removeprefix(mark)
    text = head.replace(b"\0", b"").lstrip()
    return text.startswith(b"<") and WEB.search(text) is not None


def _is_endless(stream: IO[bytes]) -> bool:
    """Whether the list of an archive's parts is too long to be read, or could be: what names its length may stand
    anywhere near the end."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - NEAR_END))
    tail = stream.read()
    if LONG_END in tail:
        return True
    lengths = (tail[found.end() + 8 : found.end() + 12] for found in re.finditer(END, tail))
    return any(int.from_bytes(length, "little") > LONGEST_LIST for length in lengths)


def _parts(stream: IO[bytes]) -> list[str]:
    """The names of what is packed in a file; none if it only begins as an archive does."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as zipped:
            return zipped.namelist()
    except BROKEN:
        return []


def _is_macro(part: str) -> bool:
    return part.lower().endswith("vbaproject.bin") or part.startswith(("Basic/", "Scripts/"))


def _of_zip(stream: IO[bytes], parts: list[str], name: str) -> str:
    """An office document or an archive, by the names of its parts. NotTaken."""
    kind = None
    if "[Content_Types].xml" in parts:
        kind = next(
            (IN_ZIP[start] for start in IN_ZIP if any(part.startswith(start) for part in parts)), None
        )
    elif parts[:1] == ["mimetype"]:
        kind = _declared(stream)
    elif any(PurePath(part).suffix.lower().lstrip(".") in RUN for part in parts):
        raise _runs(name)
    return kind if kind in FILE_TYPES else "application/zip" if parts else OTHER


def _declared(stream: IO[bytes]) -> str | None:
    """What an OpenDocument file says it is."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as zipped, zipped.open("mimetype") as said:
            return said.read(200).decode("ascii", "replace").strip()
    except BROKEN:
        return None


def _marks(stream: IO[bytes]) -> set[str]:
    """The known names in the directory of an older office document, which may stand anywhere in it."""
    wanted = {name: name.encode("utf-16-le") for name in (MACROS, *IN_OLE)}
    found: set[str] = set()
    stream.seek(0)
    rest = b""
    while piece := stream.read(PIECE):
        window = rest + piece
        found |= {name for name, mark in wanted.items() if mark in window}
        rest = window[-64:]
    return found
