"""Pages sent packed: a list of 50 rows is 180 kB of HTML and a tenth of that as gzip, which a phone on the road feels.

Two thirds of it are menus and forms that many pages share. Such a piece is encoded and packed once: a page holds a mark
in its place until it is sent.
"""

from __future__ import annotations

import re
import secrets
import struct
import zlib
from collections.abc import Sequence
from functools import cached_property

from flask import Response, g, has_request_context, request
from markupsafe import Markup

KINDS = {"text/html", "application/json", "text/csv", "text/calendar"}
SMALLEST = 1000
"""Bytes that fit into one packet anyhow."""
FAST = 1
"""Level of compression: the next ones take twice the time and save a tenth."""
LONGEST_NAME = 128
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\x04\xff"
"""A gzip file (RFC 1952) with a name, of no time."""


MARK = re.compile(rb"\0(\d+)\0")
"""Where a piece of a page stands, by its number there. No text that can be stored holds a NUL."""


class Piece:
    """A part of pages, drawn once for many of them."""

    def __init__(self, drawn: Markup) -> None:
        self.drawn, self.body = drawn, drawn.encode()

    @cached_property
    def packed(self) -> bytes:
        """As a stretch of a deflate stream that refers to nothing before it, nor is referred to."""
        packer = _packer()
        return packer.compress(self.body) + packer.flush(zlib.Z_FULL_FLUSH)

    def __html__(self) -> str:
        """What a template shows of it: its mark, where there is a page that is sent."""
        if not has_request_context():
            return self.drawn
        pieces = g.setdefault("pieces", [])
        pieces.append(self)
        return f"\0{len(pieces) - 1}\0"


def packed(response: Response) -> Response:
    """The answer with its pieces, as gzip where its reader takes that and it is worth it. What comes in pieces of
    another kind, a stream, is left as it is."""
    pieces = g.pop("pieces", ())
    if not response.is_sequence:
        return response
    parts = _parts(response.get_data(), pieces)
    if (
        response.mimetype in KINDS
        and "Content-Encoding" not in response.headers
        and sum(map(_size, parts)) > SMALLEST
        and request.accept_encodings.quality("gzip") > 0
    ):
        response.set_data(_gzip(parts))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    elif pieces:
        response.set_data(b"".join(part.body if isinstance(part, Piece) else part for part in parts))
    return response


def _parts(body: bytes, pieces: Sequence[Piece]) -> list[bytes | Piece]:
    """The body cut at its marks; every second part is a piece."""
    if not pieces:
        return [body]
    return [pieces[int(part)] if number % 2 else part for number, part in enumerate(MARK.split(body))]


def _size(part: bytes | Piece) -> int:
    return len(part.body if isinstance(part, Piece) else part)


def _packer() -> zlib._Compress:
    return zlib.compressobj(FAST, zlib.DEFLATED, -zlib.MAX_WBITS)


def _gzip(parts: list[bytes | Piece]) -> bytes:
    """The name within is of a random length: from how long a page is, nobody on the way shall guess what stands in it
    by making it repeat what he knows (BREACH)."""
    name = b"p" * secrets.randbelow(LONGEST_NAME) + b"\0"
    packer, content, check = _packer(), [], 0
    for part in parts:
        if isinstance(part, Piece):
            content += [packer.flush(zlib.Z_FULL_FLUSH), part.packed]
            check = zlib.crc32(part.body, check)
        else:
            content.append(packer.compress(part))
            check = zlib.crc32(part, check)
    content.append(packer.flush())
    length = sum(map(_size, parts)) & 0xFFFFFFFF
    return b"".join((HEAD, name, *content, struct.pack("<LL", check, length)))
