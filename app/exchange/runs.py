"""What an import leaves behind of itself: a row among the imports, and an audit row per transaction."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, Engine, func
from sqlalchemy.dialects.postgresql import insert

from app.core import audit
from app.exchange.models import Import
from tenants import current


class Run:
    """One file or upload. It is on record from the first transaction that took something."""

    def __init__(
        self, source: str, record_type: str, file_name: str | None, actor_id: uuid.UUID | None
    ) -> None:
        self.id = uuid.uuid4()
        self.source, self.record_type = source, record_type
        self.file_name, self.actor_id = file_name, actor_id
        self.is_noted = False

    def note(self, connection: Connection, counts: dict[str, Any]) -> None:
        """Write what was taken so far, in the transaction that takes it."""
        summary = {"record_type": self.record_type, **counts}
        row = insert(Import).values(
            tenant_id=current.tenant_id(),
            id=self.id,
            source=self.source,
            file_name=self.file_name,
            actor_id=self.actor_id,
            summary=summary,
        )
        connection.execute(
            row.on_conflict_do_update(index_elements=["tenant_id", "id"], set_={"summary": summary})
        )
        audit.write(
            connection,
            current.tenant_id(),
            "import",
            actor_id=self.actor_id,
            record=self.record_type,
            record_id=self.id,
            after=summary,
        )
        self.is_noted = True

    def finish(self, engine: Engine, counts: dict[str, Any]) -> None:
        """Say that the run came to its end, and how."""
        if not self.is_noted:
            return
        with engine.begin() as connection:
            connection.execute(
                Import.__table__.update()
                .where(Import.tenant_id == current.tenant_id(), Import.id == self.id)
                .values(finished_at=func.now(), summary={"record_type": self.record_type, **counts})
            )
