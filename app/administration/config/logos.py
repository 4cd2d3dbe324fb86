"""Logos of organizations: any picture becomes a clean PNG, and is stored under its checksum."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import IO

from PIL import Image, UnidentifiedImageError

from app.core.errors import Refusal
from app.core.text import _

HEIGHT = 512
WIDTH = 2048
"""A logo is shown a finger high; this is enough for print."""
LARGEST_FILE = 10 << 20
MOST_PIXELS = 40_000_000


class BadPicture(Refusal):
    """The file is no picture we take."""

    status = 422


def read_logo(path: Path) -> bytes:
    """The picture of a file. BadPicture."""
    try:
        with path.open("rb") as file:
            return clean_logo(file)
    except FileNotFoundError:
        raise BadPicture(_("There is no such file.")) from None
    except OSError:
        raise BadPicture(_("This is not a picture of the kind PNG, JPEG, WebP or GIF.")) from None


def clean_logo(file: IO[bytes]) -> bytes:
    """The picture as PNG, at most 512 pixels high, without anything a file may carry besides. BadPicture."""
    try:
        if file.seek(0, io.SEEK_END) > LARGEST_FILE:
            raise BadPicture(_("The file is larger than {limit} MB.", limit=LARGEST_FILE >> 20))
        file.seek(0)
        with Image.open(file, formats=("PNG", "JPEG", "WEBP", "GIF")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture(_("The picture has too many pixels."))
            clean = picture.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise BadPicture(_("This is not a picture of the kind PNG, JPEG, WebP or GIF.")) from None
    clean.thumbnail((WIDTH, HEIGHT))
    # A new picture, since the converted one still carries what the file said about itself.
    png = io.BytesIO()
    bare = Image.new("RGBA", clean.size)
    bare.paste(clean)
    bare.save(png, "PNG", optimize=True)
    return png.getvalue()


def storage_name(data: bytes) -> str:
    """What storage will call it: files are named by their checksum."""
    return hashlib.sha256(data).hexdigest()
