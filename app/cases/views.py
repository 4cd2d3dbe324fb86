"""What people do on the page of a case: answer, mark as read, want no mails."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from app.cases import writing
from app.cases.access import READ_CASES, READ_MESSAGES, WRITE_MESSAGES
from app.cases.conversation import Draft
from app.cases.source import CASE_SOURCE
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.reports.detail import detail
from permissions.door import allow, the_viewer

pages = Blueprint("case_messages", __name__)

PATH = "/cases/<uuid:record_id>"


@pages.post(f"{PATH}/messages")
@allow(READ_CASES, READ_MESSAGES, WRITE_MESSAGES)
def answer(record_id: uuid.UUID) -> Any:
    """A message is its writer's own word: nobody writes one through another's eyes."""
    typed = request.form.get("text", "")
    try:
        message_id = writing.answer(transaction(), the_viewer(), record_id, typed)
    except Unacceptable as refused:
        g.draft = Draft(typed, {place: str(said) for place, said in refused.problems.items()})
        return detail(the_viewer(), CASE_SOURCE, record_id), 422
    return redirect(f"/cases/{record_id}#message-{message_id}", 303)


@pages.post(f"{PATH}/reading")
@allow(READ_CASES, READ_MESSAGES)
def mark(record_id: uuid.UUID) -> Response:
    """Read, because somebody of his own side has answered."""
    writing.mark_answered(transaction(), the_viewer(), record_id)
    return redirect("/mailbox", 303)


@pages.post(f"{PATH}/mails")
@allow(READ_CASES, READ_MESSAGES)
def mute(record_id: uuid.UUID) -> Response:
    writing.mute(transaction(), the_viewer(), record_id, request.form.get("mails") == "off")
    return redirect(f"/cases/{record_id}", 303)
