"""What decides how a home page looks: the broker's settings, those of the organization, and the person's own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from app.core.db import read
from app.home.wording import Spoken, Words, spoken
from permissions import Viewer

SETTINGS = """
    select t.welcome_shown, t.welcome, t.video, t.video_words, o.welcome_mode, o.welcome, o.home_tiles,
           h.places, h.welcome_closed, o.home_widgets
      from tenants t
      left join organizations o on o.tenant_id = %(tenant)s and o.id = %(organization)s
      left join homes h
        on h.tenant_id = %(tenant)s and h.user_id = %(user)s
       and h.membership_id is not distinct from %(membership)s::uuid
     where t.tenant_id = %(tenant)s"""
CLOSE = """
    insert into homes (tenant_id, user_id, membership_id, welcome_closed)
    values (%(tenant)s, %(user)s, %(membership)s, %(welcome)s)
    on conflict (tenant_id, user_id, membership_id) do update
       set welcome_closed = excluded.welcome_closed, changed_at = now()"""
ARRANGE = """
    insert into homes (tenant_id, user_id, membership_id, places)
    values (%(tenant)s, %(user)s, %(membership)s, %(places)s::jsonb)
    on conflict (tenant_id, user_id, membership_id) do update
       set places = excluded.places, changed_at = now()"""


@dataclass(frozen=True)
class Video:
    said: Spoken
    address: str
    is_file: bool


@dataclass(frozen=True)
class Welcome:
    said: Spoken
    video: Video | None
    mark: str
    """Says which welcome this is: once the broker changes it, it is another."""
    is_closed: bool


@dataclass(frozen=True)
class HomeSettings:
    welcome_words: Words
    """Empty where none is shown."""
    video: dict[str, str]
    video_words: Words
    view: str
    is_fixed: bool
    tiles: list[str]
    places: dict[str, Any] | None
    welcome_closed: str | None
    widgets: dict[str, Any] | None = None
    """As the broker has set them for the organization; None where its view decides."""

    def welcome(self, language: str, of_house: str) -> Welcome | None:
        said = spoken(self.welcome_words, language, of_house)
        if said is None:
            return None
        told = orjson.dumps([self.welcome_words, self.video, self.video_words], option=orjson.OPT_SORT_KEYS)
        mark = hashlib.sha256(told).hexdigest()[:16]
        return Welcome(said, self.video_shown(language, of_house), mark, mark == self.welcome_closed)

    def video_shown(self, language: str, of_house: str) -> Video | None:
        said = spoken(self.video_words, language, of_house)
        if said is None or not self.welcome_words or not self.video:
            return None
        name = self.video.get("file")
        return Video(said, f"/home/video/{name}" if name else self.video["address"], name is not None)


def settings_of(connection: Connection, viewer: Viewer) -> HomeSettings:
    row = read(connection, SETTINGS, _whose(viewer)).fetchone()
    assert row is not None
    is_shown, words, video, video_words, mode, own_words, tiles, places, closed, widgets = row
    shown: Words = {}
    if viewer.organization_id is not None:
        shown = {"own": own_words, "broker": words if is_shown else {}}.get(mode, {})
    return HomeSettings(
        shown,
        video,
        video_words,
        viewer.home_view,
        viewer.is_home_fixed,
        tiles or [],
        places,
        closed,
        widgets,
    )


def close_welcome(connection: Connection, viewer: Viewer, mark: str) -> None:
    read(connection, CLOSE, _whose(viewer) | {"welcome": mark})


def arrange(connection: Connection, viewer: Viewer, places: dict[str, Any] | None) -> None:
    """None goes back to the standard."""
    said = orjson.dumps(places).decode() if places is not None else None
    read(connection, ARRANGE, _whose(viewer) | {"places": said})


def _whose(viewer: Viewer) -> dict[str, Any]:
    return {
        "tenant": viewer.tenant_id,
        "user": viewer.user_id,
        "membership": viewer.membership_id,
        "organization": viewer.organization_id,
    }
