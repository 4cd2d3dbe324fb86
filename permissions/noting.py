"""What a person does, in the audit log: who, for which broker, and on what."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection

from app.core import audit
from permissions.viewer import Viewer


def note(
    connection: Connection,
    viewer: Viewer,
    act: str,
    record: str | None = None,
    record_id: uuid.UUID | None = None,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note an act of the viewer in the transaction that does it."""
    audit.write(
        connection,
        viewer.tenant_id,
        act,
        actor_id=viewer.look.actor_id if viewer.look else viewer.user_id,
        as_user_id=viewer.user_id if viewer.look else None,
        record=record,
        record_id=record_id,
        before=before,
        after=after,
    )
