"""The broker's own words to his clients, in up to four languages: which of them a reader gets, and how they are shown.

They are plain text: what stands between empty lines is a paragraph, and addresses that begin with https:// are links.
Nothing else in them means anything, so whatever is typed is shown as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from app.core.text import LANGUAGES, _
from app.core.web import is_clean

Words = Mapping[str, Mapping[str, str]]
"""By language: `title`, and `text` if there is any. A language without a title is not there."""

LONGEST_TITLE, LONGEST_TEXT = 150, 5000
PARTS = {"title": LONGEST_TITLE, "text": LONGEST_TEXT}
LINK = re.compile(r"https://[\w.-]+\.[^\s<>\"„“”«»]+")
AFTER_A_LINK = ".,;:!?)]’'"
"""What ends a sentence and not the address in it."""
LINK_MARKUP = Markup('<a href="{address}" rel="noopener">{address}</a>')


@dataclass(frozen=True)
class Spoken:
    """What one reader gets."""

    language: str
    title: str
    paragraphs: tuple[Markup, ...]


def language_for(words: Words, wish: str, of_house: str) -> str | None:
    """The language a reader gets: his own; else the broker's; else the first of the portal's that there is."""
    return next((code for code in (wish, of_house, *LANGUAGES) if code in words), None)


def spoken(words: Words, wish: str, of_house: str) -> Spoken | None:
    """The words for a reader; None where there are none in any language."""
    code = language_for(words, wish, of_house)
    if code is None:
        return None
    return Spoken(code, words[code]["title"], paragraphs(words[code].get("text", "")))


def paragraphs(text: str) -> tuple[Markup, ...]:
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(Markup("<br>").join(map(_linked, part.split("\n"))) for part in parts if part)


def _linked(line: str) -> Markup:
    said, end = Markup(""), 0
    for found in LINK.finditer(line):
        address = found[0].rstrip(AFTER_A_LINK)
        said += escape(line[end : found.start()]) + LINK_MARKUP.format(address=address)
        end = found.start() + len(address)
    return said + escape(line[end:])


def tidy(part: str, typed: str) -> str:
    """As it is kept: a title in one line, a text with its lines as they were."""
    if part == "title":
        return " ".join(typed.split())
    return "\n".join(line.rstrip() for line in typed.replace("\r\n", "\n").split("\n")).strip()


def checked(typed: Words) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """The words to be kept, and what is wrong with them by its place, such as `de.title`."""
    words: dict[str, dict[str, str]] = {}
    problems: dict[str, str] = {}
    for code in (code for code in LANGUAGES if code in typed):
        said = {part: tidy(part, typed[code].get(part, "")) for part in PARTS}
        for part, limit in PARTS.items():
            if len(said[part]) > limit:
                problems[f"{code}.{part}"] = _("At most {limit} characters.", limit=limit)
            elif not is_clean(said[part]):
                problems[f"{code}.{part}"] = _("This text holds characters that cannot be stored.")
        if said["text"] and not said["title"]:
            problems.setdefault(f"{code}.title", _("This text needs a title."))
        if any(said.values()):
            words[code] = {part: value for part, value in said.items() if value}
    return words, problems


def typed_in(form: Mapping[str, str], name: str) -> dict[str, dict[str, str]]:
    """What the fields of a form say (templates/_words.html)."""
    return {code: {part: form.get(f"{name}.{code}.{part}", "") for part in PARTS} for code in LANGUAGES}
