"""What a profile grants by itself and through those it inherits from, and which of them grants what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.administration.profiles.parts import HIDE, RANKS
from permissions.catalogue import catalogue
from permissions.editing import ProfileText

Profiles = Mapping[str, ProfileText]


class Inherited(NamedTuple):
    """The furthest level that comes from others, and the keys of the profiles whose own rule it is."""

    level: str = HIDE
    granted_by: tuple[str, ...] = ()


def chain(profiles: Profiles, key: str) -> list[str]:
    """The profile and all it inherits from, the nearest first."""
    found = [key]
    for one in found:
        found += [parent for parent in profiles[one].inherits if parent in profiles and parent not in found]
    return found


def inherited(profiles: Profiles, key: str) -> dict[str, Inherited]:
    """What a profile would grant without any rule of its own, by subject."""
    found: dict[str, Inherited] = {}
    for one in chain(profiles, key)[1:]:
        for subject, level in known_rules(profiles[one]).items():
            before = found.get(subject, Inherited())
            if RANKS[level] > RANKS[before.level]:
                found[subject] = Inherited(level, (one,))
            elif level == before.level:
                found[subject] = Inherited(level, (*before.granted_by, one))
    return found


def granted(profiles: Profiles, key: str) -> dict[str, str]:
    """What a profile grants, by subject: the same answer as Casbin's."""
    found = {subject: one.level for subject, one in inherited(profiles, key).items()}
    for subject, level in known_rules(profiles[key]).items():
        if RANKS[level] > RANKS[found.get(subject, HIDE)]:
            found[subject] = level
    return found


def known_rules(profile: ProfileText) -> dict[str, str]:
    """A profile's own rules; what is no longer in the catalogue is left out."""
    actions = dict(catalogue.subjects())
    return {
        subject: action for subject, action in profile.rules.items() if action in actions.get(subject, ())
    }
