"""Writing, changing and removing a general message."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from sqlalchemy import Connection, text

from app.administration.announcements.typed import Typed
from permissions import Viewer
from permissions.noting import note

NEW = """
    insert into announcements (tenant_id, words, tone, starts_on, ends_on, is_for_all)
    values (:tenant, cast(:words as jsonb), :tone, :starts_on, :ends_on, :is_for_all) returning id"""
CHANGED = """
    update announcements
       set words = cast(:words as jsonb), tone = :tone, starts_on = :starts_on, ends_on = :ends_on,
           is_for_all = :is_for_all, changed_at = now()
     where tenant_id = :tenant and id = :id"""
LET_GO = "delete from announcement_organizations where tenant_id = :tenant and announcement_id = :id"
TAKE = """
    insert into announcement_organizations (tenant_id, announcement_id, organization_id)
    select :tenant, :id, x from unnest(cast(:organizations as uuid[])) x"""
REMOVE = "delete from announcements where tenant_id = :tenant and id = :id"


def create(connection: Connection, viewer: Viewer, typed: Typed) -> uuid.UUID:
    """A new message, from what has been checked."""
    kept = typed.kept()
    announcement_id: uuid.UUID = connection.execute(text(NEW), _row(viewer, kept)).scalar_one()
    _address(connection, viewer, announcement_id, kept)
    note(connection, viewer, "announcement.created", "announcement", announcement_id, after=_said(kept))
    return announcement_id


def change(connection: Connection, viewer: Viewer, row: Any, typed: Typed) -> None:
    former, kept = Typed.of_row(row).kept(), typed.kept()
    if former == kept:
        return
    connection.execute(text(CHANGED), {**_row(viewer, kept), "id": row.id})
    _address(connection, viewer, row.id, kept)
    before, after = _said(former), _said(kept)
    changed = [word for word in before | after if before.get(word) != after.get(word)]
    note(
        connection,
        viewer,
        "announcement.changed",
        "announcement",
        row.id,
        before={word: before.get(word) for word in changed},
        after={word: after.get(word) for word in changed},
    )


def remove(connection: Connection, viewer: Viewer, row: Any) -> None:
    """With it goes who has read it; the log keeps both."""
    connection.execute(text(REMOVE), {"tenant": viewer.tenant_id, "id": row.id})
    note(
        connection,
        viewer,
        "announcement.removed",
        "announcement",
        row.id,
        before=_said(Typed.of_row(row).kept()),
    )


def _row(viewer: Viewer, kept: dict[str, Any]) -> dict[str, Any]:
    return {"tenant": viewer.tenant_id, **kept, "words": orjson.dumps(kept["words"]).decode()}


def _address(
    connection: Connection, viewer: Viewer, announcement_id: uuid.UUID, kept: dict[str, Any]
) -> None:
    values = {"tenant": viewer.tenant_id, "id": announcement_id, "organizations": kept["organizations"]}
    connection.execute(text(LET_GO), values)
    connection.execute(text(TAKE), values)


def _said(kept: dict[str, Any]) -> dict[str, Any]:
    """For the log, where each language is one text."""
    return {**kept, "words": {code: "\n\n".join(said.values()) for code, said in kept["words"].items()}}
