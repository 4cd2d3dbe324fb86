"""Colours as style sheets reckon with them: sRGB, OKLab and OKLCH, mixing, and contrast as WCAG measures it."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}")
WHITE = "#ffffff"


class Oklch(NamedTuple):
    """Lightness 0 to 1, chroma from 0, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _parts(colour: str) -> tuple[float, float, float]:
    """The linear parts of `#rrggbb`."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _lab(colour: str) -> tuple[float, float, float]:
    # The matrices of CSS Color 4, which are Björn Ottosson's.
    r, g, b = _parts(colour)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _shown(lightness: float, a: float, b: float) -> str:
    """What a screen shows of it: each part cut off where sRGB ends, as browsers do."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * min(max(_gamma(part), 0.0), 1.0)):02x}" for part in linear)


def oklch_of(colour: str) -> Oklch:
    lightness, a, b = _lab(colour)
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def shown(colour: Oklch) -> str:
    """The colour a screen shows, as `#rrggbb`."""
    turn = math.radians(colour.hue)
    return _shown(colour.lightness, colour.chroma * math.cos(turn), colour.chroma * math.sin(turn))


def mixed(colour: str, share: float, other: str = WHITE) -> str:
    """`color-mix(in oklab, colour share, other)`."""
    mix = (share * one + (1 - share) * two for one, two in zip(_lab(colour), _lab(other), strict=True))
    return _shown(*mix)


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    red, green, blue = _parts(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
