"""What stands on every sheet besides its subject: the house, the client, the day, the numbers of the pages."""

from __future__ import annotations

from typing import Any

from app.core.formats import formats_for
from app.core.text import _, language
from app.shell.stationery import stationery_of
from permissions import Viewer
from tenants.directory import House


def letterhead(person: Viewer, house: House, title: str, *, kind: str = "", sub: str = "") -> dict[str, Any]:
    """The part of what is told to a template that all have: the house's paper, a title and words about it."""
    paper = stationery_of(house, person.organization_theme)
    day = formats_for(language()).day_long(person.today)
    return {
        "letterhead": {
            "name": house.name,
            "organization": person.organization_name,
            "language": language(),
            "accent": paper.accent,
            "band": paper.band,
            "heading": paper.heading,
            "logo": paper.logo,
            "lines": [*filter(None, [person.organization_name or house.name]), _("As at {date}", date=day)],
            # typst puts the numbers in.
            "page": _("Page {n} of {total}", n="{n}", total="{total}"),
            "currency-first": language() == "en",
        },
        "kind": kind,
        "title": title,
        "sub": sub,
    }
