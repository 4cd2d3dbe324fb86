"""What every page's frame shows: the house, the menu of the viewer's areas, his organizations, languages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

from flask import current_app, g, request
from markupsafe import Markup, escape

from app.core.db import transaction
from app.core.text import LANGUAGES, _, _p, language
from app.shell.assets import Theme
from app.shell.faces import theme_of
from app.shell.looking import banner
from permissions.arrival import running_memberships
from permissions.catalogue import catalogue
from permissions.door import the_viewer, viewer
from permissions.rights import Rights
from permissions.viewer import Viewer


@dataclass(frozen=True)
class MenuItem:
    key: str
    icon: str
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class MenuGroup:
    title: str | None
    items: list[MenuItem]


def menu_of(rights: Rights, here: str, own: tuple[MenuItem, ...] = ()) -> list[MenuGroup]:
    """The areas a profile shows, under their headings; home is everybody's. `here` is the area one is in. What is
    somebody's own comes last; where that is open, the area it belongs to is not the place."""
    if any(item.is_current for item in own):
        here = HERE
    groups = [MenuGroup(None, [MenuItem("home", "home", _("Home"), "/", here == "")])]
    by_title: dict[str, MenuGroup] = {}
    for area in catalogue.areas():
        if area.key not in rights.areas or not area.is_in_menu:
            continue
        title = str(area.group) if area.group else ""
        if title not in by_title:
            by_title[title] = MenuGroup(title or None, [])
            groups.append(by_title[title])
        by_title[title].items.append(
            MenuItem(area.key, area.icon, str(area.label), f"/{area.key}", area.key == here)
        )
    if own:
        groups.append(MenuGroup(_("My reports"), list(own)))
    return groups


def theme_here(chosen: str | None = None) -> Theme | None:
    """The look of the page: the broker's, unless something else was `chosen`, or is tried at the desk."""
    house = g.get("house")
    return house and (g.get("tried_theme") or theme_of(house, chosen))


@dataclass(frozen=True)
class Frame:
    """The parts of the frame, drawn."""

    top: Markup
    foot: Markup
    dock: Markup


class BarItem(NamedTuple):
    """A way that stands in the bar of every page, with a number that asks for attention."""

    icon: str
    label: str
    url: str
    number: str
    """Empty for none."""
    told: str
    """Label and number, as they are read out."""


class Organization(NamedTuple):
    """One that the viewer can switch to, by his membership."""

    id: uuid.UUID
    name: str
    is_current: bool


class Face(NamedTuple):
    """All that decides how the frame looks: two that are equal get the same drawing."""

    theme: Theme | None
    tenant: str
    links: tuple[tuple[str, str], ...]
    language: str
    rights: Rights
    area: str
    name: str
    initials: str
    scheme: str | None
    organization: str | None
    logo: str | None
    organizations: tuple[Organization, ...]
    own: tuple[MenuItem, ...]
    bar: tuple[BarItem, ...]
    on_phones: tuple[MenuItem, ...]


own_items: list[Callable[[Viewer], list[MenuItem]]] = []
"""What else a person has in the navigation, under a heading of its own; filled by the factory."""

bar_items: list[Callable[[Viewer], BarItem | None]] = []
"""What stands in the bar besides; filled by the factory. Each asks the database on every page it is shown on."""

phone_items: list[Callable[[Viewer], MenuItem | None]] = []
"""What the menu of a phone has besides, where a wide page shows it elsewhere; filled by the factory."""

HERE = "\0"
"""Stands for the page's own address in a drawing; no stored text can hold it."""


@lru_cache(maxsize=512)
def drawn(face: Face) -> Frame:
    """A frame is the same on all pages of an area, and drawing it takes longer than reading the page's rows."""
    known = {
        "theme": face.theme,
        "tenant": SimpleNamespace(name=face.tenant),
        "locale": face.language,
        "languages": list(LANGUAGES.items()),
        "links": SimpleNamespace(**dict(face.links)) if face.links else None,
        "here": HERE,
        "viewer": SimpleNamespace(
            name=face.name,
            initials=face.initials,
            scheme=face.scheme,
            organization_name=face.organization,
        ),
        "menu": menu_of(face.rights, face.area, face.own),
        "organizations": face.organizations,
        "bar": face.bar,
        "on_phones": face.on_phones,
        "organization_logo": f"/logo/{face.logo}" if face.logo else None,
    }

    def part(name: str) -> Markup:
        return Markup(current_app.jinja_env.get_template(f"frame/{name}.html").render(known))

    return Frame(part("top"), part("foot"), part("dock"))


def context() -> dict[str, Any]:
    """The frame's part of every template's context. Asks the database only for the organizations to switch to."""
    house = g.get("house")
    here = request.full_path.rstrip("?") if request else "/"
    theme = theme_here()
    known: dict[str, Any] = {
        "tenant": SimpleNamespace(name=house.name) if house else None,
        "theme": theme,
        "locale": language(),
        "languages": LANGUAGES.items(),
        "links": SimpleNamespace(**house.links) if house and house.links else None,
        "here": here,
        "viewer": None,
        "frame": None,
        "looking": banner(),
    }
    if house is None or g.get("is_away") or not viewer.is_authenticated:
        return known
    person = the_viewer()
    theme = theme_here(person.organization_theme)
    links = {**(house.links or {}), **dict(person.organization_links)}
    face = Face(
        theme=theme,
        tenant=house.name,
        links=tuple(links.items()),
        language=language(),
        rights=person.rights,
        area=request.path.split("/", 2)[1],
        name=person.name,
        initials=person.initials,
        scheme=person.scheme,
        organization=_private() if person.is_private else person.organization_name,
        logo=person.organization_logo,
        organizations=_organizations(person),
        own=tuple(item for items in own_items for item in items(person)),
        bar=tuple(item for made in bar_items if (item := made(person))),
        on_phones=tuple(also for offered in phone_items if (also := offered(person))),
    )
    frame = drawn(face)
    foot = Markup(frame.foot.replace(HERE, escape(here)))
    known |= {"theme": theme, "links": SimpleNamespace(**links) if links else None}
    return known | {"viewer": person, "frame": replace(frame, foot=foot)}


def _organizations(person: Viewer) -> tuple[Organization, ...]:
    if person.membership_count < 2:
        return ()
    return tuple(
        Organization(membership, _private() if is_private else name, membership == person.membership_id)
        for membership, _organization, name, _is_main, is_private in running_memberships(
            transaction(), person.user_id
        )
    )


def _private() -> str:
    """How a client's private portal is called where he has others beside it."""
    return _p("organization", "Private")
