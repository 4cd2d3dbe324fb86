"""What of a house's theme stands on paper: its colours, its typeface for headings, its logo."""

from __future__ import annotations

import base64
import re
import struct
import uuid
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from flask import current_app, has_app_context

from app.core.settings import Settings
from app.core.storage import Storage
from app.core.typeset import families
from app.shell.assets import STATIC, Theme, served, themes, themes_for
from app.shell.colours import WHITE, contrast
from app.shell.faces import FALLBACK
from app.shell.own_theme import HEADINGS, OWN, roles_of, tokens_of
from tenants.directory import House

GENERIC = {"serif": "Libertinus Serif", "sans-serif": "Inter", "system-ui": "Inter"}
"""What stands for the typefaces that a style sheet leaves to the machine."""
SERIES = re.compile(r"--series-([1-8]):\s*light-dark\((#[0-9a-f]{6})")
TOKEN = re.compile(r"--brand-(accent|heading):\s*([^;]+);")


@dataclass(frozen=True)
class Stationery:
    accent: str
    band: str
    """Behind the logo, which is made for the bar on top of the pages."""
    heading: str
    logo: str
    """SVG; empty where the broker's name stands in its place."""


def stationery_of(house: House, chosen: str | None = None) -> Stationery:
    """The paper of a broker, with nothing on it that is another's; `chosen` is a theme in place of his."""
    name = chosen or house.theme
    if name == OWN and house.own_theme:
        tokens = tokens_of(house.own_theme)
        tones = roles_of(tokens, is_dark=False)
        paper = Stationery(tones["accent"], tones["surface"], _family(HEADINGS[tokens.heading][1]), "")
    else:
        theme = themes_for(house.slug).get(name) or themes()[FALLBACK]
        paper = stationery(theme)
        if theme.house not in (None, house.slug):
            paper = replace(paper, logo="")
    if house.logo is None:
        return paper
    is_dark = contrast(paper.band, WHITE) > contrast(paper.band, "#000000")
    # A logo that was drawn for light grounds only gets one.
    band = WHITE if is_dark and house.logo_dark is None else paper.band
    logo = house.logo_dark if is_dark and house.logo_dark else house.logo
    return replace(paper, band=band, logo=_picture(house.tenant_id, logo))


@cache
def stationery(theme: Theme) -> Stationery:
    tokens = dict(TOKEN.findall(_text(theme.css)))
    logo = _text(theme.logo_light) if theme.logo_light else ""
    return Stationery(tokens["accent"], theme.bar_light, _family(tokens["heading"]), logo)


@lru_cache(maxsize=64)
def _picture(tenant_id: uuid.UUID, name: str) -> str:
    """A logo from storage within a drawing, as sheets take it."""
    storage = current_app.extensions["storage"] if has_app_context() else Storage(Settings.from_environment())
    data = b"".join(storage.read(tenant_id, name))
    width, height = struct.unpack(">II", data[16:24])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><image width="{width}" '
        f'height="{height}" href="data:image/png;base64,{base64.b64encode(data).decode()}"/></svg>'
    )


def series_of(house: House, chosen: str | None = None) -> list[str]:
    """The colours of a chart's marks on a broker's paper, or in a theme that is `chosen` in place of his."""
    return series_colours(themes_for(house.slug).get(chosen or house.theme))


@cache
def series_colours(theme: Theme | None) -> list[str]:
    """The colours of a chart's marks by day: the theme's own, else everybody's."""
    sheets = (STATIC / "css/tokens.css").read_text(), _text(theme.css) if theme else ""
    found = {int(number): colour for sheet in sheets for number, colour in SERIES.findall(sheet)}
    return [found[number] for number in sorted(found)]


def _text(url: str) -> str:
    file = served(url)
    assert file is not None
    return file.content.decode()


def _family(wish: str) -> str:
    """The first of a list of typefaces that we have."""
    names = (name.strip().strip("\"'") for name in wish.split(","))
    known = (GENERIC.get(name, name) for name in names)
    return next((name for name in known if name in families()), GENERIC["sans-serif"])
