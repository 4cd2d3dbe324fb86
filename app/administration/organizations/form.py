"""The form of an organization's settings, in the words of the configuration document."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from app.administration import forms
from app.administration.config.document import Links
from app.administration.config.state import Item
from app.core.errors import Unacceptable
from app.core.text import _
from app.home import layout

LINES = (
    "name",
    "parent",
    "starts_on",
    "ends_on",
    "document_profile",
    "profile_currency",
    "valuation",
    "theme",
    "home_view",
    "mailbox",
)
FLAGS = (
    "share_automatically", "reference_addresses", "case_sharing", "home_fixed", "caretakers_shown", "four_eyes_claims",
)  # fmt: skip
LISTS = (
    "states",
    "lines_of_business",
    "contract_types",
    "mandates",
    "whole_mandates",
    "corporate_groups",
    "intermediaries",
    "claim_types",
)
LINKS = tuple(Links().fields)
WORDS = (*LINES, *FLAGS, *LISTS, "home_tiles", "include_claims", "claims", "objects", "links")
"""The settings that stand in the form. Its long lists have pages of their own."""


def told(form: MultiDict[str, str], item: Item) -> Item:
    """What somebody typed and ticked. `item` is what is there: of the objects the form says only whether all are meant."""
    said: Item = {word: " ".join(form.get(word, "").split()) or None for word in LINES}
    said["name"] = said["name"] or ""
    said["profile_currency"] = said["profile_currency"] and said["profile_currency"].upper()
    said |= {word: word in form for word in FLAGS}
    said |= {word: [one for one in form.getlist(word) if one.strip()] for word in LISTS}
    said["home_tiles"] = layout.moved(form.getlist("home_tiles"), form.get("move", ""))
    said["claims"] = "members" if form.get("claims") == "members" else "all"
    said["include_claims"] = form.get("claims") in ("members", "all")
    chosen = item["objects"] if item["objects"] != "all" else []
    said["objects"] = chosen if form.get("objects") == "selected" else "all"
    said["links"] = forms.links(form, LINKS)
    return said


def labels() -> dict[str, str]:
    """Fields that the form calls otherwise than the change history does."""
    return {
        "name": _("Organisation name"),
        "starts_on": _("First day of access"),
        "ends_on": _("Last day of access"),
    }


def errors_of(refused: Unacceptable, key: str) -> dict[str, str]:
    """What was refused of an organization, by the control it stands beside."""
    return forms.errors_of(refused.problems, f"organizations[{key}]")


def error_of(refused: Unacceptable, key: str) -> str:
    """The first of it, where all controls are one."""
    return next(iter(errors_of(refused, key).values()))
