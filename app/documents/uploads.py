"""Documents that people send: what the broker lets them, and how one is kept."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any

from sqlalchemy import Connection, insert, text
from werkzeug.datastructures import FileStorage

from app.core.db import BORN_HERE, read
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.storage import Storage, TooLarge
from app.core.text import LazyText, _, language
from app.core.web import UNCLEAN
from app.documents.access import UPLOAD_DOCUMENTS
from app.documents.codes import DOCUMENT_TYPES
from app.documents.contents import NotTaken, type_of_document
from app.documents.models import Document, DocumentLink
from app.reports.places import Place
from permissions import Viewer
from permissions.noting import note
from tenants import visibility

HANGS_ON = ("contract", "object", "claim", "invoice", "certificate", "policyholder")
"""The record types a document is uploaded to."""
MB = 1 << 20
MOST = 20
"""Files at once."""
LONGEST = 200
"""Characters of a title or a file's name."""
UNSORTED = "other"
"""The type of a document for which none was chosen."""


@dataclass(frozen=True)
class Limits:
    """What the broker set for his portal."""

    megabytes: int
    types: tuple[str, ...]
    """Those that may be chosen, in the order of the list."""
    is_type_required: bool


LIMITS = (
    "select upload_megabytes, upload_types, upload_type_required from tenants where tenant_id = %(tenant)s"
)


def limits_of(connection: Connection, viewer: Viewer) -> Limits:
    megabytes, chosen, is_required = next(iter(read(connection, LIMITS, {"tenant": viewer.tenant_id})))
    return Limits(megabytes, tuple(key for key in DOCUMENT_TYPES if key in chosen or not chosen), is_required)


@dataclass(frozen=True)
class Wish:
    """What somebody says of the files he sends."""

    document_type: str
    title: str
    day: str


def keep(
    connection: Connection,
    storage: Storage,
    viewer: Viewer,
    place: Place | None,
    wish: Wish,
    files: list[FileStorage],
) -> list[uuid.UUID]:
    """Keep all files, or none. Unacceptable."""
    made = store(connection, storage, viewer, wish, files)
    write(connection, viewer, place, made)
    return [one["id"] for one in made]


def store(
    connection: Connection, storage: Storage, viewer: Viewer, wish: Wish, files: list[FileStorage]
) -> list[dict[str, Any]]:
    """Store all files, or none, and say what documents they would be. Unacceptable.

    Each is in storage before a row names it. What was stored for a row that then is not written stays there under its
    checksum, where the same file finds it again: another document may have come to name it meanwhile.
    """
    viewer.must(UPLOAD_DOCUMENTS)
    limits = limits_of(connection, viewer)
    files = [file for file in files if file.filename]
    day = _checked(limits, wish, files)
    kinds = dict(_kinds(limits, files))
    made: list[dict[str, Any]] = []
    for file, kind in kinds.items():
        try:
            stored = storage.store(viewer.tenant_id, file.stream, kind, limits.megabytes * MB)
        except TooLarge:
            raise Unacceptable({"files": _too_large(file, limits)}) from None
        made.append(
            {
                "id": (new := _new_id(connection)),
                "key": f"{BORN_HERE}{new}",
                "document_type": wish.document_type or UNSORTED,
                "title": _title(wish.title, file, len(kinds)),
                "file_name": name_of(file),
                "media_type": stored.media_type,
                "size": stored.size,
                "sha256": stored.sha256,
                "dated_on": day,
            }
        )
    return made


def _new_id(connection: Connection) -> uuid.UUID:
    new: uuid.UUID = connection.execute(text("select uuidv7()")).scalar_one()
    return new


def write(connection: Connection, viewer: Viewer, place: Place | None, made: list[dict[str, Any]]) -> None:
    """Make documents of what is stored."""
    own = {"tenant_id": viewer.tenant_id}
    # No tags: who else sees it is for the broker to say.
    connection.execute(
        insert(Document), [{**own, **one, "uploaded_by_id": viewer.user_id, "tags": []} for one in made]
    )
    if place is not None:
        hangs = {f"{place.record}_id": place.id}
        connection.execute(insert(DocumentLink), [{**own, "document_id": one["id"], **hangs} for one in made])
    told = {"record_type": place.record, "record_id": str(place.id)} if place else {}
    for one in made:
        said = {word: one[word] for word in ("title", "document_type", "file_name", "size")}
        note(connection, viewer, "document.upload", "document", one["id"], after=said | told)
    visibility.follow(connection, {"document": [one["id"] for one in made]})


def _checked(limits: Limits, wish: Wish, files: list[FileStorage]) -> datetime.date | None:
    """The day; Unacceptable for all that can be said without looking into the files."""
    wrong: dict[str, str | LazyText] = {}
    day = None
    if not files:
        wrong["files"] = _("Choose a file.")
    elif len(files) > MOST:
        wrong["files"] = _("At most {n} files at once.", n=MOST)
    if wish.document_type and wish.document_type not in limits.types:
        wrong["document_type"] = _("Choose a document type from the list.")
    elif not wish.document_type and limits.is_type_required:
        wrong["document_type"] = _("Choose a document type.")
    if len(wish.title) > LONGEST:
        wrong["title"] = _("At most {limit} characters.", limit=LONGEST)
    if wish.day:
        try:
            day = datetime.date.fromisoformat(wish.day)
        except ValueError:
            wrong["dated_on"] = _("This is not a date.")
    if wrong:
        raise Unacceptable(wrong)
    return day


def _kinds(limits: Limits, files: list[FileStorage]) -> Iterator[tuple[FileStorage, str]]:
    """The files with their types; Unacceptable for the first that is too large or not taken."""
    for file in files:
        if _size(file.stream) > limits.megabytes * MB:
            raise Unacceptable({"files": _too_large(file, limits)})
        try:
            yield file, type_of_document(file.stream, name_of(file))
        except NotTaken as refused:
            raise Unacceptable({"files": str(refused)}) from None


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, 2)
    stream.seek(0)
    return size


def _too_large(file: FileStorage, limits: Limits) -> str:
    formats = formats_for(language())
    return _(
        "‘{file}’ is {size}; the limit is {limit}. Split the file or send us a message.",
        file=name_of(file),
        size=formats.file_size(_size(file.stream)),
        limit=formats.file_size(limits.megabytes * 1_000_000),
    )


def name_of(file: FileStorage) -> str:
    """A file's name without the folders some browsers send, and without what no text can hold."""
    plain = UNCLEAN.sub("", (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(letter for letter in plain if letter.isprintable()).strip()
    path = PurePath(plain or "file")
    return path.stem[: LONGEST - len(path.suffix)] + path.suffix if len(plain) > LONGEST else str(path)


def _title(title: str, file: FileStorage, count: int) -> str:
    """As typed; of several files each with its own name behind, and of none the file's name alone."""
    own = PurePath(name_of(file)).stem
    if not title:
        return own
    return title if count == 1 else f"{title}, {own}"
