"""Messages as somebody gets them: whose cases they are of, which he has not read, and what his profile shows of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    literal_column,
    null,
    select,
    true,
    tuple_,
    union,
)

from app.cases.access import READ_CASES, READ_MESSAGES
from app.cases.models import Case, CaseParticipant, Message, MessageReading
from app.cases.schemas import STATUSES, TONES
from app.cases.source import MESSAGE_SOURCE, sharing_owners, takes_part, takes_part_or_shares
from app.core.db import read
from app.core.formats import formats_for
from app.core.text import language
from app.reports.columns import columns_of
from app.reports.reach import Reach
from app.reports.rows import Rows, each
from app.reports.source import TENANT, USER
from app.reports.table import words_of
from permissions import Rights, Viewer
from permissions.viewer import initials_of
from tenants.models import User

LONGEST = 10_000
"""Characters of a message."""
EXCERPT = 240
"""Characters of a message that a list shows."""
MARK = """
    insert into message_readings (tenant_id, message_id, user_id)
    select %(tenant)s, message_id, %(user)s from unnest(%(ids)s::uuid[]) one(message_id)
    on conflict do nothing"""


NEEDED = ("of_case", "sender", "sent_at")


def has_mailbox(viewer: Viewer) -> bool:
    return are_enough(viewer.rights)


def are_enough(rights: Rights) -> bool:
    """Whether a profile lets somebody read correspondence: a conversation tells of its messages where they belong, who
    wrote them and in which order, so it is not there for whom one of these is hidden."""
    readable = rights.readable.get(MESSAGE_SOURCE.record, ())
    return {READ_CASES.key, READ_MESSAGES.key} <= rights.areas and all(name in readable for name in NEEDED)


def own_cases(how: str) -> CTE:
    """The cases of somebody's mailbox: those that a client sees, or those that one of the staff takes part in.

    Which they could be is looked up by their indexes first; whether they are, the rule says."""
    c, named = Case.__table__.alias("c"), Case.__table__.alias("named")
    part = CaseParticipant.__table__.alias("his_part")
    could_be = [
        select(part.c.case_id).where(part.c.tenant_id == TENANT, part.c.user_id == USER),
        select(named.c.id).where(named.c.tenant_id == TENANT, named.c.owner_id == USER),
    ]
    if how == "scope":
        could_be.append(
            select(named.c.id).where(named.c.tenant_id == TENANT, named.c.owner_id.in_(sharing_owners()))
        )
    rule = takes_part_or_shares(c) if how == "scope" else takes_part(c)
    found = select(c.c.id, c.c.status).where(c.c.tenant_id == TENANT, c.c.id.in_(union(*could_be)), rule)
    return found.cte("own_cases").prefix_with("MATERIALIZED", dialect="postgresql")


def is_unread(m: Any) -> ColumnElement[bool]:
    """Written by somebody else, and not read yet."""
    reading = MessageReading.__table__.alias("reading")
    has_read = select(reading.c.message_id).where(
        reading.c.tenant_id == TENANT, reading.c.message_id == m.c.id, reading.c.user_id == USER
    )
    return and_(m.c.sender_id.is_distinct_from(USER), ~exists(has_read))


def _was_seen(t: Any, sender: Any) -> ColumnElement[bool]:
    """Whether somebody of the other side has read it: a client what the broker wrote, or the broker what a client did."""
    reading, reader = MessageReading.__table__.alias("seen"), User.__table__.alias("seer")
    return exists(
        select(reading.c.message_id)
        .join(reader, and_(reader.c.tenant_id == TENANT, reader.c.id == reading.c.user_id))
        .where(
            reading.c.tenant_id == TENANT,
            reading.c.message_id == t.c.id,
            reader.c.is_staff != sender.c.is_staff,
        )
    )


def _was_answered(t: Any, how: str) -> ColumnElement[bool]:
    """Whether somebody else of the reader's own side, a colleague, wrote it or has written after it."""
    later, writer = Message.__table__.alias("later"), User.__table__.alias("colleague")
    return exists(
        select(later.c.id)
        .join(writer, and_(writer.c.tenant_id == TENANT, writer.c.id == later.c.sender_id))
        .where(
            later.c.tenant_id == TENANT,
            later.c.of_case_id == t.c.of_case_id,
            tuple_(later.c.sent_at, later.c.id) >= tuple_(t.c.sent_at, t.c.id),
            later.c.sender_id != USER,
            writer.c.is_staff == literal_column("false" if how == "scope" else "true"),
        )
    )


