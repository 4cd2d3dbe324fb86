"""Storing the files that rows of documents name, before anything of them is written to the database."""

from __future__ import annotations

from pathlib import Path

from app.core.storage import Storage
from app.exchange.lines import FileProblem, Prepare, Row
from tenants import current


def storing(storage: Storage, folder: Path) -> Prepare:
    """A preparation that stores a row's `file`, found below the folder, and puts size, type and checksum in its
    place. A path that leaves the folder is refused: an import file must not be able to fetch what it likes."""
    root = folder.resolve()

    def prepare(row: Row) -> Row:
        name = row.get("file")
        rest = {
            field: value
            for field, value in row.items()
            if field not in ("file", "media_type", "size", "sha256")
        }
        if name is None:
            return rest
        if not isinstance(name, str) or "\0" in name:
            raise FileProblem(name)
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise FileProblem(name)
        try:
            with path.open("rb") as stream:
                stored = storage.store(current.tenant_id(), stream)
        except OSError as error:
            raise FileProblem(name) from error
        return {
            "file_name": path.name,
            **rest,
            "media_type": stored.media_type,
            "size": stored.size,
            "sha256": stored.sha256,
        }

    return prepare
