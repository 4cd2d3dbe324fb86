"""The page of the portal's switches: one form over the broker's part of the configuration document."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request

from app.administration import config, forms
from app.administration.config.state import Item, read_tenant
from app.administration.features.access import MANAGE_PORTAL, SWITCHES
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import LANGUAGES, by_words
from app.documents.codes import DOCUMENT_TYPES
from permissions.door import allow, viewer

pages = Blueprint("features", __name__)

PATH = "/features"
FLAGS = (
    "case_sharing_allowed",
    "profile_currency_allowed",
    "views_may_change",
    "views_are_mailed",
    "upload_type_required",
)
NUMBERS = ("notice_days", "review_months", "upload_megabytes", "password_length")
WORDS = (*FLAGS, *NUMBERS, "language", "mail_sender", "mail_domains", "upload_types")
"""The settings that stand in the form. How the portal looks is told elsewhere."""


@pages.get(PATH)
@allow(SWITCHES, MANAGE_PORTAL)
def show() -> str:
    return _page(read_tenant(transaction()))


@pages.post(PATH)
@allow(SWITCHES, MANAGE_PORTAL)
def save() -> Any:
    there, said = read_tenant(transaction()), _told()
    was = forms.opened(request.form.get("was", ""), WORDS)
    said |= {word: there[word] for word in request.form.getlist("yield") if word in said}
    if "wanted" not in request.form and (found := forms.clashes(was, there, said)):
        # What he left alone is as it is now.
        return _page(there, forms.changed(was, said), clashes=found), 409
    try:
        config.apply(transaction(), {"tenant": forms.changed(was, said)}, viewer.user_id)
    except Unacceptable as refused:
        return _page(there, said, was=was, errors=forms.errors_of(refused.problems, "tenant")), 422
    return redirect(f"{PATH}?done=1", 303)


def _told() -> Item:
    """What somebody typed and ticked."""
    typed = request.form
    said: Item = {word: word in typed for word in FLAGS}
    for word in NUMBERS:
        said[word] = forms.whole_number(typed.get(word, ""))
    said["language"] = typed.get("language", "")
    said["mail_sender"] = typed.get("mail_sender", "").strip() or None
    said["mail_domains"] = typed.get("mail_domains", "").replace(",", " ").split()
    said["upload_types"] = sorted(typed.getlist("upload_types"))
    return said


def _page(
    there: Item,
    said: Item | None = None,
    *,
    was: Item | None = None,
    errors: dict[str, str] | None = None,
    clashes: list[forms.Clash] | None = None,
) -> str:
    return render_template(
        "administration/features.html",
        item=there | (said or {}),
        was=forms.sealed(was if was is not None else there, WORDS),
        errors=errors or {},
        labels=forms.labels_of(errors or {}),
        clashes=forms.compared(clashes or ()),
        languages=LANGUAGES.items(),
        document_types=by_words(DOCUMENT_TYPES.items()),
        is_done=request.method == "GET" and "done" in request.args,
    )
