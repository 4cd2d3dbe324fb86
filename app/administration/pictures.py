"""Logos that come by a form: made clean, and told to the configuration by the name they get in storage."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage

from app.administration.config.logos import BadPicture, clean_logo, storage_name
from app.administration.config.state import STORED
from app.core.text import _


def uploaded(file: FileStorage | None) -> tuple[str, dict[str, bytes]]:
    """The setting's new value, and the picture to be stored. BadPicture."""
    if file is None or not file.filename:
        raise BadPicture(_("Choose a picture first."))
    picture = clean_logo(file.stream)
    name = storage_name(picture)
    return STORED + name, {name: picture}
