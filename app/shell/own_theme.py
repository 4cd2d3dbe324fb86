"""A broker's own theme: five answers of which every tone is derived, as the style sheet `tokens.css` derives them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from app.core.text import LazyText, _l
from app.shell.colours import Oklch, contrast, mixed, oklch_of, shown

OWN = "own"
"""How the theme of these answers is called where others have the name of a folder."""
HEADINGS: dict[str, tuple[LazyText, str]] = {
    "text": (_l("Like the text"), "Inter, system-ui, sans-serif"),
    "plain": (_l("Sans serif, plain"), '"Helvetica Neue", Inter, Arial, sans-serif'),
    "round": (_l("Sans serif, round"), '"Avenir Next", "Nunito Sans", Inter, system-ui, sans-serif'),
    "book": (_l("Serif, bookish"), '"Source Serif 4", "Source Serif Pro", Charter, "Noto Serif", Georgia, serif'),
    "classic": (_l("Serif, classical"), 'Georgia, "Times New Roman", "Noto Serif", serif'),
    "slab": (_l("Serif, strong"), 'Rockwell, "Roboto Slab", "Noto Serif", Georgia, serif'),
}  # fmt: skip
"""Typefaces to choose from: each list ends with what every machine has."""
LARGEST_RADIUS = 16
DENSITIES = range(70, 101)
"""Per cent: 100 is comfortable, 70 compact."""
TEXT, MARK = 4.5, 3.0
"""The lowest contrast WCAG 2.2 AA allows, of text and of marks."""


class Tokens(NamedTuple):
    """The answers, checked. Nothing else ever gets into a style sheet."""

    accent: str
    tint: str
    heading: str
    radius: int
    density: int


FIRST = Tokens("#24567f", "#64748b", "text", 6, 100)
"""What the form begins with: the answers of `tokens.css` itself."""


def tokens_of(told: dict[str, Any]) -> Tokens:
    """The answers as the configuration keeps them."""
    return Tokens(**{word: told[word] for word in Tokens._fields})


SHEET = """@layer theme {{
  :root {{
    --brand-accent: {accent}; --brand-tint: {tint}; --brand-heading: {heading};
    --brand-radius: {radius}px; --brand-density: {density};
  }}
}}
"""


def sheet_of(tokens: Tokens) -> str:
    """The style sheet of an own theme."""
    told = tokens._asdict() | {
        "heading": HEADINGS[tokens.heading][1],
        "density": f"{tokens.density / 100:.2f}",
    }
    return SHEET.format(**told)


@dataclass(frozen=True)
class Weak:
    """A contrast below what can be read."""

    word: str
    """The answer it comes from."""
    role: str
    ground: str
    is_dark: bool
    ratio: float
    least: float


PAIRS = [
    ("accent", "accent-text", "accent", TEXT),
    ("accent", "accent-text", "accent-hover", TEXT),
    ("accent", "link", "page", TEXT),
    ("accent", "link", "surface", TEXT),
    ("accent", "nav-now-text", "accent-soft", TEXT),
    ("accent", "text", "accent-soft", TEXT),
    ("tint", "text", "page", TEXT),
    ("tint", "muted", "page", TEXT),
    ("tint", "muted", "sunken", TEXT),
    ("accent", "focus", "page", MARK),
    ("accent", "focus", "surface", MARK),
    ("tint", "line-strong", "page", MARK),
    ("tint", "line-strong", "surface", MARK),
]
"""What has to stand out from what, and which answer decides it."""


def weak_places(tokens: Tokens) -> list[Weak]:
    """Where text or marks of this theme could not be read, by day and by night."""
    found = []
    for is_dark in (False, True):
        roles = roles_of(tokens, is_dark)
        for word, role, ground, least in PAIRS:
            ratio = contrast(roles[role], roles[ground])
            if ratio < least:
                found.append(Weak(word, role, ground, is_dark, ratio, least))
    return found


def roles_of(tokens: Tokens, is_dark: bool) -> dict[str, str]:
    """The tones that `tokens.css` derives, as a screen shows them."""
    return (_dark if is_dark else _light)(tokens.accent, tokens.tint)


def _light(accent: str, tint: str) -> dict[str, str]:
    of_accent, of_tint = oklch_of(accent), oklch_of(tint)
    lightness = min(of_accent.lightness, 0.5)
    main = _tone(of_accent, lightness)
    return {
        "page": mixed(tint, 0.06),
        "surface": "#ffffff",
        "sunken": mixed(tint, 0.08),
        "text": _tone(of_tint, 0.23, most=0.03),
        "muted": _tone(of_tint, 0.475, most=0.03),
        "line-strong": _tone(of_tint, 0.62, most=0.03),
        "accent": main,
        "accent-hover": _tone(of_accent, lightness - 0.06),
        "accent-text": "#ffffff",
        "accent-soft": mixed(accent, 0.09),
        "link": main,
        "nav-now-text": main,
        "focus": _tone(of_accent, lightness, least=0.12),
    }


def _dark(accent: str, tint: str) -> dict[str, str]:
    of_accent, of_tint = oklch_of(accent), oklch_of(tint)
    main = _tone(of_accent, min(max(0.76, of_accent.lightness), 0.86), most=0.12)
    return {
        "page": _tone(of_tint, 0.17, most=0.014),
        "surface": _tone(of_tint, 0.21, most=0.016),
        "sunken": _tone(of_tint, 0.18, most=0.014),
        "text": _tone(of_tint, 0.94, most=0.012),
        "muted": _tone(of_tint, 0.745, most=0.02),
        "line-strong": _tone(of_tint, 0.56, most=0.03),
        "accent": main,
        "accent-hover": _tone(of_accent, 0.86, most=0.1),
        "accent-text": _tone(of_accent, 0.2, most=0.04),
        "accent-soft": _tone(of_accent, 0.29, most=0.034),
        "link": main,
        "nav-now-text": main,
        "focus": _tone(of_accent, 0.82, least=0.1),
    }


def _tone(of: Oklch, lightness: float, *, most: float = 1.0, least: float = 0.0) -> str:
    return shown(Oklch(lightness, max(min(of.chroma, most), least), of.hue))