@dataclass(frozen=True)
class Shown:
    """A message as its reader gets it: what his profile hides is empty."""

    id: uuid.UUID
    case_id: uuid.UUID
    title: str
    """Of the case, or as it was sent."""
    sender: str
    role: str
    """What the broker's own people say they do."""
    is_own: bool
    is_unread: bool
    was_answered: bool
    """Whether a colleague has answered it, so that the reader need not."""
    was_seen: bool
    """Whether the other side has read it."""
    moment: str
    text: str
    about: str
    """The claim, contract or policyholder it is about."""
    status: tuple[str, str] | None
    """Of the case: words and tone."""

    @property
    def initials(self) -> str:
        return initials_of(self.sender)

    @property
    def paragraphs(self) -> list[list[str]]:
        return [part.splitlines() for part in self.text.split("\n\n") if part.strip()]

    @property
    def excerpt(self) -> str:
        return " ".join(self.text.split())

    @property
    def url(self) -> str:
        return f"/cases/{self.case_id}#message-{self.id}"


ABOUT = ("of_case__claim", "of_case__contract", "of_case__policyholder")


def dressed(inner: Any, rights: Rights, how: str, *, is_whole: bool = False) -> Select[Any]:
    """What is shown of the messages of a query that gives `id` and `is_unread` in order, by `number`."""
    d, u = Message.__table__.alias("d"), User.__table__.alias("u")
    t = each(d, and_(d.c.tenant_id == TENANT, d.c.id == inner.c.id), inner)
    writer = each(u, and_(u.c.tenant_id == TENANT, u.c.id == t.c.sender_id), t)
    rows = Rows(Reach(MESSAGE_SOURCE, t, None, []), rights, how, is_each=True)

    def value(key: str) -> ColumnElement[Any]:
        column = rows.columns.get(key)
        return null() if column is None else rows.value(column)

    text = value("text")
    picked = [
        inner.c.id,
        t.c.of_case_id,
        func.coalesce(value("of_case"), value("subject")),
        value("sender"),
        writer.c.role,
        t.c.sender_id == USER,
        writer.c.is_staff,
        inner.c.is_unread,
        _was_answered(t, how),
        _was_seen(t, writer),
        value("sent_at"),
        text if is_whole else func.left(text, EXCERPT),
        func.coalesce(*(value(key) for key in ABOUT)),
        value("of_case__status"),
    ]
    start = inner.join(t, true()).outerjoin(writer, true())
    for other, on in rows.joins.values():
        start = start.outerjoin(other, on)
    return select(*picked).select_from(start).order_by(inner.c.number)


def shown(viewer: Viewer, row: tuple[Any, ...]) -> Shown:
    (message_id, case_id, title, sender, role, is_own, is_staff, unread, answered, was_seen, sent_at, text,
     about, status) = row  # fmt: skip
    columns = columns_of(MESSAGE_SOURCE, viewer.rights)
    moment = words_of(columns["sent_at"], sent_at, None, formats_for(language())) if sent_at else ""
    return Shown(
        id=message_id,
        case_id=case_id,
        title=title or str(MESSAGE_SOURCE.schema.noun),
        sender=sender or "",
        role=role or "" if sender and is_staff else "",
        is_own=bool(is_own),
        is_unread=bool(unread),
        was_answered=bool(answered),
        was_seen=bool(is_own and was_seen),
        moment=moment,
        text=text or "",
        about=about or "",
        status=(str(STATUSES[status]), TONES[status]) if status in STATUSES else None,
    )


def numbered(found: Select[Any], most: int, *order: Any) -> Any:
    """The first of these messages, with the number of each in this order."""
    number = func.row_number().over(order_by=order).label("number")
    return found.add_columns(number).order_by(*order).limit(literal_column(str(most))).subquery("picked")


def mark(connection: Connection, viewer: Viewer, ids: list[uuid.UUID]) -> None:
    """Read by the viewer, and by nobody for him."""
    if ids and viewer.look is None:
        read(connection, MARK, {"tenant": viewer.tenant_id, "user": viewer.user_id, "ids": ids})
