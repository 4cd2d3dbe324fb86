"""Logos of the demonstration's organizations: a mark and a word, drawn when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from unicodedata import combining, normalize

from PIL import Image, ImageDraw, ImageFont

HEIGHT = 160
"""Pixels."""


def draw_logos(logos: Mapping[str, tuple[str, str]], folder: Path) -> dict[str, str]:
    """A PNG per organization in the folder, from its words and colour; the file names by organization."""
    names = {}
    for number, (organization, (words, colour)) in enumerate(logos.items()):
        names[organization] = f"{organization}.png"
        _draw(plain(words), colour, number).save(folder / names[organization])
    return names


def plain(words: str) -> str:
    """Without accents: the font that comes with Pillow knows no others than the plain letters."""
    return "".join(letter for letter in normalize("NFD", words) if not combining(letter))


def _draw(words: str, colour: str, shape: int) -> Image.Image:
    font = ImageFont.load_default(size=92)
    width = int(font.getlength(words)) + HEIGHT + 60
    picture = Image.new("RGBA", (width, HEIGHT), "#ffffff00")
    pen = ImageDraw.Draw(picture)
    size = HEIGHT - 40
    if shape % 3 == 0:
        for bar in range(3):
            pen.rectangle((20 + bar * 42, 20 + bar * 30, 50 + bar * 42, 20 + size), fill=colour)
    elif shape % 3 == 1:
        pen.polygon(((20, 20 + size), (20 + size // 2, 20), (20 + size, 20 + size)), fill=colour)
    else:
        pen.ellipse((20, 20, 20 + size, 20 + size), outline=colour, width=26)
    pen.text((HEIGHT + 20, HEIGHT // 2), words, fill=colour, font=font, anchor="lm")
    return picture
