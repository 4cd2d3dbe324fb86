"""Collecting the texts of the code into the catalogues, and telling what is not translated yet."""

from __future__ import annotations

import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.core.text import CATALOGUES, LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
SOURCE_LANGUAGE = "en"
FOLDERS = ("app", "tenants", "permissions", "themes")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
JINJA = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "_p": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
}


def texts() -> Catalog:
    """Every text in the code, with where it stands."""
    found = Catalog(domain="portico", charset="utf-8")
    for folder in FOLDERS:
        for name, _line, message, _comments, context in extract_from_dir(
            str(ROOT / folder), METHODS, JINJA, keywords=KEYWORDS
        ):
            found.add(message, locations=[(f"{folder}/{name}", 0)], context=context)
    return found


def path_of(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "portico.po"


def translated_languages() -> list[str]:
    return [code for code in LANGUAGES if code != SOURCE_LANGUAGE]


def catalogue_of(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, domain="portico", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=language, domain="portico")


def collect() -> dict[str, int]:
    """Bring every catalogue up to the code: new texts come in empty, unused ones go. Returns how many are empty."""
    current = texts()
    empty = {}
    for language in translated_languages():
        old = catalogue_of(language)
        new = Catalog(locale=language, domain="portico", charset="utf-8")
        for message in sorted((m for m in current if m.id), key=lambda m: (str(m.id), m.context or "")):
            known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            new.add(
                message.id,
                known.string if known else "",
                locations=message.locations,
                context=message.context,
            )
        write(language, new)
        empty[language] = sum(1 for _ in untranslated(new))
    return empty


def write(language: str, catalogue: Catalog) -> None:
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        # Without the header of dates and addresses, which would change with every run and tell nobody anything.
        write_po(target, catalogue, width=110, omit_header=True, no_location=True, ignore_obsolete=True)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    for message in catalogue:
        if message.id and not all(
            message.string if isinstance(message.string, tuple | list) else [message.string]
        ):
            yield message


def placeholders(text: str) -> set[str]:
    """The names a text fills in, such as `{name}`."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
