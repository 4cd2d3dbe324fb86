"""How a fault is planted: a piece of SQL is exchanged in the running program, and must be there to be exchanged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from tenants import arrangement
from tests.visibility import portal

Planted = Callable[[], AbstractContextManager[Any]]
Story = Callable[[Any], None]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, in words, how, and the story in which somebody then sees too much or too little."""

    name: str
    planted: Planted
    story: Story


def written(text: str, old: str, new: str) -> str:
    assert old in text, f"not there any more: {old}"
    return text.replace(old, new)


def said(place: Any, name: str, old: str, new: str = "true") -> Planted:
    """Says something else at one place: of a module, or of a dictionary of statements."""
    if isinstance(place, dict):
        return lambda: mock.patch.dict(place, {name: written(place[name], old, new)})
    return lambda: mock.patch.object(place, name, written(getattr(place, name), old, new))


def branch(place: dict[str, str], name: str, word: str) -> Planted:
    """Leaves out the one part of a union that has this word."""
    parts = place[name].split("union")
    kept = [part for part in parts if word not in part]
    assert len(kept) == len(parts) - 1, f"not one part of {name} with {word}"
    return lambda: mock.patch.dict(place, {name: "union".join(kept).removeprefix(" all") or None})


def step(word: str, old: str = "", new: str = "true") -> Planted:
    """Leaves out the one step of those that make scopes that begins like this, or says something else in it."""
    steps = [step.strip() for step in arrangement.MAKE]
    assert len([step for step in steps if step.startswith(word)]) == 1, (
        f"not one step that begins with {word}"
    )
    made = [written(step, old, new) if old and step.startswith(word) else step for step in steps]
    kept = [step for step in made if old or not step.startswith(word)]
    return lambda: mock.patch.object(arrangement, "MAKE", tuple(kept))


def asked(how: str, old: str, new: str = "true") -> Planted:
    """Asks another question for a manner of looking."""
    everything = portal.everything

    def planted() -> AbstractContextManager[Any]:
        other = written(everything(how), old, new)
        return mock.patch.object(
            portal, "everything", lambda manner: other if manner == how else everything(manner)
        )

    return planted
