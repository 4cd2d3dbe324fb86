"""The page on which a client begins a conversation, and the ways there from records."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.cases.access import READ_CASES, READ_MESSAGES, WRITE_MESSAGES
from app.cases.messages import LONGEST
from app.cases.source import CASE_SOURCE
from app.cases.starting import ABOUT, LONGEST_SUBJECT, Wish, may_start, start
from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.text import _
from app.reports.detail import Action
from app.reports.places import Place, place_named
from app.reports.record import title_of_record
from app.reports.source import SOURCES, Note, Source
from permissions import Viewer
from permissions.door import allow, the_viewer

pages = Blueprint("new_cases", __name__)

PATH = "/cases/new"
SENT = "sent"
"""Stands in the address of a case that was just begun."""


def way_to_write(person: Viewer, source: Source, record_id: uuid.UUID) -> Action | None:
    """From a record's page to a message about it."""
    if source.record not in ABOUT or not may_start(person):
        return None
    return _("Write a message"), f"{PATH}?of={source.record}:{record_id}", "mail"


@pages.get(PATH)
@allow(READ_CASES, READ_MESSAGES, WRITE_MESSAGES)
def show() -> str:
    return _page(_place(), Wish())


@pages.post(PATH)
@allow(READ_CASES, READ_MESSAGES, WRITE_MESSAGES)
def begin() -> Any:
    """As with answers, nobody writes through another's eyes."""
    place, form = _place(), request.form
    wish = Wish(form.get("subject", ""), form.get("text", ""), "is_confidential" in form)
    try:
        case_id = start(transaction(), the_viewer(), place, wish)
    except Unacceptable as refused:
        return _page(place, wish, {word: str(said) for word, said in refused.problems.items()}), 422
    return redirect(f"/cases/{case_id}?{SENT}=1", 303)


def told_after_start(source: Source) -> Note | None:
    """What the page of a case says first, right after it was begun."""
    if source is not CASE_SOURCE or SENT not in request.args:
        return None
    said = _("Your broker has received it. The answer appears here and in your mailbox.")
    return Note(_("Your message is sent"), said, "positive", "check")


def _place() -> Place | None:
    if not may_start(the_viewer()):
        raise NotFound
    return place_named(transaction(), the_viewer(), request.args.get("of", ""), ABOUT)


def _page(place: Place | None, wish: Wish, errors: dict[str, str] | None = None) -> str:
    back, title = (_("Mailbox"), "/mailbox"), None
    if place is not None:
        title = title_of_record(transaction(), the_viewer(), SOURCES[place.record], place.id)
        back = (title, place.path)
    return render_template(
        "cases/new.html",
        action=f"{PATH}?of={place.word}" if place else PATH,
        back=back,
        of=title,
        wish=wish,
        errors=errors or {},
        longest=LONGEST,
        longest_subject=LONGEST_SUBJECT,
    )
