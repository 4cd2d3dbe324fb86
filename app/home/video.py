"""The welcome video as a file: what is taken, and how it is handed out piece by piece, as players ask for it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import IO

from flask import Response
from sqlalchemy import Connection

from app.core.db import read
from app.core.errors import NotFound, Refusal
from app.core.storage import Storage, TooLarge
from app.core.streams import body_of
from app.core.text import _

LARGEST = 60 << 20
PIECE = 4 << 20
"""At most so much of a file in one answer to a player: it asks for the rest while it plays, and keeps no thread."""
HEAD = 64
MP4_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"dash",
    b"M4V ",
    b"MSNV",
)

KEEP = """
    insert into welcome_videos (tenant_id, sha256, media_type, size, file_name)
    values (%(tenant)s, %(name)s, %(type)s, %(size)s, %(file_name)s) on conflict do nothing"""
FIND = "select media_type, size from welcome_videos where tenant_id = %(tenant)s and sha256 = %(name)s"


class NoVideo(Refusal):
    """A file that is no video we take."""

    status = 422


def type_of_video(head: bytes) -> str | None:
    """MP4 or WebM as the first bytes say, whatever the file is called; None for anything else."""
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return "video/mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return "video/webm"
    return None


def keep_video(
    connection: Connection, storage: Storage, tenant_id: uuid.UUID, stream: IO[bytes], file_name: str
) -> str:
    """Put a video into the store; the name it has there. NoVideo."""
    kind = type_of_video(stream.read(HEAD))
    stream.seek(0)
    if kind is None:
        raise NoVideo(_("This is not a video of the kind MP4 or WebM."))
    try:
        stored = storage.store(tenant_id, stream, kind, LARGEST)
    except TooLarge:
        raise NoVideo(_("The file is larger than {limit} MB.", limit=LARGEST >> 20)) from None
    values = {"tenant": tenant_id, "name": stored.name, "type": kind, "size": stored.size}
    read(connection, KEEP, values | {"file_name": file_name[:200]})
    return stored.name


def answer(
    connection: Connection, storage: Storage, tenant_id: uuid.UUID, name: str, asked: str | None
) -> Response:
    """The file, or the part of it that a player asks for (`Range`). Whoever calls has checked who asks."""
    found = read(connection, FIND, {"tenant": tenant_id, "name": name}).fetchone()
    if found is None:
        raise NotFound
    kind, size = found
    body: Iterable[bytes]
    if (part := part_of(asked, size)) is None:
        response = Response(body_of(storage.read(tenant_id, name)), content_type=kind)
        response.content_length = size
    elif part == (0, -1):
        response = Response(status=416)
        response.headers["Content-Range"] = f"bytes */{size}"
    else:
        first, last = part
        body = [b"".join(storage.read(tenant_id, name, part))]
        response = Response(body, 206, content_type=kind)
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, max-age=86400"
    # Whatever a file holds besides pictures and sound does not run here.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; media-src 'self'"
    return response


def part_of(asked: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of the part asked for; None for the whole file, (0, -1) for what is not in it."""
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", asked or "")
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, last = max(size - int(found[2]), 0), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
    if first > last:
        return 0, -1
    return first, min(last, first + PIECE - 1)
