"""A claim that begins in the portal, and not in the broker's own system."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, func, insert

from app.claims.models import Claim
from app.core.db import BORN_HERE
from tenants import current, visibility


def open_claim(connection: Connection, claim_id: uuid.UUID, values: dict[str, Any]) -> None:
    """Keep a new claim, and let everybody see it whom the rules show it. It was nothing before, so its history begins
    here."""
    connection.execute(
        insert(Claim).values(
            tenant_id=current.tenant_id(),
            id=claim_id,
            key=f"{BORN_HERE}{claim_id}",
            status="reported",
            # The statement's own moment: whoever writes later, under the broker's lock, has the later one.
            valid_from=func.statement_timestamp(),
            **values,
        )
    )
    visibility.follow(connection, {"claim": [claim_id]})
