"""The forms of the branding page, in the words of the configuration document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.administration.config.document import Links
from app.administration.config.state import Item
from app.core.text import LazyText
from app.shell.own_theme import Tokens

LINKS = tuple(Links().fields)
NUMBERS = ("radius", "density")
FACE = {"theme", "own_theme", "logo", "logo_dark", "links", "terms_version", "terms_required"}
"""The settings of a broker that stand on the page."""


def own_theme(form: Mapping[str, str]) -> Item:
    """The answers as typed; a number that is none stays what it is, to be refused and shown again."""
    said: Item = {word: form.get(word, "").strip() for word in Tokens._fields}
    return {word: _number(value) if word in NUMBERS else value for word, value in said.items()}


def _number(typed: str) -> Any:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else typed


def links(form: Mapping[str, str]) -> dict[str, str]:
    said = {word: form.get(f"links.{word}", "").strip() for word in LINKS}
    return {word: address for word, address in said.items() if address}


def terms(form: Mapping[str, str]) -> Item:
    return {
        "terms_version": " ".join(form.get("terms_version", "").split()) or None,
        "terms_required": "terms_required" in form,
    }


def errors_of(problems: Mapping[str, str | LazyText]) -> dict[str, str]:
    """What is wrong, by the control it stands beside."""
    return {
        place.removeprefix("tenant.").removeprefix("own_theme."): str(sentence)
        for place, sentence in problems.items()
    }
