"""Declaring a broker's organizations, profiles and users: what a document will change, doing it, and writing
the document that says what there is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from app.administration.config import writing
from app.administration.config.changes import Change, differences
from app.administration.config.checks import check
from app.administration.config.document import check_shape
from app.administration.config.merging import Wanted, merge
from app.administration.config.state import State, read_state
from app.core.errors import Unacceptable
from app.core.storage import Storage
from tenants import visibility


@dataclass(frozen=True)
class Plan:
    """What applying a document changes; nothing when it is empty."""

    changes: list[Change] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes)


def plan(connection: Connection, document: Any, *, folder: Path | None = None) -> Plan:
    """What `apply` would change. Unacceptable with everything that is wrong, place by place. Logos in files
    are looked for in `folder`; without one they are refused, so that nobody reads files through the API."""
    before, wanted = _prepare(connection, document, folder)
    return Plan(differences(before, wanted))


def apply(
    connection: Connection,
    document: Any,
    actor_id: uuid.UUID | None,
    *,
    folder: Path | None = None,
    storage: Storage | None = None,
    logos: Mapping[str, bytes | None] = MappingProxyType({}),
    may_wait: bool = False,
) -> Plan:
    """Make the broker's configuration what the document says, in the caller's transaction: rows, audit,
    profile versions, visibility. Applying it again changes nothing. `storage` takes new logos; those the document
    names by `stored:` must be in use, or among `logos`: a picture to be stored, or None for one that is there.
    With `may_wait`, much that comes into sight comes by a job; what may no longer be seen is gone with the commit."""
    visibility.lock(connection)
    before, wanted = _prepare(connection, document, folder, logos)
    changes = differences(before, wanted)
    if changes:
        writing.write(connection, before, wanted, changes, actor_id, storage, may_wait)
    return Plan(changes)


def _prepare(
    connection: Connection,
    document: Any,
    folder: Path | None,
    logos: Mapping[str, bytes | None] = MappingProxyType({}),
) -> tuple[State, Wanted]:
    data, problems = check_shape(document)
    named = [entry["key"] for entry in data.get("organizations", ()) if "key" in entry]
    before = read_state(connection, named)
    wanted = merge(before, data, folder, problems, logos)
    check(connection, wanted, before)
    if wanted.problems:
        raise Unacceptable(dict(wanted.problems))
    return before, wanted


def export(connection: Connection) -> dict[str, Any]:
    """The document that says everything there is, passwords left out. Applied here it changes nothing."""
    state = read_state(connection)
    return {
        "tenant": state.tenant,
        "profiles": [{"key": key, **item} for key, item in state.profiles.items()],
        "document_profiles": [{"key": key, **item} for key, item in state.document_profiles.items()],
        "users": [{"email": email, **item} for email, item in state.users.items()],
        "organizations": [
            {
                "key": key,
                **item,
                "members": [
                    {"user": email, **member}
                    for (organization, email), member in state.members.items()
                    if organization == key
                ],
            }
            for key, item in state.organizations.items()
        ],
    }
