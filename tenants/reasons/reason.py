"""One condition on the way from a person to a record, and how it is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from tenants import current, visibility


@dataclass(frozen=True)
class Reason:
    """A condition, and whether it holds. `facts` are what words about it need: ids of records, values as stored."""

    rule: str
    is_met: bool
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """Asks about one organization's own rules, within a transaction."""

    connection: Connection
    organization_id: uuid.UUID

    def rows(self, query: str, **values: Any) -> Sequence[Any]:
        """What the query finds; `tenant`, `organization` and `today` are at hand."""
        given = {
            "tenant": current.tenant_id(),
            "organization": self.organization_id,
            "today": visibility.today(),
            **values,
        }
        return self.connection.exec_driver_sql(query, given).all()

    def row(self, query: str, **values: Any) -> Any:
        """The first row, or None."""
        return next(iter(self.rows(query, **values)), None)


def holds(reasons: list[Reason]) -> bool:
    return all(reason.is_met for reason in reasons)
