"""The pages of saved reports: keeping one, its own page, and what is done there."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from app.core.db import transaction
from app.core.errors import NotFound, Unacceptable
from app.core.formats import formats_for
from app.core.text import LazyText, _l, language
from app.reports.address import opened_by, understood
from app.reports.saved import actions, menu, sharing
from app.reports.saved.access import MANAGE_REPORTS, SAVE_REPORTS, SHARE_REPORTS, SUBSCRIBE, is_manager
from app.reports.saved.documents import LARGEST, Document, document_of
from app.reports.saved.opening import STANDARD, off_for
from app.reports.saved.queries import Saved, left_behind, report_of
from app.reports.source import SOURCES, Source
from app.reports.subscriptions.actions import allowed_domains
from app.reports.subscriptions.queries import count_of, subscriptions_of
from app.reports.subscriptions.words import ENDING_WORDS, RHYTHM_WORDS
from app.reports.switches import MAIL, obeyed, off_after, parts_with, switched_off
from permissions.door import allow, signed_in, the_viewer, viewer, while_acting
from permissions.models import Profile
from tenants.models import Organization

pages = Blueprint("saved_reports", __name__)

WAYS: dict[str, LazyText] = {
    "private": _l("Private"),
    "people": _l("Share with people"),
    "organization": _l("Share with an organisation"),
    "profile": _l("Share with a profile"),
    "all": _l("Share with everyone"),
}
DONE: dict[str, LazyText] = {
    "name": _l("The report has its new name."),
    "sharing": _l("Whom the report is shared with is saved."),
    "profiles": _l("What the overview opens with is saved."),
    "functions": _l("What can be done with the report is saved."),
    "subscriptions": _l("The subscription is saved."),
    "mail": _l("The report is on its way."),
}
"""What the page of a report says after something was done there."""


def asked_for(report_id: uuid.UUID) -> Saved:
    return report_of(transaction(), viewer, report_id)


def address_of(report: Saved) -> str:
    return f"/{report.source.plural}?report={report.id}"


def _source() -> Source:
    source = SOURCES.get(request.form.get("source", ""))
    if source is None or not viewer.may(source.area):
        raise NotFound
    return source


def _document(source: Source, report: Saved | None = None) -> Document:
    """The state that a form carries along, as far as its sender has what it shows and may set it up: what a report
    below it says stays allowed, whose ever that was."""
    text = request.form.get("words", "")
    if len(text) > 4 * LARGEST:
        raise Unacceptable({"name": actions.TOO_LONG})
    words, person = parse_qsl(text, keep_blank_values=True), the_viewer()
    below = str(report.id) if report else dict(words).get("report", STANDARD)
    opened = opened_by(person, source, below)
    person = person.without(opened.off_for(person))
    person.must(SAVE_REPORTS)
    words, refused = obeyed(switched_off(person.rights), words, opened.document)
    state, problems = understood(source, person.rights, words)
    if refused or problems:
        raise Unacceptable(refused | problems.by_control)
    return document_of(state)


@pages.get("/reports")
@signed_in
def index() -> str:
    listed = menu.reports_here(viewer).listed
    return render_template(
        "saved/index.html",
        mine=[one for one in listed if one.owner_id == viewer.user_id],
        others=[one for one in listed if one.owner_id != viewer.user_id],
        left=left_behind(transaction(), viewer),
        ways=WAYS,
    )


@pages.post("/reports")
@allow(SAVE_REPORTS)
@while_acting
def create() -> Any:
    source, name = _source(), request.form.get("name", "")
    document = _document(source)
    try:
        report_id = actions.create(transaction(), viewer, source, name, document)
    except Unacceptable as problem:
        return render_template(
            "saved/new.html",
            source=source,
            name=name[: 2 * actions.LONGEST_NAME],
            words=request.form.get("words", ""),
            errors=in_words(problem),
        ), 422
    return redirect(f"/{source.plural}?report={report_id}", 303)


@pages.get("/reports/<uuid:report_id>")
@signed_in
def show(report_id: uuid.UUID) -> str:
    return page_of(asked_for(report_id))


def page_of(report: Saved, errors: dict[str, str] | None = None) -> str:
    """The page of a report; after a form was refused, with what was typed there."""
    typed = request.form if errors else {}
    is_own = actions.may_change(viewer, report)
    reader = viewer.without(off_for(viewer, report))
    profiles = named(Profile) if is_manager(viewer) else []
    return render_template(
        "saved/report.html",
        report=report,
        address=address_of(report),
        link=request.host_url.rstrip("/") + address_of(report),
        is_own=is_own and viewer.may(SAVE_REPORTS),
        name=typed.get("name", report.name),
        sharing=SimpleNamespace(
            ways=[(way, WAYS[way]) for way in sharing.ways(viewer)],
            way=typed.get("sharing", report.sharing),
            people=typed.get("people") or "\n".join(sharing.people_of(transaction(), viewer, report)),
            profiles=profiles,
            profile=str(report.profile_id),
            organizations=named(Organization) if is_manager(viewer) else [],
            organization=str(report.organization_id),
            organization_name=viewer.organization_name,
        )
        if is_own and viewer.may(SHARE_REPORTS)
        else None,
        profiles=profiles,
        opening=sharing.profiles_opening(transaction(), viewer, report) if profiles else set(),
        owner=typed.get("owner", ""),
        functions=parts_with(report.functions_off),
        subscribing=_subscribing(report, typed) if reader.may(SUBSCRIBE) or reader.may(MAIL) else None,
        may_subscribe=reader.may(SUBSCRIBE),
        may_mail=reader.may(MAIL),
        errors=errors or {},
        done={place: words for place, words in DONE.items() if place == request.args.get("done")},
    )


def _subscribing(report: Saved, typed: Mapping[str, str]) -> SimpleNamespace:
    """What the forms of subscribing show: what was typed, or what most people want."""
    formats = formats_for(language())
    monday = datetime.date(2024, 1, 1)
    return SimpleNamespace(
        listed=subscriptions_of(transaction(), viewer, report),
        domains=allowed_domains(transaction(), viewer),
        rhythms=[(name, words) for name, words in RHYTHM_WORDS.items() if name != "once"],
        weekdays=[(n + 1, formats.weekday(monday + datetime.timedelta(days=n))) for n in range(7)],
        rhythm=typed.get("rhythm", "weekly"),
        weekday=typed.get("weekday", "1"),
        day=typed.get("day", "1"),
        starts_on=typed.get("starts_on", str(viewer.today)),
        ends_on=typed.get("ends_on", str(viewer.today + datetime.timedelta(days=365))),
        addresses=typed.get("addresses", ""),
        endings=ENDING_WORDS,
        ending=typed.get("ending", "csv"),
        is_once=request.path.endswith("/mail"),
    )


def named(table: Any) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in sharing.named(transaction(), table, viewer)]


def in_words(problem: Unacceptable) -> dict[str, str]:
    return {control: str(sentence) for control, sentence in problem.problems.items()}


def done(report: Saved, act: Callable[[], object], place: str, then: str | None = None) -> Any:
    """Do it and go on, or show the page again with what is wrong."""
    try:
        act()
    except Unacceptable as problem:
        return page_of(report, in_words(problem)), 422
    return redirect(then or f"/reports/{report.id}?done={place}#{place}", 303)


@pages.post("/reports/<uuid:report_id>/name")
@allow(SAVE_REPORTS)
@while_acting
def rename(report_id: uuid.UUID) -> Any:
    report, name = asked_for(report_id), request.form.get("name", "")
    actions.must_change(viewer, report)
    return done(report, lambda: actions.rename(transaction(), viewer, report, name), "name")


@pages.post("/reports/<uuid:report_id>/sharing")
@allow(SAVE_REPORTS, SHARE_REPORTS)
def share(report_id: uuid.UUID) -> Any:
    report = asked_for(report_id)
    actions.must_change(viewer, report)

    def act() -> None:
        sharing.share(transaction(), viewer, report, sharing.asked(transaction(), viewer, request.form))

    return done(report, act, "sharing")


@pages.post("/reports/<uuid:report_id>/functions")
@allow(SAVE_REPORTS)
def switch(report_id: uuid.UUID) -> Any:
    report, form = asked_for(report_id), request.form
    off = off_after(form.getlist("shown"), form.getlist("on"), report.functions_off)
    return done(report, lambda: actions.switch(transaction(), viewer, report, off), "functions")


@pages.post("/reports/<uuid:report_id>/owner")
@allow(SAVE_REPORTS)
def hand_over(report_id: uuid.UUID) -> Any:
    report, address = asked_for(report_id), request.form.get("owner", "")
    actions.must_change(viewer, report)
    return done(
        report, lambda: sharing.hand_over(transaction(), viewer, report, address), "owner", "/reports"
    )


@pages.post("/reports/<uuid:report_id>/profiles")
@allow(MANAGE_REPORTS)
def open_for(report_id: uuid.UUID) -> Any:
    report, wanted = asked_for(report_id), request.form.getlist("profile")
    return done(report, lambda: sharing.open_for(transaction(), viewer, report, wanted), "profiles")


@pages.post("/reports/<uuid:report_id>/state")
@allow(SAVE_REPORTS)
@while_acting
def save(report_id: uuid.UUID) -> Response:
    report = asked_for(report_id)
    actions.save(transaction(), viewer, report, _document(report.source, report))
    return redirect(address_of(report), 303)


@pages.post("/reports/<uuid:report_id>/default")
@allow(SAVE_REPORTS)
def default(report_id: uuid.UUID) -> Response:
    report = asked_for(report_id)
    if request.form.get("on"):
        actions.open_with(transaction(), viewer, report)
    else:
        actions.leave_default(transaction(), viewer, report.source)
    return redirect(address_of(report), 303)


@pages.get("/reports/<uuid:report_id>/deletion")
@allow(SAVE_REPORTS)
def deletion(report_id: uuid.UUID) -> str:
    report = asked_for(report_id)
    actions.must_change(viewer, report)
    return render_template(
        "saved/deletion.html",
        report=report,
        address=address_of(report),
        subscriptions=count_of(transaction(), viewer, report),
    )


@pages.post("/reports/<uuid:report_id>/deletion")
@allow(SAVE_REPORTS)
@while_acting
def delete(report_id: uuid.UUID) -> Response:
    report = asked_for(report_id)
    actions.remove(transaction(), viewer, report)
    return redirect(f"/{report.source.plural}", 303)
