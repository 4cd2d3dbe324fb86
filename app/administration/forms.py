"""What the desk's forms over the configuration document do alike: two people who use one at once, and what was refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.administration.audit.facts import in_words
from app.administration.audit.fields import label_of
from app.administration.config.settling import ORDERED
from app.administration.config.state import Item
from app.core.db import transaction
from app.core.errors import Unacceptable
from app.core.text import LazyText, _
from tenants import visibility

LONGEST_NUMBER = 8
"""Digits of the longest number that is read; no setting takes a longer one."""


def undisturbed() -> None:
    """From here on nobody else changes anything of the broker: for what writes back a whole list it reads, so that
    nothing comes back that was taken away meanwhile."""
    visibility.lock(transaction())


@dataclass(frozen=True)
class Clash:
    """A setting that somebody else changed meanwhile, too."""

    word: str
    saved: Any
    typed: Any


def changed(was: Item, said: Item) -> Item:
    """What the person changed, of all that the form says."""
    return {word: value for word, value in said.items() if _plain(word, value) != _plain(word, was.get(word))}


def clashes(was: Item, there: Item, said: Item) -> list[Clash]:
    """What both changed since the form was opened, each to something else."""
    return [
        Clash(word, there[word], value)
        for word, value in changed(was, said).items()
        if _plain(word, there[word]) != _plain(word, was.get(word))
        and _plain(word, there[word]) != _plain(word, value)
    ]


def compared(clashes: Sequence[Clash]) -> list[tuple[str, ...]]:
    """Of each the setting, what it is called, and both versions in words (administration/_clashes.html)."""
    return [
        (clash.word, label_of(clash.word), *(in_words(clash.word, one) for one in _apart(clash)))
        for clash in clashes
    ]


def _apart(clash: Clash) -> tuple[Any, Any]:
    """Both versions; of a setting with parts those that differ, in one order."""
    saved, typed = clash.saved, clash.typed
    if not (isinstance(saved, dict) and isinstance(typed, dict)):
        return saved, typed
    parts = [part for part in typed | saved if (saved.get(part) or None) != (typed.get(part) or None)]
    return {part: saved.get(part) for part in parts}, {part: typed.get(part) for part in parts}


def sealed(item: Item, words: Sequence[str]) -> str:
    """What the form was filled with, carried along in it."""
    return orjson.dumps({word: item[word] for word in words}, option=orjson.OPT_SORT_KEYS).decode()


def opened(sealed: str, words: Sequence[str]) -> Item:
    """Unacceptable where the form brings no such thing back."""
    try:
        was = orjson.loads(sealed)
    except orjson.JSONDecodeError:
        was = None
    if not isinstance(was, dict) or set(was) != set(words):
        raise Unacceptable({"form": _("This form is not complete. Open the page again and repeat it.")})
    return was


def _plain(word: str, value: Any) -> Any:
    return sorted(value) if isinstance(value, list) and word not in ORDERED else value


def links(form: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    said = {word: form.get(f"links.{word}", "").strip() for word in words}
    return {word: address for word, address in said.items() if address}


def whole_number(typed: str) -> int | str:
    """The number, or what was typed where it is none, to be refused and shown again."""
    typed = typed.strip()
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= LONGEST_NUMBER
    return int(typed) if is_number else typed


def labels_of(errors: Mapping[str, str]) -> dict[str, str]:
    """What the settings are called that something is wrong with; for the summary above a form."""
    found = {place: label_of(place.partition(".")[0]) for place in errors}
    return {place: label for place, label in found.items() if label != place.partition(".")[0]}


def errors_of(problems: Mapping[str, str | LazyText], of: str, group: str = "") -> dict[str, str]:
    """What is wrong, by the control it stands beside: the setting within `of`, such as `tenant`. Each own link has a
    control, and so has each part of `group`. What is about no setting goes by `form`."""
    found: dict[str, str] = {}
    for place, sentence in problems.items():
        inside = place.removeprefix(of).lstrip(".").removeprefix(f"{group}.")
        control = inside if inside.startswith("links.") else re.split(r"[.\[]", inside)[0]
        found.setdefault(control or "form", str(sentence))
    return found
