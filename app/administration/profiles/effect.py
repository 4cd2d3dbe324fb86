"""Who gains and who loses what when a profile changes, its heirs included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from app.administration.profiles.grants import Profiles, chain, granted, seen
from app.administration.profiles.parts import HIDE, RANKS, Part, said

Holders = dict[str, list[tuple[str | None, int]]]


class Line(NamedTuple):
    """One right that changes: which, where it stands, from what, to what."""

    label: str
    part: str
    before: str
    after: str


@dataclass(frozen=True)
class Effect:
    """What happens to those who have one profile."""

    name: str
    is_heir: bool
    holders: list[tuple[str | None, int]]
    gains: list[Line]
    losses: list[Line]

    @property
    def people(self) -> int:
        return sum(people for _organization, people in self.holders)


def effects(
    before: Profiles, after: Profiles, changed: str, holders: Holders, parts: list[Part]
) -> list[Effect]:
    """What changes for whom: first for the profile itself, then for those that inherit from it, by name."""
    found = []
    heirs = [key for key in after if changed in chain(after, key)]
    for key in sorted(heirs, key=lambda one: (one != changed, after[one].name)):
        was, now = seen(granted(before, key)), seen(granted(after, key))
        gains: list[Line] = []
        losses: list[Line] = []
        for part in parts:
            for right in part.rights:
                old, new = was.get(right.subject, HIDE), now.get(right.subject, HIDE)
                if old != new:
                    line = Line(right.label, part.title, said(old, right.subject), said(new, right.subject))
                    (gains if RANKS[new] > RANKS[old] else losses).append(line)
        if gains or losses:
            found.append(Effect(after[key].name, key != changed, holders.get(key, []), gains, losses))
    return found
