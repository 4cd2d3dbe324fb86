"""What every page's frame shows: the house, the menu of the viewer's areas, his organizations, languages."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import g, request

from app.core.db import db
from app.core.text import LANGUAGES, _, language
from app.shell.assets import Theme, themes
from permissions.arrival import running_memberships
from permissions.catalogue import catalogue
from permissions.door import viewer
from permissions.viewer import Viewer


@dataclass(frozen=True)
class MenuItem:
    key: str
    icon: str
    label: str
    url: str
    is_current: bool
    count: str | None = None


@dataclass(frozen=True)
class MenuGroup:
    title: str | None
    items: list[MenuItem]


def menu_of(person: Viewer, path: str) -> list[MenuGroup]:
    """The areas this viewer's profile shows, under their headings; home is everybody's."""
    groups = [MenuGroup(None, [MenuItem("home", "home", _("Home"), "/", path == "/")])]
    by_title: dict[str, MenuGroup] = {}
    for area in catalogue.areas():
        if not person.may(area):
            continue
        title = str(area.group) if area.group else ""
        if title not in by_title:
            by_title[title] = MenuGroup(title or None, [])
            groups.append(by_title[title])
        url = f"/{area.key}"
        is_current = path == url or path.startswith(url + "/")
        by_title[title].items.append(MenuItem(area.key, area.icon, str(area.label), url, is_current))
    return groups


def theme_here() -> Theme | None:
    house = g.get("house")
    if house is None:
        return None
    return themes().get(house.theme) or themes()["hanse"]


def context() -> dict[str, Any]:
    """The frame's part of every template's context. Asks the database only for the organizations to switch to."""
    house = g.get("house")
    known: dict[str, Any] = {
        "tenant": SimpleNamespace(name=house.name) if house else None,
        "theme": theme_here(),
        "locale": language(),
        "languages": list(LANGUAGES.items()),
        "links": SimpleNamespace(**house.links) if house and house.links else None,
        "here": request.full_path.rstrip("?") if request else "/",
        "viewer": None,
        "menu": None,
        "organizations": [],
    }
    if house is None or g.get("is_away") or not viewer.is_authenticated:
        return known
    known |= {
        "viewer": viewer,
        "menu": menu_of(viewer, request.path),
        "organizations": _organizations(viewer),
        "organization_logo": f"/logo/{viewer.organization_logo}" if viewer.organization_logo else None,
        "foot": None,
    }
    return known


def _organizations(person: Viewer) -> list[Any]:
    if person.membership_count < 2:
        return []
    return [
        SimpleNamespace(id=membership, name=name, sub=None, is_current=membership == person.membership_id)
        for membership, _organization, name, _is_main in running_memberships(db.session(), person.user_id)
    ]
