"""The page on which a person chooses to be reminded of deadlines."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.contracts.access import READ_CONTRACTS
from app.contracts.reminders.actions import DAYS, reminder_of, set_reminder, within
from app.core.db import transaction
from app.core.errors import NotFound
from permissions.door import allow, the_viewer, viewer

pages = Blueprint("reminders", __name__)


def _may_know() -> bool:
    """Whether the person sees the days that he would be reminded of."""
    return within(the_viewer(), viewer.today, viewer.today) is not None


@pages.get("/settings/deadlines")
@allow(READ_CONTRACTS)
def show() -> str:
    return render_template(
        "reminders.html",
        may_know=_may_know(),
        days=DAYS,
        chosen=reminder_of(transaction(), viewer),
        is_saved=request.args.get("done") == "saved",
    )


@pages.post("/settings/deadlines")
@allow(READ_CONTRACTS)
def choose() -> Response:
    """Whatever is no offered number of days is not chosen."""
    if not _may_know():
        raise NotFound
    days = [one for one in DAYS if str(one) in request.form.getlist("days")]
    set_reminder(transaction(), viewer, days, is_weekly=request.form.get("rhythm") == "weekly")
    return redirect("/settings/deadlines?done=saved", 303)
