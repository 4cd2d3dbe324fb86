"""Pages sent packed: a list of 50 rows is 180 kB of HTML and a tenth of that as gzip, which a phone on the road feels."""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Response, request

KINDS = {"text/html", "application/json", "text/csv", "text/calendar"}
SMALLEST = 1000
"""Bytes that fit into one packet anyhow."""
FAST = 1
"""Level of compression: the next ones take twice the time and save a tenth."""
LONGEST_NAME = 128
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\x04\xff"
"""A gzip file (RFC 1952) with a name, of no time."""


def packed(response: Response) -> Response:
    """The answer as gzip, where its reader takes that and it is worth it. What comes in pieces is left as it is."""
    if (
        response.mimetype in KINDS
        and response.is_sequence
        and "Content-Encoding" not in response.headers
        and request.accept_encodings.quality("gzip") > 0
        and len(body := response.get_data()) > SMALLEST
    ):
        response.set_data(_gzip(body))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _gzip(body: bytes) -> bytes:
    """The name within is of a random length: from how long a page is, nobody on the way shall guess what stands in it
    by making it repeat what he knows (BREACH)."""
    name = b"p" * secrets.randbelow(LONGEST_NAME) + b"\0"
    packer = zlib.compressobj(FAST, zlib.DEFLATED, -zlib.MAX_WBITS)
    content = packer.compress(body) + packer.flush()
    return HEAD + name + content + struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
