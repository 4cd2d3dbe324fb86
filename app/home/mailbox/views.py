"""The pages of the mailbox."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.cases.access import READ_CASES, READ_MESSAGES
from app.cases.boxes import HISTORY, INBOX, MOST, OUTBOX, part_of
from app.cases.messages import has_mailbox
from app.cases.starting import may_start
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.text import _
from app.home.mailbox.notifications import notifications
from app.home.mailbox.parts import NOTIFICATIONS, PARTS, parts_of
from app.home.mailbox.placing import PATH
from permissions.door import allow, the_viewer

pages = Blueprint("mailbox", __name__)

Told = tuple[str, str, tuple[str, str] | None]
"""Title, sentence, and a step with its address."""


@pages.get(PATH)
@allow(READ_CASES, READ_MESSAGES)
def inbox() -> str:
    return _page(INBOX)


@pages.get(f"{PATH}/outbox")
@allow(READ_CASES, READ_MESSAGES)
def outbox() -> str:
    return _page(OUTBOX)


@pages.get(f"{PATH}/history")
@allow(READ_CASES, READ_MESSAGES)
def history() -> str:
    return _page(HISTORY)


@pages.get(f"{PATH}/notifications")
@allow(READ_CASES, READ_MESSAGES)
def news() -> str:
    return _page(NOTIFICATIONS)


def _page(part: str) -> str:
    person = the_viewer()
    if not has_mailbox(person):
        raise NotFound
    connection = transaction()
    messages = part_of(connection, person, part) if part != NOTIFICATIONS else []
    return render_template(
        "mailbox.html",
        part=part,
        parts=parts_of(connection, person),
        label=PARTS[part],
        messages=messages,
        is_cut=len(messages) == MOST,
        notifications=notifications(connection, person) if part == NOTIFICATIONS else [],
        nothing=_nothing(part),
        may_write=may_start(person),
    )


def _nothing(part: str) -> Told:
    to_cases = _("Go to cases"), "/cases"
    if part == INBOX:
        return _("No messages"), _("What is written to you appears here."), to_cases
    if part == OUTBOX:
        return _("Nothing sent yet"), _("Open a case and write a message; it appears here."), to_cases
    if part == HISTORY:
        return (
            _("No conversations yet"),
            _("All conversations stay here, those that are done as well."),
            to_cases,
        )
    return _("No notifications"), _("General messages and prepared files appear here."), None
