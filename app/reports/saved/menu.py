"""The menu of saved reports above an overview, drawn for each page: what stands in it is its reader's own."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, request
from markupsafe import Markup

from app.core.db import transaction
from app.core.text import _, _n
from app.reports.saved.access import SAVE_REPORTS, SUBSCRIBE
from app.reports.saved.actions import may_change
from app.reports.saved.documents import document_of, words_of
from app.reports.saved.opening import Opened
from app.reports.saved.queries import Reports, reports_of
from app.reports.source import Source
from app.reports.state import State
from app.reports.tools import PLACE
from app.shell.frame import MenuItem
from permissions import Viewer
from permissions.door import viewer


def reports_here(person: Viewer) -> Reports:
    """What the viewer may open, asked for once in a request."""
    if "saved_reports" not in g:
        g.saved_reports = reports_of(transaction(), person)
    return g.saved_reports


MOST_IN_NAVIGATION = 5


def navigation(person: Viewer) -> list[MenuItem]:
    """The first of somebody's own reports, and the way to all of them."""
    mine = [one for one in reports_here(person).listed if one.owner_id == person.user_id]
    here = request.args.get("report")
    items = [
        MenuItem(
            str(one.id), one.icon, one.name, f"/{one.source.plural}?report={one.id}", str(one.id) == here
        )
        for one in mine[:MOST_IN_NAVIGATION]
    ]
    if items:
        items.append(MenuItem("reports", "star", _("All reports"), "/reports", request.path == "/reports"))
    return items


def default_of(person: Viewer, source: Source) -> uuid.UUID | None:
    """The report an overview opens with for this person."""
    return reports_here(person).defaults.get(source.record)


def drawn() -> SimpleNamespace:
    """The button, the popover that it opens, and a sentence on what of an opened report its reader has not."""
    person: Viewer = viewer._get_current_object()  # type: ignore[attr-defined]
    source, state = g.overview
    opened: Opened | None = g.get("report")
    if opened:
        person = person.without(opened.off_for(person))
    menu = _menu(person, source, state, opened)
    is_empty = not (menu.mine or menu.others or menu.may_save or menu.report)
    dropped = opened.dropped if opened else 0

    def part(name: str) -> Markup:
        template = current_app.jinja_env.get_template(f"saved/{name}.html")
        return Markup() if is_empty else Markup(template.render(saved=menu))

    return SimpleNamespace(
        place=PLACE,
        button=part("_button"),
        popover=part("_menu"),
        dropped=_n(
            "{n} part of this report is not available to you.",
            "{n} parts of this report are not available to you.",
            dropped,
        )
        if dropped
        else None,
    )


def _menu(person: Viewer, source: Source, state: State, opened: Opened | None) -> SimpleNamespace:
    path, listed = f"/{source.plural}", reports_here(person)
    report = opened.report if opened else None
    is_changed = opened.is_changed(state) if opened and report else False
    here = [one for one in listed.listed if one.source is source]

    def item(one: Any) -> tuple[str, str, str, str, bool]:
        return (
            f"{path}?report={one.id}",
            one.name,
            one.icon,
            one.owner,
            bool(report and one.id == report.id),
        )

    document = document_of(state)
    is_default = listed.defaults.get(source.record)
    is_shared = report is not None and report.sharing != "private" and not is_changed
    link = f"{path}?report={report.id}" if report and is_shared else _address(path, document)
    return SimpleNamespace(
        report=report,
        is_changed=is_changed,
        is_own=report is not None and may_change(person, report),
        is_default=report is not None and is_default == report.id,
        has_default=is_default is not None,
        is_standard=report is None,
        standard_url=f"{path}?report=standard" if is_default else path,
        reset_url=f"{path}?report={report.id}" if report else None,
        mine=[item(one) for one in here if one.owner_id == person.user_id],
        others=[item(one) for one in here if one.owner_id != person.user_id],
        may_save=person.may(SAVE_REPORTS),
        may_subscribe=person.may(SUBSCRIBE),
        source=source.record,
        words=urlencode(state.words()),
        link=request.host_url.rstrip("/") + link,
    )


def _address(path: str, document: dict[str, list[str]]) -> str:
    words = urlencode(words_of(document))
    return f"{path}?{words}" if words else path
