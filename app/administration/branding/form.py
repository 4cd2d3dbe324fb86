"""The forms of the branding page, in the words of the configuration document."""

from __future__ import annotations

from collections.abc import Mapping

from app.administration import forms
from app.administration.config.document import Links
from app.administration.config.state import Item
from app.shell.own_theme import Tokens

LINKS = tuple(Links().fields)
NUMBERS = ("radius", "density")
FACE = {"theme", "own_theme", "logo", "logo_dark", "links", "terms_version", "terms_required"}
"""The settings of a broker that stand on the page."""


def own_theme(form: Mapping[str, str]) -> Item:
    """The answers as typed; a number that is none stays what it is, to be refused and shown again."""
    said: Item = {word: form.get(word, "").strip() for word in Tokens._fields}
    return {word: forms.whole_number(value) if word in NUMBERS else value for word, value in said.items()}


def terms(form: Mapping[str, str]) -> Item:
    return {
        "terms_version": " ".join(form.get("terms_version", "").split()) or None,
        "terms_required": "terms_required" in form,
    }
