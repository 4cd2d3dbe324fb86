"""What client and broker write to one another in the cases of the demonstration, and what they have read of it."""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

import yaml
from sqlalchemy import Engine, text

from app.demo.stock import Stock
from app.demo.tables import DATA
from tenants import current

NUMBERS = {"new": 1, "open": 2, "waiting_for_broker": 3, "waiting_for_client": 4, "done": 4}
"""How many messages a case has, by its status: the client writes first, and they take turns."""
APART = datetime.timedelta(hours=24, minutes=20)
READ = """
    insert into message_readings (tenant_id, message_id, user_id, read_at)
    select m.tenant_id, m.id, p.user_id, m.sent_at + interval '2 hours'
      from messages m
      join cases c on c.tenant_id = m.tenant_id and c.id = m.of_case_id
      join (select p.tenant_id, p.case_id, p.user_id from case_participants p
             union
            select k.tenant_id, k.id, theirs.user_id
              from cases k
              join memberships his on his.tenant_id = k.tenant_id and his.user_id = k.owner_id
              join memberships theirs
                on theirs.tenant_id = k.tenant_id and theirs.organization_id = his.organization_id) p
        on p.tenant_id = m.tenant_id and p.case_id = m.of_case_id and p.user_id is distinct from m.sender_id
     where m.tenant_id = :tenant
       and (c.status = 'done' or exists (
            select 1 from messages l
             where l.tenant_id = m.tenant_id and l.of_case_id = m.of_case_id and l.sent_at > m.sent_at))
    on conflict do nothing"""
"""Everybody has read everything but the last word of a case that is open."""


@cache
def _said() -> Any:
    return yaml.safe_load((DATA / "messages.yaml").read_text(encoding="utf-8"))


def messages(
    stock: Stock, case: str, status: str, subject: tuple[str, str, int], client: str, clerk: str
) -> None:
    """The messages of a case, the last of them at the moment of its last word; subject, language and its place."""
    title, language, place = subject
    number = NUMBERS[status]
    for n in range(number):
        sent_at = stock.last_words[case] - APART * (number - 1 - n)
        stock.add(
            "message",
            key=f"{case}-{n + 1}",
            of_case=case,
            sender=clerk if n % 2 else client,
            subject=title,
            sent_at=sent_at.isoformat(),
            text=_said()[language][place][n],
        )


def read_most(web: Engine) -> None:
    """Let people have read what is not new any more."""
    with web.begin() as connection:
        connection.execute(text(READ), {"tenant": current.tenant_id()})
