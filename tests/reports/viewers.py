"""People who look at a report without a browser, and rates that only a test quotes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.core.db import drop, transaction
from permissions.arrival import arrive, hashed
from tenants import current


def looking(portal: Any, make: Any, membership: UUID) -> Any:
    """The viewer a member is."""
    token = f"looking {membership}"
    make.row(
        "sessions", token_hash=hashed(token), user_id=make.user_of(membership), membership_id=membership,
        expires_at=datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1),
    )  # fmt: skip
    with portal.app_context(), current.acting_for(make.tenant_id):
        viewer = arrive(transaction(), token)
        drop()
    assert viewer is not None
    return viewer


@contextmanager
def rates_of(owner: Any, rates: Mapping[str, Decimal]) -> Iterator[None]:
    """Units for a euro, from 2020 on."""
    with owner.begin() as connection:
        for currency, rate in rates.items():
            if currency != "EUR":
                connection.execute(
                    text("insert into exchange_rates values (:c, '2020-01-01', :r, 'by hand')"),
                    {"c": currency, "r": rate},
                )
    try:
        yield
    finally:
        with owner.begin() as connection:
            connection.execute(text("delete from exchange_rates where source = 'by hand'"))
