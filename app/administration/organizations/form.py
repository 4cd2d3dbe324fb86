"""The form of an organization's settings, in the words of the configuration document; and two people who use it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from werkzeug.datastructures import MultiDict

from app.administration.config.document import Links
from app.administration.config.settling import ORDERED
from app.administration.config.state import NEW_ORGANIZATION, Item
from app.core.errors import Unacceptable
from app.core.text import _

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
FLAGS = ("share_automatically", "reference_addresses", "case_sharing", "home_fixed", "caretakers_shown")
LISTS = (
    "states",
    "lines_of_business",
    "contract_types",
    "mandates",
    "whole_mandates",
    "corporate_groups",
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
    said["home_tiles"] = moved(form.getlist("home_tiles"), form.get("move", ""))
    said["claims"] = "members" if form.get("claims") == "members" else "all"
    said["include_claims"] = form.get("claims") in ("members", "all")
    chosen = item["objects"] if item["objects"] != "all" else []
    said["objects"] = chosen if form.get("objects") == "selected" else "all"
    links = {word: form.get(f"links.{word}", "").strip() for word in LINKS}
    said["links"] = {word: address for word, address in links.items() if address}
    return said


def moved(keys: list[str], move: str) -> list[str]:
    """The ticked tiles in their order, one of them moved if a button says so."""
    key, _sign, way = move.rpartition("-")
    if key in keys:
        at = keys.index(key)
        to = min(max(at + (1 if way == "down" else -1), 0), len(keys) - 1)
        keys[at], keys[to] = keys[to], keys[at]
    return keys


def as_shown(item: Item, words: Sequence[str] = WORDS) -> Item:
    """The same words of what is there, to be compared with what is said."""
    return {word: item[word] for word in words}


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


def sealed(item: Item, words: Sequence[str] = WORDS) -> str:
    """What the form was filled with, carried along in it."""
    return orjson.dumps(as_shown(item, words), option=orjson.OPT_SORT_KEYS).decode()


def opened(sealed: str, words: Sequence[str] = WORDS) -> Item:
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


def errors_of(refused: Unacceptable, key: str) -> dict[str, str]:
    """What is wrong, by the control it stands beside."""
    found = {}
    for place, sentence in refused.problems.items():
        word = place.removeprefix(f"organizations[{key}]").lstrip(".")
        word = (
            word
            if word in NEW_ORGANIZATION or word.startswith("links.")
            else word.split("[")[0].split(".")[0]
        )
        found[word or "form"] = str(sentence)
    return found
