"""The page on which documents are uploaded: to a record, or to none."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from flask import Blueprint, current_app, redirect, render_template, request

from app.core.db import drop, transaction
from app.core.errors import Unacceptable
from app.core.formats import formats_for
from app.core.text import _, _n, by_words, language
from app.documents.access import READ_DOCUMENTS, UPLOAD_DOCUMENTS
from app.documents.codes import DOCUMENT_TYPES
from app.documents.source import DOCUMENT_SOURCE
from app.documents.uploads import HANGS_ON, LONGEST, MB, MOST, Wish, keep, limits_of
from app.reports.detail import Action
from app.reports.places import Place, place_named
from app.reports.record import title_of_record
from app.reports.source import SOURCES, Note, Source
from permissions import Viewer
from permissions.door import allow, the_viewer, viewer, while_acting

pages = Blueprint("document_uploads", __name__)

PATH = f"/{DOCUMENT_SOURCE.plural}/upload"
TOGETHER = 60_000_000
"""What we say may come at once: somewhat less than web.LARGEST_UPLOAD, for a form has more in it than files."""
DONE = "uploaded"
"""What an address says right after it."""


def way_to_upload(person: Viewer, source: Source, record_id: uuid.UUID) -> Action | None:
    """From a record's page to the upload of documents that belong to it."""
    if source.record not in HANGS_ON or not (person.may(READ_DOCUMENTS) and person.may(UPLOAD_DOCUMENTS)):
        return None
    return _("Upload documents"), f"{PATH}?of={source.record}:{record_id}", "upload"


def told_after_upload(source: Source) -> Note | None:
    """What the page of a document says first, right after it was uploaded."""
    if source is not DOCUMENT_SOURCE or DONE not in request.args:
        return None
    return Note(_("The document is uploaded"), seen_by(the_viewer()), "positive", "check")


def seen_by(person: Viewer) -> str:
    if person.is_staff:
        return _("Clients see it once it has a tag that is shared with them.")
    return _(
        "Only you and your broker see it. Your broker decides whether others in your organisation do, too."
    )


@pages.get(PATH)
@allow(READ_DOCUMENTS, UPLOAD_DOCUMENTS)
def show() -> str:
    wish = Wish("", "", viewer.today.isoformat())
    return _page(place_named(transaction(), the_viewer(), request.args.get("of", ""), HANGS_ON), wish)


@pages.post(PATH)
@allow(READ_DOCUMENTS, UPLOAD_DOCUMENTS)
@while_acting
def upload() -> Any:
    person, storage = the_viewer(), current_app.extensions["storage"]
    place = place_named(transaction(), person, request.args.get("of", ""), HANGS_ON)
    form = request.form
    wish = Wish(
        form.get("document_type", ""), form.get("title", "").strip(), form.get("dated_on", "").strip()
    )
    try:
        made = keep(transaction(), storage, person, place, wish, request.files.getlist("files"))
    except Unacceptable as refused:
        drop()
        return _page(place, wish, {control: str(said) for control, said in refused.problems.items()}), 422
    if len(made) == 1:
        return redirect(f"/{DOCUMENT_SOURCE.plural}/{made[0]}?{DONE}=1", 303)
    return redirect(f"{PATH}?{DONE}={len(made)}{f'&of={quote(place.word)}' if place else ''}", 303)


def _page(place: Place | None, wish: Wish, errors: dict[str, str] | None = None) -> str:
    connection, formats = transaction(), formats_for(language())
    limits = limits_of(connection, the_viewer())
    back = (str(DOCUMENT_SOURCE.area.label), f"/{DOCUMENT_SOURCE.plural}")
    if place is not None:
        source = SOURCES[place.record]
        back = (title_of_record(connection, the_viewer(), source, place.id), place.path)
    return render_template(
        "documents/upload.html",
        action=f"{PATH}?of={place.word}" if place else PATH,
        back=back,
        of=back[0] if place else None,
        wish=wish,
        errors=errors or {},
        types=by_words((key, DOCUMENT_TYPES[key]) for key in limits.types),
        is_type_required=limits.is_type_required,
        limit=formats.file_size(limits.megabytes * 1_000_000),
        total=formats.file_size(TOGETHER),
        bytes=limits.megabytes * MB,
        most=MOST,
        longest=LONGEST,
        seen_by=seen_by(the_viewer()),
        done=_done(request.args.get(DONE, "")) if errors is None else None,
    )


def _done(said: str) -> str | None:
    """That several were uploaded, if the address says so."""
    if not (said.isascii() and said.isdecimal() and 1 < int(said[:4]) <= MOST):
        return None
    return _n("{n} document is uploaded.", "{n} documents are uploaded.", int(said))
