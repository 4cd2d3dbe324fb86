"""What of a house's theme stands on paper: its colours, its typeface for headings, its logo."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from app.core.typeset import families
from app.shell.assets import STATIC, Theme, served

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
    """SVG."""


@cache
def stationery(theme: Theme) -> Stationery:
    tokens = dict(TOKEN.findall(_text(theme.css)))
    return Stationery(tokens["accent"], theme.bar_light, _family(tokens["heading"]), _text(theme.logo_light))


@cache
def series_colours(theme: Theme) -> list[str]:
    """The colours of a chart's marks by day: the theme's own, else everybody's."""
    sheets = (STATIC / "css/tokens.css").read_text(), _text(theme.css)
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
