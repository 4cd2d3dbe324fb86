"""Files in S3, under their tenant and checksum: the same file twice is stored once, and never overwritten."""

from __future__ import annotations

import datetime
import hashlib
import io
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

import boto3
import puremagic
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.core.errors import Away
from app.core.settings import Settings

PIECE = 1 << 20
IN_MEMORY = 4 << 20
"""Files up to here are held in memory on their way; larger ones on disk."""


class TooLarge(Exception):
    """The file exceeds the limit, in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


@dataclass(frozen=True)
class Stored:
    """A file in storage. `name` finds it within its tenant."""

    sha256: str
    size: int
    media_type: str

    @property
    def name(self) -> str:
        return self.sha256


@lru_cache(maxsize=4)
def _client(settings: Settings) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint_url,
        aws_access_key_id=settings.s3_access_key_id,
        aws_secret_access_key=settings.s3_secret_access_key,
        region_name="us-east-1",
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            retries={"mode": "standard", "max_attempts": 3},
            connect_timeout=2,
            read_timeout=20,
        ),
    )


class Storage:
    """The files of an installation. Away when S3 does not answer."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def _s3(self) -> Any:
        return _client(self.settings)

    def _place(self, tenant_id: uuid.UUID, name: str) -> dict[str, str]:
        return {"Bucket": self.settings.s3_bucket, "Key": f"{tenant_id}/{name}"}

    def store(
        self, tenant_id: uuid.UUID, stream: IO[bytes], media_type: str | None = None, limit: int | None = None
    ) -> Stored:
        """Take a file from a stream, in constant memory; its type is told by its content. TooLarge beyond limit."""
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            while piece := stream.read(PIECE):
                size += len(piece)
                if limit is not None and size > limit:
                    raise TooLarge(limit)
                digest.update(piece)
                file.write(piece)
            file.seek(0)
            stored = Stored(digest.hexdigest(), size, media_type or type_of(file.read(8192)))
            file.seek(0)
            self._upload(file, self._place(tenant_id, stored.name), stored.media_type)
        return stored

    def put(self, tenant_id: uuid.UUID, name: str, pieces: Iterable[bytes], media_type: str) -> int:
        """Keep a file that the portal itself makes, under a name of its own so that it can be removed; its size."""
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            for piece in pieces:
                file.write(piece)
            size = file.tell()
            file.seek(0)
            self._upload(file, self._place(tenant_id, name), media_type)
        return size

    def files(self, tenant_id: uuid.UUID, start: str = "") -> Iterator[tuple[str, datetime.datetime]]:
        """A tenant's files whose names begin so, each with the moment it was stored last."""
        listed = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.settings.s3_bucket, Prefix=f"{tenant_id}/{start}"
        )
        try:
            for page in listed:
                for found in page.get("Contents", ()):
                    yield found["Key"].removeprefix(f"{tenant_id}/"), found["LastModified"]
        except (BotoCoreError, ClientError) as error:
            raise Away("s3") from error

    def remove(self, tenant_id: uuid.UUID, name: str) -> None:
        """Delete a file that nothing needs. One that `store` kept may be somebody else's too: the same content is stored
        once."""
        try:
            self._s3.delete_object(**self._place(tenant_id, name))
        except (BotoCoreError, ClientError) as error:
            raise Away("s3") from error

    def _upload(self, file: Any, place: dict[str, str], media_type: str) -> None:
        try:
            self._s3.upload_fileobj(file, *place.values(), ExtraArgs={"ContentType": media_type})
        except (BotoCoreError, ClientError) as error:
            raise Away("s3") from error

    def store_bytes(self, tenant_id: uuid.UUID, data: bytes, media_type: str | None = None) -> Stored:
        return self.store(tenant_id, io.BytesIO(data), media_type)

    def read(self, tenant_id: uuid.UUID, name: str, part: tuple[int, int] | None = None) -> Iterator[bytes]:
        """The file in pieces, or a part of it from its first byte to its last. The first answer is awaited here, so that
        a missing server is known before it begins."""
        asked = {"Range": f"bytes={part[0]}-{part[1]}"} if part else {}
        try:
            body = self._s3.get_object(**self._place(tenant_id, name), **asked)["Body"]
        except (BotoCoreError, ClientError) as error:
            raise Away("s3") from error
        return body.iter_chunks(PIECE)


def type_of(head: bytes) -> str:
    """The media type a file's first bytes tell, never its name."""
    try:
        return puremagic.from_string(head, mime=True) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "application/octet-stream" if b"\0" in head else "text/plain"
