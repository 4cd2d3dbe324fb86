"""What happened in one's own account: signing in, tokens, files, and who looked through one's eyes."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.administration.audit.entries import entries_of
from app.administration.audit.queries import Wanted, rows_of
from app.core.db import transaction
from permissions.door import signed_in, viewer

pages = Blueprint("own_log", __name__)

LATEST = 50


@pages.get("/settings/log")
@signed_in
def show() -> str:
    rows = rows_of(transaction(), Wanted(people=[viewer.user_id]), LATEST)
    return render_template(
        "administration/audit/own.html", entries=entries_of(transaction(), rows, at_desk=False)
    )
