"""The menu of saved reports above an overview, drawn for each page: what stands in it is its reader's own."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import NamedTuple

from flask import current_app, g, request
from markupsafe import Markup

from app.core.db import transaction
from app.core.text import _, _n, language
from app.core.web import base_address
from app.reports.saved.access import SAVE_REPORTS, SUBSCRIBE
from app.reports.saved.actions import may_change
from app.reports.saved.opening import STANDARD, Opened
from app.reports.saved.queries import Listed, Reports, reports_of
from app.reports.source import Source
from app.reports.state import State, first_page, written
from app.reports.tools import PLACE
from app.shell.frame import MenuItem
from permissions import Viewer
from permissions.door import the_viewer


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


class Item(NamedTuple):
    """A report as the menu offers it."""

    url: str
    name: str
    icon: str
    owner: str
    is_current: bool


class At(NamedTuple):
    """The report at hand."""

    id: uuid.UUID
    name: str


class Menu(NamedTuple):
    """All that decides how the menu looks: two that are equal get the same drawing."""

    report: At | None
    is_changed: bool
    is_own: bool
    is_default: bool
    has_default: bool
    standard_url: str
    reset_url: str | None
    mine: tuple[Item, ...]
    others: tuple[Item, ...]
    may_save: bool
    may_subscribe: bool
    source: str
    words: str
    link: str

    @property
    def is_empty(self) -> bool:
        return not (self.mine or self.others or self.may_save or self.report)


def drawn() -> SimpleNamespace:
    """The button, the popover that it opens, and a sentence on what of an opened report its reader has not."""
    person = the_viewer()
    source, state = g.overview
    opened: Opened | None = g.get("report")
    if opened:
        person = person.without(opened.off_for(person))
    dropped = opened.dropped if opened else 0
    button, popover = _parts(_menu(person, source, state, opened), language())
    return SimpleNamespace(
        place=PLACE,
        button=button,
        popover=popover,
        dropped=_n(
            "{n} part of this report is not available to you.",
            "{n} parts of this report are not available to you.",
            dropped,
        )
        if dropped
        else None,
    )


@lru_cache(maxsize=512)
def _parts(menu: Menu, language: str) -> tuple[Markup, Markup]:
    """Drawn once for all the pages of a view; `language` is the one it is drawn in."""
    if menu.is_empty:
        return Markup(), Markup()
    button, popover = (
        Markup(current_app.jinja_env.get_template(f"saved/{name}.html").render(saved=menu))
        for name in ("_button", "_menu")
    )
    return button, popover


def _menu(person: Viewer, source: Source, state: State, opened: Opened | None) -> Menu:
    path, listed = f"/{source.plural}", reports_here(person)
    report = opened.report if opened else None
    is_changed = opened.is_changed(state) if opened and report else False
    here = [one for one in listed.listed if one.source is source]

    def item(one: Listed) -> Item:
        is_current = report is not None and one.id == report.id
        return Item(f"{path}?report={one.id}", one.name, one.icon, one.owner, is_current)

    own = written(replace(first_page(state), base=None))
    is_default = listed.defaults.get(source.record)
    if report is not None and report.sharing != "private" and not is_changed:
        link = f"{path}?report={report.id}"
    else:
        link = f"{path}?{own}" if own else path
    return Menu(
        report=At(report.id, report.name) if report else None,
        is_changed=is_changed,
        is_own=report is not None and may_change(person, report),
        is_default=report is not None and is_default == report.id,
        has_default=is_default is not None,
        standard_url=f"{path}?report={STANDARD}" if is_default else path,
        reset_url=f"{path}?report={report.id}" if report else None,
        mine=tuple(item(one) for one in here if one.owner_id == person.user_id),
        others=tuple(item(one) for one in here if one.owner_id != person.user_id),
        may_save=person.may(SAVE_REPORTS),
        may_subscribe=person.may(SUBSCRIBE),
        source=source.record,
        words=written(first_page(state)),
        link=base_address() + link,
    )
