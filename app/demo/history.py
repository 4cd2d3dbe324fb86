"""The demonstration's past: what its contracts, claims and invoices were before, and since when they are what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from zlib import crc32

from sqlalchemy import Engine, text

from app.demo.stock import Row
from app.exchange.kinds import TABLES
from tenants import current

BEGAN = {
    "contract": "coalesce(application_on, starts_on - 30)",
    "claim": "coalesce(reported_on, occurred_on)",
    "invoice": "booked_on",
}
"""The day on which a record came to the broker, as far as it says so itself."""
RAISED = ("premium_net", "insurance_tax", "premium_gross")


def take_with_past(
    web: Engine, kind: str, rows: Iterable[Row], take: Callable[[Engine, str, list[Row]], None]
) -> None:
    """Import rows as they were, then as they are, unless there are some of the kind already."""
    rows = list(rows)
    is_first = kind in BEGAN and not _are_there(web, kind)
    if is_first:
        take(web, kind, [_earlier(kind, row) for row in rows])
    take(web, kind, rows)
    if is_first:
        _date(web, kind)


def _are_there(web: Engine, kind: str) -> bool:
    with web.connect() as connection:
        query = text(f"select exists (select from {TABLES[kind]} where tenant_id = :tenant)")
        return bool(connection.execute(query, {"tenant": current.tenant_id()}).scalar())


def _earlier(kind: str, row: Row) -> Row:
    if kind == "invoice" and row["status"] == "paid":
        return {**row, "status": "open", "paid_on": None}
    if kind == "claim" and row["status"] in ("settled", "closed"):
        return {**row, "status": "open", "paid_amount": None}
    if kind == "contract" and row["status"] == "own" and crc32(row["key"].encode()) % 3 == 0:
        # Last year's premium.
        return {**row, **{name: f"{Decimal(row[name]) * 96 / 100:.2f}" for name in RAISED if row.get(name)}}
    return row


def _date(web: Engine, kind: str) -> None:
    """Let everything have happened when it could have. An import knows only its own moment, one for all."""
    table = TABLES[kind]
    moments = f"""
        select id, began, least(greatest(began + interval '1 day',
                   now() - make_interval(days => 10 + abs(hashtext(key)) % 80)), now() - interval '1 day') as changed
          from (select id, key, least(coalesce(({BEGAN[kind]})::timestamptz, now() - interval '1 year') + interval '9 hours',
                                      now() - interval '3 days') as began
                  from {table} where tenant_id = :tenant) r"""
    with web.begin() as connection:
        for statement in (
            f"""update {table}_history h set valid_from = m.began, valid_to = m.changed from ({moments}) m
                 where h.tenant_id = :tenant and h.id = m.id""",
            f"""update {table} t set valid_from = case when h.id is null then m.began else m.changed end
                  from ({moments}) m left join {table}_history h on h.tenant_id = :tenant and h.id = m.id
                 where t.tenant_id = :tenant and t.id = m.id""",
        ):
            connection.execute(text(statement), {"tenant": current.tenant_id()})
