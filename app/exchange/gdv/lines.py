"""From a stream of bytes to lines of 256 characters, whatever the sender did to line ends and characters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LENGTH = 256
CHUNK = 64 * 1024
# A run of bytes this long without a line end is a file written without any.
UNBROKEN = 16 * LENGTH
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
END_OF_FILE = "\x1a"


@dataclass(slots=True)
class Line:
    """One line, padded or cut to 256 characters. `number` counts from 1 as an editor would."""

    number: int
    text: str
    length: int
    has_nul: bool = False
    is_utf8: bool = False
    is_undecodable: bool = False
    is_cut: bool = False

    @property
    def type(self) -> str | None:
        """The record type, or None when the line does not start with one."""
        head = self.text[:4]
        return head if head.isascii() and head.isdecimal() else None


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """Every line that is not blank; memory does not grow with the file."""
    for number, raw in _numbered(_pieces(stream)):
        if raw.strip(b" \t\x1a"):
            yield _line(number, raw)


def _numbered(pieces: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 0
    for piece in pieces:
        for raw in _records(piece):
            number += 1
            yield number, raw


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The file cut at CR LF, LF or CR, and where there is none for long, after every 256 bytes."""
    rest = b""
    is_first = True
    while chunk := stream.read(CHUNK):
        rest += chunk
        if is_first:
            rest, is_first = rest.removeprefix(BYTE_ORDER_MARK), False
        if chunk.endswith(b"\r"):
            # Half of a CR LF may lie in the next chunk.
            chunk = stream.read(1)
            rest += chunk
        *whole, rest = rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        yield from whole
        while len(rest) >= 2 * UNBROKEN:
            yield rest[:UNBROKEN]
            rest = rest[UNBROKEN:]
    if rest:
        yield rest


def _records(piece: bytes) -> Iterator[bytes]:
    """Records written one after the other without a line end, one by one; anything else as it is."""
    starts = range(0, len(piece.rstrip()), LENGTH)
    glued = len(starts) > 1 and all(piece[at : at + 4].isdigit() for at in starts)
    if not glued and len(piece) < UNBROKEN:
        yield piece
        return
    for at in range(0, len(piece), LENGTH):
        yield piece[at : at + LENGTH]


def _line(number: int, raw: bytes) -> Line:
    line = Line(number, "", 0, has_nul=b"\0" in raw)
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        text = _decode(raw, line)
    line.length = len(text)
    line.is_cut = bool(text[LENGTH:].strip())
    line.text = text[:LENGTH].ljust(LENGTH)
    return line


def _decode(raw: bytes, line: Line) -> str:
    # ISO 8859-1 text that happens to be valid UTF-8 does not occur in German: it would need „Ã“ before a
    # symbol.
    try:
        text = raw.decode("utf-8")
        line.is_utf8 = True
        return text
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        line.is_undecodable = True
        return raw.decode("cp1252", errors="replace")
