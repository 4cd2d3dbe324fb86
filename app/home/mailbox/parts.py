"""The four parts of a mailbox, and how much is in each."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.cases.boxes import COUNTED_UP_TO, HISTORY, INBOX, OUTBOX, counts, told
from app.core.text import LazyText, _lp, _n
from app.home.mailbox.notifications import number_new
from app.home.mailbox.placing import PATH
from permissions import Viewer

NOTIFICATIONS = "notifications"
PARTS: dict[str, LazyText] = {
    INBOX: _lp("mailbox", "Inbox"),
    OUTBOX: _lp("mailbox", "Outbox"),
    HISTORY: _lp("mailbox", "History"),
    NOTIFICATIONS: _lp("mailbox", "Notifications"),
}


@dataclass(frozen=True)
class Part:
    key: str
    label: str
    url: str
    count: str
    """How much is in it; of the first and the last, how much is new."""
    spoken: str
    is_new: bool


def parts_of(connection: Connection, viewer: Viewer) -> list[Part]:
    unread, _received, sent, conversations = counts(connection, viewer)
    news = number_new(connection, viewer)
    numbers = {
        INBOX: (told(unread), _n("{n} unread", "{n} unread", unread, n=told(unread)), unread > 0),
        OUTBOX: (told(sent, COUNTED_UP_TO), "", False),
        HISTORY: (told(conversations, COUNTED_UP_TO), "", False),
        NOTIFICATIONS: (told(news), _n("{n} new", "{n} new", news, n=told(news)), news > 0),
    }
    return [Part(key, str(label), way_to(key), *numbers[key]) for key, label in PARTS.items()]


def way_to(part: str) -> str:
    return PATH if part == INBOX else f"{PATH}/{part}"


def ways(connection: Connection, viewer: Viewer) -> list[tuple[str, str, str, bool]]:
    """For the home page: name, how many, address, and whether there is anything new."""
    return [
        (one.label, one.spoken if one.is_new else "", one.url, one.is_new)
        for one in parts_of(connection, viewer)
    ]
