"""What only this kind of thing has, in words: the floor area of a building, the covers of a vehicle."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from app.core.formats import Formats, formats_for
from app.core.schema import Label
from app.core.text import _, labelled, language
from app.reports.source import SOURCES

FOREIGN = "gdv"
"""Under this name stands what has only the name that the GDV gave it: German in every language."""
NAME_ENDING = "_name"
"""What a code means stands beside it, under its name with this ending."""

_NUMBER = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,6}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LABELS: dict[str, Label] = {}

Fact = tuple[str, Markup]


@dataclass(frozen=True)
class Details:
    """What a record has, by headings: its own facts, then those of its parts, then those in German alone."""

    own: list[Fact]
    parts: list[tuple[str, list[Fact]]]
    foreign: list[Fact]


def fill(*labels: Mapping[str, Label]) -> None:
    """What the names are called; later ones win."""
    _LABELS.clear()
    for some in labels:
        _LABELS.update(some)


def name_of(name: str) -> str:
    """What a detail is called. An unknown one is shown as the broker's system names it."""
    known = _LABELS.get(name)
    return str(known) if known else name.replace("_", " ").capitalize()


def details_of(value: Mapping[str, Any]) -> Details:
    formats = formats_for(language())
    own: list[Fact] = []
    parts: list[tuple[str, list[Fact]]] = []
    foreign: list[Fact] = []
    for name, inner in value.items():
        if name == FOREIGN and isinstance(inner, Mapping):
            foreign = [(str(label), escape(_words(label, one, formats))) for label, one in inner.items()]
        elif isinstance(inner, list) and any(isinstance(one, Mapping) for one in inner):
            parts.append((name_of(name), list(_parts(inner, formats))))
        elif not _is_meaning(name, value):
            own.append((name_of(name), escape(_said(name, value, formats))))
    return Details(sorted(own), parts, sorted(foreign))


def _parts(entries: list[Any], formats: Formats) -> Iterator[Fact]:
    """One fact a part, numbered where its kind does not tell it apart; its own facts one a line."""
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, Mapping):
            yield str(number), escape(_words("", entry, formats))
            continue
        kind = "line_of_business" if "line_of_business" in entry else None
        lines = [
            escape(labelled(name_of(name), _said(name, entry, formats)))
            for name in entry
            if name not in (kind, FOREIGN) and not _is_meaning(name, entry)
        ]
        # Only its meaning is in the reader's language; the rest is German, and said to be.
        lines += [
            Markup('<span lang="de">{}</span>').format(labelled(label, _words(label, one, formats)))
            for label, one in (entry.get(FOREIGN) or {}).items()
        ]
        yield _said(kind, entry, formats) if kind else str(number), Markup("<br>").join(lines)


def _is_meaning(name: str, beside: Mapping[str, Any]) -> bool:
    return name.endswith(NAME_ENDING) and name.removesuffix(NAME_ENDING) in beside


def _said(name: str, beside: Mapping[str, Any], formats: Formats) -> str:
    """A value in words, a code by its meaning where that stands beside it."""
    meaning = beside.get(name + NAME_ENDING)
    return str(meaning) if meaning else _words(name, beside[name], formats)


def _words(name: str, value: Any, formats: Formats) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return " / ".join(_words(name, one, formats) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(
            labelled(name_of(inner), _words(inner, one, formats)) for inner, one in value.items()
        )
    if name == "line_of_business" and (contracts := SOURCES.get("contract")):
        return str(contracts.schema.field(name).words(str(value)))
    if isinstance(value, float):
        return formats.number(Decimal(str(value)))
    text = str(value)
    if _DAY.fullmatch(text):
        try:
            return formats.day(datetime.date.fromisoformat(text))
        except ValueError:
            return text
    if _NUMBER.fullmatch(text):
        return formats.number(Decimal(text), len(text.partition(".")[2]))
    return text
