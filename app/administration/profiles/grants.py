"""What a profile grants by itself and through those it inherits from, and which of them grants what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.administration.profiles.parts import HIDE, RANKS
from app.core.text import labelled
from app.reports.columns import columns_of, tied_to
from app.reports.source import SOURCES
from permissions import Level, Rights
from permissions.catalogue import catalogue
from permissions.editing import ProfileText

Profiles = Mapping[str, ProfileText]
LEVELS = {"mask": Level.MASKED, "read": Level.READ, "edit": Level.EDIT}
ACTIONS = {level: action for action, level in LEVELS.items()}


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


def seen(grants: Mapping[str, str]) -> dict[str, str]:
    """What of these grants really shows: of a field only as far as that goes which is shown along with it."""
    levels = {subject: LEVELS[level] for subject, level in grants.items() if subject.startswith("field:")}
    fields = {(record, name): levels[f"field:{record}.{name}"] for record, name in map(_field, levels)}
    rights = Rights(frozenset(), frozenset(), fields)
    found = {subject: level for subject, level in grants.items() if subject not in levels}
    for source in SOURCES.values():
        for name, column in columns_of(source, rights).items():
            found[f"field:{source.record}.{name}"] = ACTIONS[column.level]
    return found


def needs(subject: str, shown: Mapping[str, str]) -> list[str]:
    """The names of the fields without which this one is not shown, or not as far as it is granted."""
    record, name = _field(subject)
    field = SOURCES[record].schema.field(name)
    ties = [(record, other) for other in field.derived_from]
    if tie := tied_to(SOURCES[record], field):
        ties.append(tie)
    return [
        labelled(SOURCES[other].schema.noun, SOURCES[other].schema.field(one).label)
        for other, one in ties
        if RANKS[shown.get(f"field:{other}.{one}", HIDE)] < RANKS["read"]
    ]


def _field(subject: str) -> tuple[str, str]:
    record, _dot, name = subject.removeprefix("field:").partition(".")
    return record, name


def known_rules(profile: ProfileText) -> dict[str, str]:
    """A profile's own rules; what is no longer in the catalogue is left out."""
    actions = dict(catalogue.subjects())
    return {
        subject: action for subject, action in profile.rules.items() if action in actions.get(subject, ())
    }
