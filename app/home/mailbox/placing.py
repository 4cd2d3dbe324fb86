"""Where somebody finds his mailbox: in the side column of the home page, or in the bar of every page."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from app.cases.access import READ_MESSAGES
from app.cases.boxes import told, unread
from app.cases.messages import are_enough, has_mailbox
from app.cases.source import CASE_SOURCE, MESSAGE_SOURCE
from app.core.db import transaction
from app.core.text import _, _n
from app.reports.source import Source
from app.reports.state import State
from app.reports.tools import Way
from app.shell.frame import BarItem, MenuItem
from permissions import Rights, Viewer
from tenants.models import MailboxPlace

VIEW_COOKIE = "home"
"""Remembers which view of the home page somebody chose last."""
CARDS = "cards"
AS_ICONS = (CARDS, "tiles")
"""Views that show ways into the portal and no records."""
PATH = "/mailbox"


def shown_view(viewer: Viewer, chosen: str | None) -> str:
    """Widgets or tiles: what the person chose last, unless the broker has settled it."""
    standard = "icons" if viewer.home_view in AS_ICONS else "overview"
    return chosen if chosen in ("overview", "icons") and not viewer.is_home_fixed else standard


def place_of(viewer: Viewer, view: str) -> MailboxPlace | None:
    """Where the mailbox is, for who has one. The card view always has it in the bar, and so has every home page without
    a side column; else it is as the organization wants it."""
    if not has_mailbox(viewer):
        return None
    if viewer.home_view == CARDS or view == "icons":
        return MailboxPlace.MENU_BAR
    return MailboxPlace(viewer.mailbox)


def has_widget(viewer: Viewer) -> bool:
    """Whether a home page with a side column has it there."""
    return place_of(viewer, "overview") is MailboxPlace.SIDEBAR


def bar_item(viewer: Viewer) -> BarItem | None:
    """The mailbox in the bar, with what is unread."""
    if place_of(viewer, shown_view(viewer, request.cookies.get(VIEW_COOKIE))) is not MailboxPlace.MENU_BAR:
        return None
    number = unread(transaction(), viewer)
    spoken = _("Mailbox")
    if number:
        spoken += ", " + _n("{n} unread message", "{n} unread messages", number, n=told(number))
    return BarItem("mail", _("Mailbox"), PATH, told(number) if number else "", spoken)


def phone_item(viewer: Viewer) -> MenuItem | None:
    """The mailbox in the menu of a phone, where it stands in no bar: its side column is far down there."""
    if place_of(viewer, shown_view(viewer, request.cookies.get(VIEW_COOKIE))) is not MailboxPlace.SIDEBAR:
        return None
    return MenuItem("mailbox", "mail", _("Mailbox"), PATH, request.path.startswith(PATH))


def way_to_mailbox(source: Source, rights: Rights, state: State) -> Iterator[Way]:
    """From the overviews of cases and messages."""
    if source in (CASE_SOURCE, MESSAGE_SOURCE) and are_enough(rights):
        yield _("Mailbox"), PATH, "mail"
    if source is CASE_SOURCE and READ_MESSAGES.key in rights.areas:
        yield str(READ_MESSAGES.label), f"/{MESSAGE_SOURCE.plural}", "mail"
