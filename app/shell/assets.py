"""Static files by name and content hash, the icon sprite, and the themes found on disk."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
THEMES = Path(__file__).resolve().parents[2] / "themes"
PREFIX = "/static/"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
}


# One request instead of ten; later files win, see the order of layers at the top of tokens.css.
BUNDLES = {
    "portico.css": [
        f"css/{part}.css"
        for part in (
            "tokens", "frame", "controls", "tables", "forms", "lists", "tiles", "narrow", "pages", "faces", "print",
        )
    ]
}  # fmt: skip


@dataclass(frozen=True)
class Asset:
    """One file as the browser gets it. The address changes with the content, so it may be kept for ever."""

    name: str
    url: str
    media_type: str
    content: bytes = field(repr=False)

    @cached_property
    def packed(self) -> bytes | None:
        """The content as gzip, a fifth of what a style sheet weighs; nothing for pictures, which are packed already."""
        if self.media_type == MEDIA_TYPES[".png"]:
            return None
        return gzip.compress(self.content, mtime=0)


@dataclass(frozen=True)
class Theme:
    """A house's face, read from `themes/<name>/theme.toml`; every address in it is ready to be linked."""

    name: str
    title: str
    color_scheme: str
    """What the house offers: `light dark`, `light` or `dark`."""
    css: str
    logo_light: str | None
    """Nothing where the broker is shown by his name."""
    logo_dark: str | None
    """The logo for a dark page; the same file as the light one where the bar is dark by day too."""
    icon: str
    bar_light: str
    """Colour of the browser's own frame by day, and below by night."""
    bar_dark: str
    sample: str = ""
    """The style sheet for a part of a page that shows what this theme is like."""
    house: str | None = None
    """The short name of the broker whose package this is: its logo and icon are his alone."""
    is_shared: bool = True
    """Whether other brokers may choose it, too."""
    has_plate: bool = False
    """Whether the logo was drawn for light grounds only, and gets one on dark ones."""


@cache
def assets() -> dict[str, Asset]:
    """Every file that may be served, by name: `portico.js`, `themes/hanse/theme.css`."""
    found = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*")}
    found |= {path.relative_to(THEMES.parent).as_posix(): path for path in THEMES.glob("*/*")}
    contents = {name: path.read_bytes() for name, path in sorted(found.items()) if path.suffix in MEDIA_TYPES}
    for name, parts in BUNDLES.items():
        contents[name] = b"".join(contents.pop(part) for part in parts)
    everywhere = contents["portico.css"].decode()
    for name in [one for one in contents if one.startswith("themes/") and one.endswith(".css")]:
        contents[name.replace(".css", ".sample.css")] = sample_of(
            name.split("/")[1], everywhere, contents[name].decode()
        ).encode()
    return {name: _asset(name, content) for name, content in contents.items()}


def sample_of(face: str, everywhere: str, sheet: str) -> str:
    """A theme's tokens for one part of a page, `data-face`, so that a page of one theme can show what another is like.
    What derives from tokens is derived anew there: it would be inherited as it came out for the page."""
    own = "".join(ROOT.findall(sheet))
    all_tokens = "".join(
        ROOT.findall(everywhere.partition("@layer tokens {")[2].partition("@layer base {")[0])
    )
    kept = all_tokens.replace("color-scheme: light dark;", "")
    kept += "".join(f"--{name}: initial; " for name in UNSET)
    return f'@layer theme {{\n  [data-face="{face}"] {{{kept}{own}}}\n}}\n'


UNSET = ("bar-scheme", "card-edge", "card-inset", "nav-mark-color")
"""What only some themes set: on a page of one of these the others go without."""
ROOT = re.compile(r"^  :root \{(.*?)^  \}", re.M | re.S)
"""The block of a style sheet that sets tokens for the whole page."""


def asset(name: str) -> str:
    """The address of a static file, with the hash of its content. An unknown name is a KeyError."""
    return assets()[name].url


@cache
def _by_url() -> dict[str, Asset]:
    return {found.url: found for found in assets().values()}


def served(url: str) -> Asset | None:
    """The file behind an address that `asset` gave out; nothing for any other, outdated hashes included."""
    return _by_url().get(url)


@cache
def themes() -> dict[str, Theme]:
    """The themes on disk, by the name of their folder."""
    return {path.parent.name: _theme(path) for path in sorted(THEMES.glob("*/theme.toml"))}


def themes_for(house: str) -> dict[str, Theme]:
    """Those a broker may choose: all that are shared, and his own package."""
    return {name: theme for name, theme in themes().items() if theme.is_shared or theme.house == house}


def is_open_to(found: Asset, house: str) -> bool:
    """Whether a broker's host serves this file: of another's package at most the style sheets, never logo and icon."""
    folder, _slash, rest = found.name.partition("/")
    theme = themes().get(rest.partition("/")[0]) if folder == "themes" else None
    if theme is None or theme.house in (None, house):
        return True
    return theme.is_shared and found.url not in (theme.logo_light, theme.logo_dark, theme.icon)


@cache
def icon(name: str, size: str = "") -> Markup:
    """An icon of the sprite, silent for screen readers; `size="lg"` is the large one. Unknown: KeyError."""
    if name not in icon_names():
        raise KeyError(name)
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        f"ic {size}".strip(), asset("icons.svg"), name
    )


@cache
def icon_names() -> frozenset[str]:
    """The icons the sprite holds."""
    return frozenset(re.findall(r'<symbol id="i-([a-z]+)"', assets()["icons.svg"].content.decode()))


def _asset(name: str, content: bytes) -> Asset:
    stem, suffix = name.rsplit(".", 1)
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(name, f"{PREFIX}{stem}.{digest}.{suffix}", MEDIA_TYPES[f".{suffix}"], content)


def _theme(path: Path) -> Theme:
    name = path.parent.name
    told = tomllib.loads(path.read_text("utf-8"))

    def file(key: str) -> str:
        return asset(f"themes/{name}/{told[key]}")

    return Theme(
        name=name,
        title=told["title"],
        color_scheme=told["color-scheme"],
        css=file("css"),
        logo_light=file("logo-light"),
        logo_dark=file("logo-dark"),
        icon=file("icon"),
        bar_light=told["bar-light"],
        bar_dark=told["bar-dark"],
        sample=asset(f"themes/{name}/{told['css'].removesuffix('.css')}.sample.css"),
        house=told.get("house"),
        is_shared=told.get("shared", True),
    )


TEMPLATE_GLOBALS = {"asset": asset, "icon": icon}
"""What the templates call by name, besides the words of `app.core.text`."""
