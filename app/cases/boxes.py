"""The parts of a mailbox that hold messages, and how many are in each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal_column, or_, select, true

from app.cases.messages import Shown, dressed, is_unread, numbered, own_cases, shown
from app.cases.models import Message
from app.reports.query import Compiled, compiled
from app.reports.reach import bound, manner
from app.reports.source import TENANT, USER
from permissions import Level, Rights, Viewer

INBOX, OUTBOX, HISTORY = "inbox", "outbox", "history"
LATELY = 30
"""Days for which a message counts as new in a case that is done."""
MOST = 50
"""Messages of a part that its page shows; the report of messages has them all."""
COUNTED_UP_TO = 1000
UNREAD_UP_TO = 99


def _received(m: Any, case: Any, rights: Rights) -> ColumnElement[bool]:
    """What somebody else wrote in a case that is open, or lately in one that is done; all of it for whom it is hidden
    which cases are."""
    of_others = and_(
        m.c.tenant_id == TENANT, m.c.of_case_id == case.c.id, m.c.sender_id.is_distinct_from(USER)
    )
    if rights.level("case", "status") < Level.READ:
        return of_others
    since = func.now() - literal_column(f"interval '{LATELY} days'")
    return and_(of_others, or_(case.c.status != "done", m.c.sent_at > since))


def _sent(m: Any, case: Any) -> ColumnElement[bool]:
    return and_(m.c.tenant_id == TENANT, m.c.of_case_id == case.c.id, m.c.sender_id == USER)


@lru_cache(maxsize=256)
def _part_sql(part: str, how: str, rights: Rights) -> Compiled:
    case, m = own_cases(how), Message.__table__.alias("m")
    unread = is_unread(m).label("is_unread")
    if part == INBOX:
        found = select(m.c.id, unread).select_from(case.join(m, _received(m, case, rights)))
        return compiled(
            dressed(numbered(found, MOST, unread.desc(), m.c.sent_at.desc(), m.c.id.desc()), rights, how)
        )
    if part == OUTBOX:
        found = select(m.c.id, unread).select_from(case.join(m, _sent(m, case)))
        return compiled(dressed(numbered(found, MOST, m.c.sent_at.desc(), m.c.id.desc()), rights, how))
    of_case = and_(m.c.tenant_id == TENANT, m.c.of_case_id == case.c.id)
    latest = (
        select(m.c.id, m.c.sent_at)
        .where(of_case)
        .order_by(m.c.sent_at.desc(), m.c.id.desc())
        .limit(literal_column("1"))
        .correlate(case)
        .lateral("latest")
    )
    any_unread = exists(select(m.c.id).where(of_case, is_unread(m)).correlate(case)).label("is_unread")
    found = select(latest.c.id, any_unread).select_from(case.join(latest, true()))
    return compiled(dressed(numbered(found, MOST, latest.c.sent_at.desc(), latest.c.id.desc()), rights, how))


def part_of(connection: Connection, viewer: Viewer, part: str) -> list[Shown]:
    """The messages of a part: what came in, the unread first; what one sent; or the last one of each case."""
    sql = _part_sql(part, manner(viewer), viewer.rights)
    return [shown(viewer, row) for row in sql.run(connection, bound(viewer)).fetchall()]


@lru_cache(maxsize=256)
def _counts_sql(how: str, rights: Rights) -> Compiled:
    case, m = own_cases(how), Message.__table__.alias("m")

    def number(rows: Any, most: int) -> Any:
        some = rows.limit(literal_column(str(most + 1))).subquery()
        return select(func.count()).select_from(some).scalar_subquery()

    received = case.join(m, _received(m, case, rights))
    of_case = and_(m.c.tenant_id == TENANT, m.c.of_case_id == case.c.id)
    return compiled(
        select(
            number(select(m.c.id).select_from(received).where(is_unread(m)), UNREAD_UP_TO),
            number(select(m.c.id).select_from(received), COUNTED_UP_TO),
            number(select(m.c.id).select_from(case.join(m, _sent(m, case))), COUNTED_UP_TO),
            number(select(case.c.id).where(exists(select(m.c.id).where(of_case))), COUNTED_UP_TO),
        )
    )


def counts(connection: Connection, viewer: Viewer) -> tuple[int, int, int, int]:
    """How many are unread, in the inbox, in the outbox, and how many conversations there are: each up to one more
    than is told."""
    row = _counts_sql(manner(viewer), viewer.rights).run(connection, bound(viewer)).fetchone()
    assert row is not None
    return row  # type: ignore[return-value]


@lru_cache(maxsize=256)
def _unread_sql(how: str, rights: Rights) -> Compiled:
    case, m = own_cases(how), Message.__table__.alias("m")
    some = select(m.c.id).select_from(case.join(m, _received(m, case, rights))).where(is_unread(m))
    some = some.limit(literal_column(str(UNREAD_UP_TO + 1)))
    return compiled(select(func.count()).select_from(some.subquery()))


def unread(connection: Connection, viewer: Viewer) -> int:
    """How many messages of his inbox he has not read, up to one more than is told."""
    number: int = _unread_sql(manner(viewer), viewer.rights).run(connection, bound(viewer)).fetchall()[0][0]
    return number


def told(number: int, most: int = UNREAD_UP_TO) -> str:
    return f"{most}+" if number > most else str(number)
